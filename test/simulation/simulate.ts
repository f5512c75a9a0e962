import { parseArgs } from 'node:util';
import { orRefuse, refuse } from '../support/wrong-call.ts';
import { simulateAcrossThreads } from './across-threads.ts';
import { MUTANTS, type Mutant } from './mutants.ts';
import { runSeed } from './run-seed.ts';

const USAGE = 'npm run simulate -- [--seeds N | --seed S] [--mutant M] [--trace] [--json]';
const { values } = orRefuse(
  () =>
    parseArgs({
      options: {
        seeds: { type: 'string', default: '1000' },
        seed: { type: 'string' },
        mutant: { type: 'string' },
        json: { type: 'boolean', default: false },
        trace: { type: 'boolean', default: false },
      },
    }),
  USAGE,
);

const mutant = values.mutant as Mutant | undefined;
if (mutant !== undefined && !Object.hasOwn(MUTANTS, mutant)) {
  refuse(`--mutant must be one of ${Object.keys(MUTANTS).join(', ')}`, USAGE);
}
const first = whole('seed', values.seed ?? '1');
const seeds = values.seed === undefined ? whole('seeds', values.seeds) : 1;
const say = (line: string): void => {
  if (!values.json) console.log(line);
};

const total = await simulateAcrossThreads({
  first,
  seeds,
  ...(mutant ? { mutant } : {}),
  ...(values.trace ? { listen: say } : {}),
  failed: (seed, problems) => {
    say(`seed ${seed}: replay with --seed ${seed} --trace${mutant ? ` --mutant ${mutant}` : ''}`);
    for (const { kind, what } of problems) say(`  ${kind}: ${what}`);
  },
});
if (seeds === 1 && !values.json) {
  const { traceHash } = await runSeed(first, mutant ? MUTANTS[mutant] : {});
  say(`timeline ${traceHash.toString(16)}`);
}
console.log(JSON.stringify(total));
process.exitCode = total.failingSeeds ? 1 : 0;

function whole(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  return refuse(`--${name} must be a whole number`, USAGE);
}
