import { setTimeout as sleep } from 'node:timers/promises';
import { type FakeSite, fakeWordpress } from '../support/fake-networks/wordpress.ts';
import { type RunningLaptop, startLaptop } from '../support/laptop.ts';
import { temporaryFolder } from '../support/laptop-engines.ts';
import { queueOverHttp } from '../support/queue-over-http.ts';
import { speaker } from '../support/stage.ts';

export type FireResult = {
  readonly deliveries: number;
  /** On the network when the process was killed, or a moment later. */
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
/** From the first post queued to its instant; a busy machine is given twice as long each time that it was not enough. */
const MOST_LEAD_MS = 300_000;

/**
 * `kill -9` of the laptop in the middle of a burst. So many posts, all due in the same second on a WordPress site
 * (no idempotency keys, 50 ms a post) that this process plays. As the request for the middle one comes in, the laptop
 * is killed, and started again on the same folder.
 * @param options.secondHalfAfterMs the second half is due so much later: then nothing of it was claimed at the kill,
 *   and nothing has to wait until its absence from the site means something
 */
export async function fire(
  deliveries: number,
  { secondHalfAfterMs = 0 }: { secondHalfAfterMs?: number } = {},
): Promise<FireResult> {
  for (let leadMs = 5_000 + deliveries * 25; leadMs <= MOST_LEAD_MS; leadMs *= 2) {
    const result = await fireOnce(deliveries, { secondHalfAfterMs, leadMs });
    if (result) return result;
  }
  throw new Error('this machine is too slow to queue a burst');
}

/** @returns undefined if not all was queued before it was due, so that it was no burst */
async function fireOnce(
  deliveries: number,
  { secondHalfAfterMs, leadMs }: { secondHalfAfterMs: number; leadMs: number },
): Promise<FireResult | undefined> {
  const folder = await temporaryFolder();
  const login = { username: 'eva', applicationPassword: 'abcd EFGH 1234 ijkl MNOP 5678' };
  const middle = Math.ceil(deliveries / 2);
  let killed: Promise<void> | undefined;
  let allQueued = false;
  const onPost = (count: number): void => {
    if (allQueued && count === middle) killed = laptop.kill();
  };
  const site = await fakeWordpress({ ...login, postMs: POST_MS, onPost });
  let laptop = await startLaptop({ home: folder.path });
  try {
    const { call } = speaker(laptop.apiUrl, laptop.apiKey);
    const dueAt = Math.ceil((Date.now() + leadMs) / 1_000) * 1_000;
    const dueOf = (n: number): number => (n <= middle ? dueAt : dueAt + secondHalfAfterMs);
    const numbers = Array.from({ length: deliveries }, (_, index) => index + 1);
    const due = new Map(numbers.map((n) => [`Number ${n}`, dueOf(n)]));
    const { brandId, keys } = await queueOverHttp(call, { siteUrl: site.url, ...login }, due);
    if (Date.now() > dueAt - 1_000) return undefined;
    allQueued = true;

    await until(() => killed !== undefined, dueAt - Date.now() + PATIENCE_MS);
    await killed;
    // Requests that the site has read are carried out, though nobody listens any more.
    const outAtKill = site.posts.length;

    const killedAt = performance.now();
    laptop = await startLaptop({ home: folder.path });
    const answeredAfterMs = performance.now() - killedAt;
    await until(() => distinct(site) >= deliveries, PATIENCE_MS);
    const outAfterMs = performance.now() - killedAt;
    const left = PATIENCE_MS - outAfterMs;
    const range = { from: dueAt, to: dueAt + secondHalfAfterMs + 1 };
    const unpublished = await finals(laptop, keys, { brandId, ...range }, left);
    const doneAfterMs = performance.now() - killedAt;
    // What would come twice has had its time to come.
    await sleep(2_000);
    await laptop.stop();
    return {
      deliveries,
      outAtKill,
      lost: deliveries - distinct(site),
      duplicate: site.posts.length - distinct(site),
      early: site.posts.filter(({ title, at }) => at < (due.get(title) ?? 0)).length,
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

type Where = { readonly brandId: string; readonly from: number; readonly to: number };

const distinct = (site: FakeSite): number => new Set(site.posts.map(({ content }) => content)).size;

/** Waits until the API calls all published. @returns what it does not, when the time is over */
async function finals(
  laptop: RunningLaptop,
  keys: readonly string[],
  where: Where,
  withinMs: number,
): Promise<unknown[]> {
  const deadline = performance.now() + withinMs;
  for (let look = 0; ; look++) {
    const key = keys[look % keys.length] ?? '';
    const left = await unpublished(laptop, key, where);
    if (left.length === 0 || performance.now() > deadline) return left;
    await sleep(500);
  }
}

async function unpublished(laptop: RunningLaptop, key: string, { brandId, from, to }: Where) {
  const { call } = speaker(laptop.apiUrl, key);
  const range = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`;
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
