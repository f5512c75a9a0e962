import { setTimeout as sleep } from 'node:timers/promises';
import { type Judged, judge, startNetwork } from './network.ts';
import { publishingWorld, type State } from './publishing-world.ts';

export type SteadyResult = Judged & {
  readonly n: number;
  readonly overSeconds: number;
  readonly cpuMsPerPost: number;
  readonly state: State;
  readonly holds: boolean;
};

const NETWORK_MS = 50;
const LOAD = { batchSize: 1, concurrency: 100 };
/** How long a post takes to be queued, at the most, so that all are before they are due. */
const QUEUEING_MS: Readonly<Record<State, number>> = { memory: 2, dynalite: 12 };
const PATIENCE_MS = 300_000;
const BARS = { startedP50Ms: 1_000, startedP99Ms: 2_000, startedMaxMs: 5_000 };

/** How late do posts of one tenant start that are due evenly over so many seconds? To a network of 50 ms. */
export async function steady(n: number, overSeconds: number, state: State): Promise<SteadyResult> {
  const network = await startNetwork(NETWORK_MS);
  const world = await publishingWorld(state, LOAD);
  try {
    const tenant = await world.tenant('steady', network.url);
    const start = Math.ceil((Date.now() + 5_000 + n * QUEUEING_MS[state]) / 1_000) * 1_000;
    const due = new Map(
      Array.from({ length: n }, (_, index): [string, number] => [
        `Number ${index + 1}`,
        start + Math.floor((index * overSeconds * 1_000) / n),
      ]),
    );
    const waiting = [...due];
    const editor = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await tenant.queue(...next);
    };
    await Promise.all(Array.from({ length: 20 }, editor));
    if (Date.now() > start - 1_000) throw new Error('queueing took too long: the load would not be steady');

    await sleep(start - 500 - Date.now());
    const cpu = process.cpuUsage();
    const deadline = start + overSeconds * 1_000 + PATIENCE_MS;
    while (world.open() > 0 && Date.now() < deadline) await sleep(100);
    const { user, system } = process.cpuUsage(cpu);
    const judged = judge(due, await network.arrivals());
    const cpuMsPerPost = Math.round((user + system) / n / 10) / 100;
    return { n, overSeconds, ...judged, cpuMsPerPost, state, holds: isWithin(judged) };
  } finally {
    await world.stop();
    await network.stop();
  }
}

const isWithin = (judged: Judged): boolean =>
  judged.early + judged.lost + judged.duplicate === 0 &&
  judged.startedP50Ms <= BARS.startedP50Ms &&
  judged.startedP99Ms <= BARS.startedP99Ms &&
  judged.startedMaxMs <= BARS.startedMaxMs;
