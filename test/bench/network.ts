import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Arrival, NetworkReady } from './network-worker.ts';

/** The loopback network of a bench, in a thread of its own. */
export async function startNetwork(postMs: number) {
  const worker = new Worker(new URL('./network-worker.ts', import.meta.url), { workerData: { postMs } });
  const [{ port }] = (await once(worker, 'message')) as [NetworkReady];
  return {
    url: `http://127.0.0.1:${port}`,
    arrivals: async (): Promise<readonly Arrival[]> => {
      const answered = once(worker, 'message');
      worker.postMessage('arrivals');
      return ((await answered) as [Arrival[]])[0];
    },
    stop: () => worker.terminate(),
  };
}

export type Judged = {
  readonly startedP50Ms: number;
  readonly startedP99Ms: number;
  readonly startedMaxMs: number;
  readonly early: number;
  readonly lost: number;
  readonly duplicate: number;
};

/** What became of posts that were due at these instants, by what the network saw. Lateness to the arrival of the request. */
export function judge(due: ReadonlyMap<string, number>, arrivals: readonly Arrival[]): Judged {
  const ours = arrivals.filter(([title]) => due.has(title));
  const late = ours.map(([title, at]) => at - (due.get(title) ?? 0)).sort((a, b) => a - b);
  const distinct = new Set(ours.map(([title]) => title)).size;
  return {
    startedP50Ms: percentile(late, 0.5),
    startedP99Ms: percentile(late, 0.99),
    startedMaxMs: late.at(-1) ?? Number.NaN,
    early: late.filter((ms) => ms < 0).length,
    lost: due.size - distinct,
    duplicate: ours.length - distinct,
  };
}

export const percentile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
