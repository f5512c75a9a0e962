import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type SimulateOptions, simulate, type Total } from './many-seeds.ts';
import type { Problem } from './observer.ts';

/** Below this a thread costs more than it saves. */
const FEW = 50;

type Share = { total: Total; failures: { seed: number; problems: readonly Problem[] }[] };

/** The same as `simulate`, with the seeds dealt out to as many threads as there are cores. */
export async function simulateAcrossThreads(options: SimulateOptions): Promise<Total> {
  const threads = Math.min(4, availableParallelism());
  if (options.listen || options.untilFailure || options.seeds < FEW || threads < 2) return simulate(options);
  const startedAt = performance.now();
  const size = Math.ceil(options.seeds / threads);
  const { failed, ...plain } = options;
  const shares = await Promise.all(
    Array.from({ length: threads }, (_, index) => {
      const first = options.first + index * size;
      const seeds = Math.min(size, options.first + options.seeds - first);
      return inThread({ ...plain, first, seeds });
    }),
  );
  const total: Total = { ...sum(shares.map((share) => share.total)), seconds: secondsSince(startedAt) };
  const failures = shares.flatMap((share) => share.failures);
  for (const { seed, problems } of failures) failed?.(seed, problems);
  return failures.length > 0 ? { ...total, failingSeeds: failures.map(({ seed }) => seed) } : total;
}

function inThread(share: SimulateOptions): Promise<Share> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./seed-worker.ts', import.meta.url), { workerData: share });
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', (code) => reject(new Error(`a thread ended with ${code} and no result`)));
  });
}

function sum(totals: readonly Total[]): Total {
  const added: Record<string, number> = {};
  for (const total of totals) {
    for (const [name, value] of Object.entries(total)) {
      if (typeof value === 'number') added[name] = (added[name] ?? 0) + value;
    }
  }
  return added as Total;
}

const secondsSince = (startedAt: number): number => Math.round((performance.now() - startedAt) / 10) / 100;
