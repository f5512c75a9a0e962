import { setTimeout as sleep } from 'node:timers/promises';
import { createHttp } from '../../shared/channels/http.ts';
import { type Judged, judge, startNetwork } from './network.ts';
import { publishingWorld, type State } from './publishing-world.ts';

export type BurstResult = Judged & {
  readonly n: number;
  /** Lateness of another tenant's only post, due in the same second and queued last. */
  readonly otherTenantMs: number;
  /** When the last would have started if nothing were to be done but the requests: the same, just before, on the same machine. */
  readonly floorMs: number;
  /** Of this process, the network's thread and the engine's included. */
  readonly cpuMsPerPost: number;
  /** Who held the state. */
  readonly state: State;
  readonly holds: boolean;
};

const NETWORK_MS = 50;
/** Fifty at a time, each by itself. */
const LOAD = { batchSize: 1, concurrency: 50 };
/** How long a post takes to be queued, at the most, so that all are before they are due. */
const QUEUEING_MS: Readonly<Record<State, number>> = { memory: 2, dynalite: 12 };
const PATIENCE_MS = 300_000;
const BARS = { startedP50Ms: 8_000, startedMaxMs: 15_000, otherTenantMs: 2_000 };

/** How late do many posts of one tenant start that are due in one second, and how late another tenant's only one? */
export async function burst(n: number, state: State): Promise<BurstResult> {
  const network = await startNetwork(NETWORK_MS);
  const floorMs = await floor(n, network.url);
  const world = await publishingWorld(state, LOAD);
  try {
    const [big, small] = [await world.tenant('big', network.url), await world.tenant('small', network.url)];
    const dueAt = Math.ceil((Date.now() + 5_000 + n * QUEUEING_MS[state]) / 1_000) * 1_000;
    const titles = Array.from({ length: n }, (_, index) => `Number ${index + 1}`);
    const waiting = [...titles];
    const editor = async (): Promise<void> => {
      for (let title = waiting.shift(); title !== undefined; title = waiting.shift()) {
        await big.queue(title, dueAt);
      }
    };
    await Promise.all(Array.from({ length: 20 }, editor));
    await small.queue('The other one', dueAt);
    if (Date.now() > dueAt - 2_000) throw new Error('queueing took too long: the burst would not be one');

    await sleep(dueAt - 500 - Date.now());
    const cpu = process.cpuUsage();
    const deadline = performance.now() + (dueAt - Date.now()) + PATIENCE_MS;
    while (world.open() > 0 && performance.now() < deadline) await sleep(100);
    const { user, system } = process.cpuUsage(cpu);
    const arrivals = await network.arrivals();
    const judged = judge(new Map(titles.map((title) => [title, dueAt])), arrivals);
    const other = judge(new Map([['The other one', dueAt]]), arrivals);
    const otherTenantMs = other.startedMaxMs;
    const cpuMsPerPost = Math.round((user + system) / n / 10) / 100;
    return {
      n,
      ...judged,
      otherTenantMs,
      floorMs,
      cpuMsPerPost,
      state,
      holds: isWithin(judged, otherTenantMs),
    };
  } finally {
    await world.stop();
    await network.stop();
  }
}

async function floor(n: number, url: string): Promise<number> {
  const http = createHttp({ allowLoopback: true });
  const startedAt = performance.now();
  let begun = 0;
  let last = 0;
  const worker = async (): Promise<void> => {
    while (begun < n) {
      begun += 1;
      last = performance.now();
      await http({ method: 'POST', url, body: '{"title":"floor"}' }, () => true);
    }
  };
  await Promise.all(Array.from({ length: LOAD.batchSize * LOAD.concurrency }, worker));
  return Math.round(last - startedAt);
}

const isWithin = (judged: Judged, otherTenantMs: number): boolean =>
  judged.early + judged.lost + judged.duplicate === 0 &&
  judged.startedP50Ms <= BARS.startedP50Ms &&
  judged.startedMaxMs <= BARS.startedMaxMs &&
  otherTenantMs <= BARS.otherTenantMs;
