import { setTimeout as sleep } from 'node:timers/promises';
import { type FakeSite, fakeWordpress } from '../support/fake-networks/wordpress.ts';
import { type RunningLaptop, startLaptop } from '../support/laptop.ts';
import { temporaryFolder } from '../support/laptop-engines.ts';
import { speaker } from '../support/stage.ts';

export type FireResult = {
  readonly deliveries: number;
  /** On the network when the process was killed. */
  readonly outAtKill: number;
  readonly lost: number;
  readonly duplicate: number;
  /** Requests that came before the due second. */
  readonly early: number;
  /** Neither published nor found published by the API in the end. */
  readonly notPublished: number;
  /** From starting the program again: until it answered, until all was on the network, until all was final. */
  readonly answeredAfterMs: number;
  readonly outAfterMs: number;
  readonly doneAfterMs: number;
};

const POST_MS = 50;
/** One key may ask 50 times a second, so several people queue. */
const KEYS = 16;
/** What the whole may take after the restart before it is called lost. */
const PATIENCE_MS = 240_000;

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
    const keys = await severalKeys(laptop);
    const dueAt = Math.ceil((Date.now() + 5_000 + deliveries * 25) / 1_000) * 1_000;
    const brandId = await queueAll(laptop, keys, { siteUrl: site.url, ...login }, deliveries, dueAt);
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
    const notPublished = await open(laptop, keys, brandId, dueAt, left);
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
      notPublished,
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

async function severalKeys(laptop: RunningLaptop): Promise<string[]> {
  const { call } = speaker(laptop.apiUrl, laptop.apiKey);
  const names = Array.from({ length: KEYS }, (_, n) => `Editor ${n + 1}`);
  const made = await Promise.all(
    names.map((name) => call('POST', '/v1/keys', { body: { actor: { name }, scope: 'editor' } })),
  );
  return made.map(({ body }) => body.secret);
}

/** One brand, one channel, one delivery a post. @returns the brand */
async function queueAll(
  laptop: RunningLaptop,
  keys: readonly string[],
  credential: Readonly<Record<string, string>>,
  deliveries: number,
  dueAt: number,
): Promise<string> {
  const { call } = speaker(laptop.apiUrl, laptop.apiKey);
  const brand = await call('POST', '/v1/brands', {
    body: { name: 'Bakery', timeZone: 'Europe/Berlin', locale: 'de' },
  });
  const channel = await call('POST', `/v1/brands/${brand.body.id}/channels`, {
    body: { network: 'wordpress', name: 'Blog', credential },
  });
  if (channel.status !== 201) throw new Error(`no channel: ${JSON.stringify(channel.body)}`);
  let next = 0;
  const editor = async (key: string): Promise<void> => {
    while (next < deliveries) {
      next += 1;
      const text = `Number ${next}`;
      const queued = await call('POST', `/v1/brands/${brand.body.id}/posts`, {
        key,
        headers: { 'idempotency-key': text },
        body: {
          content: { text, options: { title: text } },
          channels: [channel.body.id],
          dueAt: new Date(dueAt).toISOString(),
        },
      });
      if (queued.status !== 201) throw new Error(`${text}: ${JSON.stringify(queued.body)}`);
    }
  };
  await Promise.all(keys.map(editor));
  return brand.body.id;
}

/** Waits until the API calls all published. @returns how many it does not, when the time is over */
async function open(
  laptop: RunningLaptop,
  keys: readonly string[],
  brandId: string,
  dueAt: number,
  withinMs: number,
): Promise<number> {
  const deadline = performance.now() + withinMs;
  for (let look = 0; ; look++) {
    const key = keys[look % keys.length] ?? '';
    const notPublished = await countNotPublished(laptop, key, brandId, dueAt);
    if (notPublished === 0 || performance.now() > deadline) return notPublished;
    await sleep(500);
  }
}

async function countNotPublished(laptop: RunningLaptop, key: string, brandId: string, dueAt: number) {
  const { call } = speaker(laptop.apiUrl, key);
  const range = `from=${new Date(dueAt).toISOString()}&to=${new Date(dueAt + 1_000).toISOString()}`;
  let count = 0;
  let cursor = '';
  do {
    const page = await call('GET', `/v1/brands/${brandId}/posts?${range}&limit=100${cursor}`);
    if (page.status !== 200) throw new Error(`no list: ${JSON.stringify(page.body)}`);
    count += page.body.items.filter(({ status }: { status: string }) => status !== 'published').length;
    cursor = page.body.cursor ? `&cursor=${encodeURIComponent(page.body.cursor)}` : '';
  } while (cursor);
  return count;
}

/** Resolves when it is so, or the time is over. */
async function until(isSo: () => boolean, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!isSo() && performance.now() < deadline) await sleep(5);
}
