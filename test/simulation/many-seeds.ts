import { MUTANTS, type Mutant } from './mutants.ts';
import type { Problem } from './observer.ts';
import { runSeed } from './run-seed.ts';

export type SimulateOptions = {
  readonly first: number;
  readonly seeds: number;
  readonly mutant?: Mutant;
  readonly listen?: (line: string) => void;
  readonly failed?: (seed: number, problems: readonly Problem[]) => void;
  /** Ends with the first seed that fails. */
  readonly untilFailure?: boolean;
};

const KINDS = ['lost', 'duplicate', 'stuck', 'early', 'afterCancel', 'afterHold'] as const;

export type Total = Record<(typeof KINDS)[number], number> & {
  /** Asked for, and run. */
  seeds: number;
  runs: number;
  /** Ended uncertain although the network can be asked; as a share of the crashes it must stay below 0.1 %. */
  uncertain: number;
  crashes: number;
  published: number;
  seconds: number;
  failingSeeds?: number[];
  [other: string]: number | number[] | undefined;
};

/** Runs seed after seed and adds up what went wrong. */
export async function simulate(options: SimulateOptions): Promise<Total> {
  const startedAt = performance.now();
  const total: Total = {
    seeds: options.seeds,
    runs: 0,
    lost: 0,
    duplicate: 0,
    stuck: 0,
    early: 0,
    afterCancel: 0,
    afterHold: 0,
    uncertain: 0,
    crashes: 0,
    published: 0,
    seconds: 0,
  };
  const failing: number[] = [];
  for (let seed = options.first; seed < options.first + options.seeds; seed++) {
    const run = await runSeed(seed, {
      ...(options.mutant ? MUTANTS[options.mutant] : {}),
      ...(options.listen ? { listen: options.listen } : {}),
    });
    total.runs += 1;
    total.uncertain += run.uncertain;
    total.crashes += run.crashes;
    total.published += run.published;
    for (const { kind } of run.problems) total[kind] = Number(total[kind] ?? 0) + 1;
    if (run.problems.length > 0) {
      failing.push(seed);
      options.failed?.(seed, run.problems);
      if (options.untilFailure) break;
    }
  }
  total.seconds = Math.round((performance.now() - startedAt) / 10) / 100;
  return failing.length > 0 ? { ...total, failingSeeds: failing } : total;
}
