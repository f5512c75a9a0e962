import { setTimeout as sleep } from 'node:timers/promises';
import { type FakeSite, fakeWordpress } from '../support/fake-networks/wordpress.ts';
import { type RunningLaptop, startLaptop } from '../support/laptop.ts';
import { temporaryFolder } from '../support/laptop-engines.ts';
import { queueOverHttp } from '../support/queue-over-http.ts';
import { speaker } from '../support/stage.ts';

export type FireResult = {
  readonly deliveries: number;
  /** On the network when the process was killed. */
  readonly outAtKill: number;
  readonly lost: number;
  readonly duplicate: number;
  /** Requests that came before the due second. */
  readonly early: number;
  /** What the API does not call published in the end, and how some of it stands. */
  readonly notPublished: number;
  readonly standing: readonly unknown[];
  /** From starting the program again: until it answered, until all was on the network, until all was final. */
  readonly answeredAfterMs: number;
  readonly outAfterMs: number;
  readonly doneAfterMs: number;
};

const POST_MS = 50;
/** What the whole may take after the restart before it is called lost. */
const PATIENCE_MS = 100_000;

/**
 * `kill -9` of the laptop in the middle of a burst. So many posts, all due in the same second on a WordPress site
 * (no idempotency keys, 50 ms a post) that this process plays; when half of them are out the laptop is killed and
 * started again on the same folder.
 */
export async function fire(deliveries: number): Promise<FireResult> {
  const folder = await temporaryFolder();
  const login = { username: 'eva', applicationPassword: 'abcd EFGH 1234 ijkl MNOP 5678' };
  const site = await fakeWordpress({ ...login, postMs: POST_MS });
  let laptop = await startLaptop({ home: folder.path });
  try {
    const { call } = speaker(laptop.apiUrl, laptop.apiKey);
    const dueAt = Math.ceil((Date.now() + 5_000 + deliveries * 25) / 1_000) * 1_000;
    const due = new Map(Array.from({ length: deliveries }, (_, n) => [`Number ${n + 1}`, dueAt]));
    const { brandId, keys } = await queueOverHttp(call, { siteUrl: site.url, ...login }, due);
    if (Date.now() > dueAt - 1_000) throw new Error('queueing took too long: the burst would not be one');

    await until(() => site.posts.length >= deliveries / 2, dueAt - Date.now() + PATIENCE_MS);
    await laptop.kill();
    const outAtKill = site.posts.length;

    const killedAt = performance.now();
    laptop = await startLaptop({ home: folder.path });
    const answeredAfterMs = performance.now() - killedAt;
    await until(() => distinct(site) >= deliveries, PATIENCE_MS);
    const outAfterMs = performance.now() - killedAt;
    const left = PATIENCE_MS - outAfterMs;
    const unpublished = await finals(laptop, keys, brandId, dueAt, left);
    const doneAfterMs = performance.now() - killedAt;
    // What would come twice has had its time to come.
    await sleep(2_000);
    await laptop.stop();
    return {
      deliveries,
      outAtKill,
      lost: deliveries - distinct(site),
      duplicate: site.posts.length - distinct(site),
      early: site.posts.filter(({ at }) => at < dueAt).length,
      notPublished: unpublished.length,
      standing: unpublished.slice(0, 5),
      answeredAfterMs: Math.round(answeredAfterMs),
      outAfterMs: Math.round(outAfterMs),
      doneAfterMs: Math.round(doneAfterMs),
    };
  } finally {
    await laptop.kill();
    await site.close();
    await folder.remove();
  }
}

const distinct = (site: FakeSite): number => new Set(site.posts.map(({ content }) => content)).size;

/** Waits until the API calls all published. @returns what it does not, when the time is over */
async function finals(
  laptop: RunningLaptop,
  keys: readonly string[],
  brandId: string,
  dueAt: number,
  withinMs: number,
): Promise<unknown[]> {
  const deadline = performance.now() + withinMs;
  for (let look = 0; ; look++) {
    const key = keys[look % keys.length] ?? '';
    const left = await unpublished(laptop, key, brandId, dueAt);
    if (left.length === 0 || performance.now() > deadline) return left;
    await sleep(500);
  }
}

async function unpublished(laptop: RunningLaptop, key: string, brandId: string, dueAt: number) {
  const { call } = speaker(laptop.apiUrl, key);
  const range = `from=${new Date(dueAt).toISOString()}&to=${new Date(dueAt + 1_000).toISOString()}`;
  const deliveries: unknown[] = [];
  let cursor = '';
  do {
    const page = await call('GET', `/v1/brands/${brandId}/posts?${range}&limit=100${cursor}`);
    if (page.status !== 200) throw new Error(`no list: ${JSON.stringify(page.body)}`);
    const posts = page.body.items as { status: string; deliveries: unknown[] }[];
    deliveries.push(
      ...posts.filter(({ status }) => status !== 'published').flatMap((post) => post.deliveries),
    );
    cursor = page.body.cursor ? `&cursor=${encodeURIComponent(page.body.cursor)}` : '';
  } while (cursor);
  return deliveries;
}

/** Resolves when it is so, or the time is over. */
async function until(isSo: () => boolean, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!isSo() && performance.now() < deadline) await sleep(5);
}
