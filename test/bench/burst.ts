import { setTimeout as sleep } from 'node:timers/promises';
import { createHttp } from '../../shared/channels/http.ts';
import { type Judged, judge, startNetwork } from './network.ts';
import { publishingWorld, type State } from './publishing-world.ts';

export type BurstLoad = {
  readonly tenants: number;
  /** All of a tenant's posts are due in one second, the same for all tenants. */
  readonly postsEach: number;
  readonly state: State;
};

export type BurstResult = Judged & {
  /** Posts of all tenants. */
  readonly n: number;
  readonly tenants: number;
  /**
   * How late half of a tenant's posts had started: of the tenant in the middle, and of the one that did worst. Who does
   * best says nothing of fairness: whoever is queued first fills every worker before the second begins.
   */
  readonly middleTenantP50Ms: number;
  readonly slowestTenantP50Ms: number;
  /** The slowest over the middle: 1 is fair. */
  readonly slowestOverMiddle: number;
  /** Lateness of a further tenant's only post, due in the same second and queued last. */
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

/** How late do many posts start that are due in one second, of one tenant or of many, and how late another tenant's only one? */
export async function burst({ tenants, postsEach, state }: BurstLoad): Promise<BurstResult> {
  const n = tenants * postsEach;
  const network = await startNetwork(NETWORK_MS);
  const floorMs = await floor(n, network.url);
  const world = await publishingWorld(state, LOAD);
  try {
    const names = Array.from({ length: tenants }, (_, index) => `big ${index + 1}`);
    const big = await Promise.all(names.map((name) => world.tenant(name, network.url)));
    const small = await world.tenant('small', network.url);
    const dueAt = Math.ceil((Date.now() + 4_000 + n * QUEUEING_MS[state]) / 1_000) * 1_000;
    const titles = names.map((name) =>
      Array.from({ length: postsEach }, (_, index) => `Number ${index + 1} of ${name}`),
    );
    // One tenant after the other: a queue that hands out in order would serve the last one last.
    const waiting = big.flatMap(({ queue }, tenant) =>
      (titles[tenant] ?? []).map((title) => ({ queue, title })),
    );
    const editor = async (): Promise<void> => {
      for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
        await one.queue(one.title, dueAt);
      }
    };
    await Promise.all(Array.from({ length: 20 }, editor));
    await small.queue('The other one', dueAt);
    if (Date.now() > dueAt - 1_000) throw new Error('queueing took too long: the burst would not be one');

    await sleep(dueAt - 500 - Date.now());
    const cpu = process.cpuUsage();
    const deadline = performance.now() + (dueAt - Date.now()) + PATIENCE_MS;
    while (world.open() > 0 && performance.now() < deadline) await sleep(100);
    const { user, system } = process.cpuUsage(cpu);
    const arrivals = await network.arrivals();
    const judged = (some: readonly string[]): Judged =>
      judge(new Map(some.map((title) => [title, dueAt])), arrivals);
    const all = judged(titles.flat());
    const halves = titles.map((some) => judged(some).startedP50Ms).sort((a, b) => a - b);
    const middleTenantP50Ms = halves[Math.floor((tenants - 1) / 2)] ?? 0;
    const slowestTenantP50Ms = halves.at(-1) ?? 0;
    const otherTenantMs = judged(['The other one']).startedMaxMs;
    return {
      n,
      tenants,
      ...all,
      middleTenantP50Ms,
      slowestTenantP50Ms,
      slowestOverMiddle: Math.round((100 * slowestTenantP50Ms) / middleTenantP50Ms) / 100,
      otherTenantMs,
      floorMs,
      cpuMsPerPost: Math.round((user + system) / n / 10) / 100,
      state,
      holds: isWithin(all, otherTenantMs),
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
