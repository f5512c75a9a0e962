import { setTimeout as sleep } from 'node:timers/promises';
import { createHttp } from '../../shared/channels/http.ts';
import { type Judged, judge, type startNetwork } from './network.ts';

export type PeerLoad = {
  readonly n: number;
  readonly atOnce: number;
  readonly network: Awaited<ReturnType<typeof startNetwork>>;
};

type Engine = {
  readonly queue: (titles: readonly string[], dueAt: number) => Promise<void>;
  /** Begins to work off what is due, `atOnce` at a time. */
  readonly work: (send: (title: string) => Promise<void>) => void | Promise<void>;
};

const AT_A_TIME = 500;
const PATIENCE_MS = 120_000;

/** Gives another's queue `n` jobs for one second, each a request by our own client, and judges what the network saw. */
export async function worked({ n, network }: PeerLoad, engine: Engine): Promise<Judged> {
  const http = createHttp({ allowLoopback: true });
  const titles = Array.from({ length: n }, (_, index) => `Number ${index + 1}`);
  const dueAt = Math.ceil((Date.now() + 5_000 + n) / 1_000) * 1_000;
  for (let from = 0; from < n; from += AT_A_TIME)
    await engine.queue(titles.slice(from, from + AT_A_TIME), dueAt);
  await engine.work(async (title) => {
    await http({ method: 'POST', url: network.url, body: JSON.stringify({ title }) }, () => true);
  });
  if (Date.now() > dueAt - 500) throw new Error('queueing took too long: the burst would not be one');
  const deadline = dueAt + PATIENCE_MS;
  let arrivals = await network.arrivals();
  while (arrivals.length < n && Date.now() < deadline) {
    await sleep(200);
    arrivals = await network.arrivals();
  }
  // A second one of a job would come now.
  await sleep(1_000);
  return judge(new Map(titles.map((title) => [title, dueAt])), await network.arrivals());
}
