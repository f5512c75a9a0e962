import { describe, expect, test } from 'vitest';
import type { MeasureFailure, Measuring } from '../../../shared/channels/provider.ts';
import { deliveryFacts } from '../../../shared/domain/delivery-facts.ts';
import { type Metrics, type Snapshot, told } from '../../../shared/domain/metrics.ts';
import { HOUR, MINUTE } from '../../../shared/domain/time.ts';
import { measureBrand } from '../../../shared/usecases/measure-brand.ts';
import { measurePost } from '../../../shared/usecases/measure-post.ts';
import { snapshotsOf } from '../../../shared/usecases/snapshots-of.ts';
import { sweep } from '../../../shared/usecases/sweep.ts';
import { world } from '../../simulation/world.ts';
import { asFunction } from '../../support/held-to-rights.ts';

type World = Awaited<ReturnType<typeof world>>;

/** A world whose networks can be measured: each publication has as many reactions as hours have passed. */
async function measured() {
  const it = await world();
  const asked: string[][] = [];
  const answers: (ReadonlyMap<string, Metrics | 'removed'> | MeasureFailure)[] = [];
  const metrics: Measuring<{ token: string }> = {
    told: { reactions: 'likes' },
    batch: 2,
    fetch: async ({ externalIds }) => {
      asked.push([...externalIds]);
      return answers.shift() ?? new Map(externalIds.map((id) => [id, told({ reactions: 7 })]));
    },
    followers: async () => 42,
  };
  for (const network of Object.values(it.networks)) Object.assign(network.provider, { metrics });
  let since = 0;
  const sweepOnce = async (): Promise<void> => {
    const at = it.clock.now();
    const { agency, brand } = it;
    const message = { kind: 'brand', agencyId: agency.id, brandId: brand.id, since, at, tries: 0 } as const;
    await asFunction('measure', () => measureBrand(it.deps, message));
    since = at;
  };
  return { ...it, asked, answers, sweepOnce };
}

const out = async (it: World, on: ('idem' | 'find' | 'blind')[] = ['find']) => {
  const post = await it.queue({ on, inSeconds: 1 });
  await it.pass(60);
  return post;
};
const snapshots = async (it: World, postId: string): Promise<readonly Snapshot[]> => {
  const post = await it.deps.posts.get(it.agency.id, postId);
  const [kept = []] = post ? await snapshotsOf(it.deps, it.brand, [post]) : [];
  return kept;
};
const agesOf = async (it: World, postId: string) =>
  (await snapshots(it, postId)).map(({ age }) => age).sort();

describe('hourly sweeps', () => {
  test('measure a publication at each of its six ages, once', async () => {
    const it = await measured();
    const post = await out(it);
    for (let hour = 0; hour < 31 * 24; hour++) {
      await it.clock.run(it.clock.now() + HOUR);
      await it.sweepOnce();
    }
    expect(await agesOf(it, post.id)).toEqual(['1h', '24h', '30d', '3d', '6h', '7d']);
    expect(it.asked).toHaveLength(6);
  });

  test('tell the form and length of what was published, also where a variant says it in other words', async () => {
    const it = await measured();
    const { id } = await it.queue({
      on: ['find', 'blind'],
      inSeconds: 1,
      text: 'Rye 🍞 https://bakery.example/rye',
      more: { labels: ['bread'], campaign: 'autumn', variants: { blind: { text: 'Rye!' } } },
    });
    await it.pass(60);
    for (let hour = 0; hour < 8; hour++) {
      await it.clock.run(it.clock.now() + HOUR);
      await it.sweepOnce();
    }
    expect((await snapshots(it, id)).map(({ n, age }) => [n, age])).toEqual([
      [1, '1h'],
      [1, '6h'],
      [2, '1h'],
      [2, '6h'],
    ]);
    const post = await it.deps.posts.get(it.agency.id, id);
    const about = { labels: ['bread'], campaign: 'autumn', weekday: 'monday', author: post?.createdBy.name };
    expect(post?.deliveries.map((one) => deliveryFacts(post, one, 'Europe/Berlin'))).toEqual([
      { form: 'link', length: expect.any(Number), hour: 8, ...about },
      { form: 'text', length: 4, hour: 8, ...about },
    ]);
  });

  test('that were missed for a while lose what is too old, and nothing else', async () => {
    const it = await measured();
    const post = await out(it);
    await it.clock.run(it.clock.now() + 27 * HOUR);
    await it.sweepOnce();
    expect(await agesOf(it, post.id)).toEqual(['24h']);
  });

  test('find what went out long after its due time', async () => {
    const it = await measured();
    it.networks.find.script.push(...Array.from({ length: 6 }, () => 'busy' as const));
    const post = await it.queue({
      on: ['find'],
      inSeconds: 1,
      more: { latePolicy: { maxLate: null, otherwise: 'miss' } },
    });
    it.networks.find.script.push(...Array.from({ length: 40 }, () => 'busy' as const));
    await it.pass(50 * 60);
    const delivery = await it.delivery(post.id);
    expect((delivery.publishedAt ?? 0) - delivery.dueAt).toBeGreaterThan(35 * MINUTE);
    await it.clock.run((delivery.publishedAt ?? 0) + 27 * HOUR);
    await it.sweepOnce();
    expect(await agesOf(it, post.id)).toEqual(['24h']);
  });

  test('ask each channel in the batches that its network takes', async () => {
    const it = await measured();
    for (let posts = 0; posts < 3; posts++) await out(it);
    await it.clock.run(it.clock.now() + 65 * MINUTE);
    await it.sweepOnce();
    expect(it.asked.map((ids) => ids.length)).toEqual([2, 1]);
  });

  test('a network that fails delays only its own channel, which is tried again', async () => {
    const it = await measured();
    const post = await out(it, ['idem', 'find']);
    it.answers.push({ kind: 'unavailable', reason: 'down' });
    await it.clock.run(it.clock.now() + 65 * MINUTE);
    await it.sweepOnce();
    expect(await snapshots(it, post.id)).toHaveLength(1);
    const queue = it.deps.measureQueue as unknown as {
      sent: { message: { channelId?: string }; delaySeconds: number }[];
    };
    expect(queue.sent).toHaveLength(1);
    expect(queue.sent[0]?.message).toMatchObject({ kind: 'brand', tries: 1 });
    expect(queue.sent[0]?.delaySeconds).toBeGreaterThan(0);
  });

  test('a network that asks to wait is not asked before', async () => {
    const it = await measured();
    await out(it);
    await it.clock.run(it.clock.now() + 65 * MINUTE);
    it.answers.push({ kind: 'rateLimited', retryAt: it.clock.now() + 10 * MINUTE });
    await it.sweepOnce();
    const queue = it.deps.measureQueue as unknown as { sent: { delaySeconds: number }[] };
    expect(queue.sent.map(({ delaySeconds }) => delaySeconds)).toEqual([600]);
  });

  test('measuring now is refused where only a new login would help, and told to be tried again where it may', async () => {
    const it = await measured();
    const { id } = await out(it);
    const now = async () => {
      const post = await it.deps.posts.get(it.agency.id, id);
      if (!post) throw new Error('no post');
      return measurePost(it.deps, { ...it, post });
    };
    it.answers.push({ kind: 'unavailable', reason: 'down' });
    await expect(now()).rejects.toMatchObject({ code: 'unavailable' });
    it.answers.push({ kind: 'unauthorized', reason: 'revoked' });
    await expect(now()).rejects.toMatchObject({ code: 'conflict' });
    await expect(now()).rejects.toMatchObject({
      code: 'conflict',
      data: { channels: [{ channelId: it.channels.find.id }] },
    });
  });

  test('a credential that is refused while measuring marks the channel', async () => {
    const it = await measured();
    await out(it);
    it.answers.push({ kind: 'unauthorized', reason: 'revoked' });
    await it.clock.run(it.clock.now() + 65 * MINUTE);
    await it.sweepOnce();
    expect((await it.deps.channels.get(it.agency.id, it.channels.find.id))?.health).toBe('expired');
  });

  test('what is gone from the network is removed, not 0', async () => {
    const it = await measured();
    const post = await out(it);
    const externalId = (await it.delivery(post.id)).externalId ?? '';
    it.answers.push(new Map([[externalId, 'removed' as const]]));
    await it.clock.run(it.clock.now() + 65 * MINUTE);
    await it.sweepOnce();
    expect((await it.delivery(post.id)).state).toBe('removed');
    expect(await snapshots(it, post.id)).toMatchObject([{ metrics: 'removed' }]);
  });

  test('count followers once per local day', async () => {
    const it = await measured();
    for (let hour = 0; hour < 30; hour++) {
      await it.clock.run(it.clock.now() + HOUR);
      await it.sweepOnce();
    }
    const counted = await it.deps.channels.followers(
      it.agency.id,
      it.channels.find.id,
      '2026-11-01',
      '2026-12-31',
    );
    expect(counted).toEqual([
      { day: '2026-11-30', count: 42 },
      { day: '2026-12-01', count: 42 },
    ]);
  });

  test('reach every brand', async () => {
    const it = await measured();
    expect(await asFunction('measure', () => sweep(it.deps))).toBe(1);
  });
});

test('measured now by hand counts as the age that is open, else as now', async () => {
  const it = await measured();
  const post = await out(it);
  const head = await it.deps.posts.get(it.agency.id, post.id);
  if (!head) throw new Error('no head');
  const now = async () => (await measurePost(it.deps, { ...it, post: head })).map(({ age }) => age);
  expect(await now()).toEqual(['now']);
  await it.clock.run(it.clock.now() + 65 * MINUTE);
  expect(await now()).toEqual(['1h']);
  expect(await now()).toEqual(['now']);
  expect(await agesOf(it, post.id)).toEqual(['1h', 'now']);
});

test('a sweep and a person may measure the same age: the newer counts, once', async () => {
  const it = await measured();
  const { id } = await out(it);
  await it.clock.run(it.clock.now() + 65 * MINUTE);
  const post = await it.deps.posts.get(it.agency.id, id);
  const { externalId = '' } = await it.delivery(id);
  if (!post) throw new Error('no head');
  it.answers.push(new Map([[externalId, told({ reactions: 3 })]]));
  await measurePost(it.deps, { ...it, post });
  await it.clock.run(it.clock.now() + MINUTE);
  await it.sweepOnce();
  expect(await snapshots(it, id)).toMatchObject([{ age: '1h', metrics: { reactions: 7 } }]);
});
