import { setTimeout as sleep } from 'node:timers/promises';
import { startLaptop } from '../support/laptop.ts';
import { queueOverHttp } from '../support/queue-over-http.ts';
import { speaker } from '../support/stage.ts';
import { type Judged, judge, startNetwork } from './network.ts';

export type LatenessResult = Judged & {
  readonly n: number;
  readonly overSeconds: number;
  readonly state: 'laptop';
  readonly holds: boolean;
};

const NETWORK_MS = 50;
const QUEUEING_MS = 25;
const PATIENCE_MS = 120_000;
const BARS = { startedP50Ms: 1_000, startedP99Ms: 2_000 };

/**
 * How late do posts start on the laptop under a steady load? `n` posts, spread evenly over so many seconds (0: all at
 * once), queued over HTTP beforehand, through its own queue, function and database, to a network that takes 50 ms.
 */
export async function lateness(n: number, overSeconds: number): Promise<LatenessResult> {
  const network = await startNetwork(NETWORK_MS);
  const laptop = await startLaptop();
  try {
    const { call } = speaker(laptop.apiUrl, laptop.apiKey);
    const start = Math.ceil((Date.now() + 5_000 + n * QUEUEING_MS) / 1_000) * 1_000;
    const due = new Map(
      Array.from({ length: n }, (_, index): [string, number] => [
        `Number ${index + 1}`,
        start + Math.floor((index * overSeconds * 1_000) / n),
      ]),
    );
    const login = { username: 'eva', applicationPassword: 'abcd EFGH 1234 ijkl MNOP 5678' };
    await queueOverHttp(call, { siteUrl: network.url, ...login }, due);
    if (Date.now() > start - 1_000) throw new Error('queueing took too long: the load would not be steady');

    await sleep(start + overSeconds * 1_000 - Date.now());
    const deadline = performance.now() + PATIENCE_MS;
    let arrivals = await network.arrivals();
    while (arrivals.length < n && performance.now() < deadline) {
      await sleep(250);
      arrivals = await network.arrivals();
    }
    const judged = judge(due, arrivals);
    return { n, overSeconds, ...judged, state: 'laptop', holds: isWithin(judged) };
  } finally {
    await laptop.stop();
    await network.stop();
  }
}

const isWithin = (judged: Judged): boolean =>
  judged.early + judged.lost + judged.duplicate === 0 &&
  judged.startedP50Ms <= BARS.startedP50Ms &&
  judged.startedP99Ms <= BARS.startedP99Ms;
