import { describe, expect, test } from 'vitest';
import { postInput } from '../../../shared/domain/post.ts';
import { createPost } from '../../../shared/usecases/create-post.ts';
import { world } from '../../simulation/world.ts';
import { aBrand, aChannel, anActor, anAgency, anId } from '../../support/builders.ts';

type World = Awaited<ReturnType<typeof world>>;

/** What a network says with the last send that it takes. */
const spent = (it: World, seconds: number) => ({
  'ratelimit-remaining': '0',
  'ratelimit-reset': String(Math.ceil((it.clock.now() + seconds * 1_000) / 1_000)),
});
const published = (it: World, text: string) => it.networks.find.accepted.find((one) => one.text === text)?.at;

/** Another channel on the same network: of the same brand, or of another tenant. */
async function otherChannel(it: World, word: string, tenant?: string) {
  const ids = tenant === undefined ? {} : { agencyId: anId('agy', tenant), brandId: anId('brd', tenant) };
  const channel = aChannel({ id: anId('chn', word), network: 'find', credential: '{"token":"t"}', ...ids });
  await it.deps.channels.create(channel);
  if (tenant === undefined)
    return {
      channel,
      queue: (text: string, inSeconds: number) =>
        it.queue({ text, inSeconds, more: { channels: [channel.id] } }),
    };
  const agency = anAgency({ id: anId('agy', tenant) });
  const brand = aBrand({ id: anId('brd', tenant), agencyId: agency.id });
  await it.deps.agencies.create(agency);
  await it.deps.brands.create(brand);
  const queue = async (text: string, inSeconds: number) => {
    const dueAt = new Date(it.clock.now() + inSeconds * 1_000).toISOString();
    const body = { content: { text }, channels: [channel.id], dueAt };
    return (
      await createPost(it.deps, { agency, actor: anActor(), brand, input: postInput.parse(body), body })
    ).post;
  };
  return { channel, queue };
}

describe('a channel whose network says that nothing of its budget remains', () => {
  test('sends nothing until the reset, then goes out, and has lost no attempt', async () => {
    const it = await world();
    it.networks.find.headers.push(spent(it, 360));
    const reset = it.clock.now() + 360_000;
    await it.queue({ text: 'The last one.', inSeconds: 60 });
    const post = await it.queue({ text: 'After it.', inSeconds: 70 });
    await it.pass(350);
    expect(it.networks.find.accepted.map(({ text }) => text)).toEqual(['The last one.']);
    expect(await it.delivery(post.id)).toMatchObject({
      state: 'retrying',
      attempts: 0,
      code: 'rate_limited',
    });
    await it.pass(60);
    expect(await it.delivery(post.id)).toMatchObject({ state: 'published', attempts: 0 });
    expect((published(it, 'After it.') ?? 0) - reset).toBeGreaterThanOrEqual(0);
    expect((published(it, 'After it.') ?? 0) - reset).toBeLessThanOrEqual(31_000);
  });

  test('holds up no other channel of that network, and no other tenant', async () => {
    const it = await world();
    it.networks.find.headers.push(spent(it, 900));
    await it.queue({ text: 'The last one.', inSeconds: 60 });
    for (let index = 0; index < 20; index += 1) await it.queue({ text: `Burst ${index}`, inSeconds: 70 });
    const sibling = await otherChannel(it, 'sibling');
    const stranger = await otherChannel(it, 'stranger', 'stranger');
    const dueAt = it.clock.now() + 70_000;
    await sibling.queue('Of a sibling.', 70);
    await stranger.queue('Of a stranger.', 70);
    await it.pass(120);
    for (const text of ['Of a sibling.', 'Of a stranger.']) {
      const lateness = (published(it, text) ?? Number.NaN) - dueAt;
      expect(lateness, text).toBeGreaterThanOrEqual(0);
      expect(lateness, text).toBeLessThanOrEqual(2_000);
    }
    expect(it.networks.find.accepted).toHaveLength(3);
  });

  test('comes back spread, not everything in the same moment', async () => {
    const it = await world();
    it.networks.find.headers.push(spent(it, 300));
    const reset = it.clock.now() + 300_000;
    await it.queue({ text: 'The last one.', inSeconds: 60 });
    const posts = [];
    for (let index = 0; index < 20; index += 1) {
      posts.push(await it.queue({ text: `Burst ${index}`, inSeconds: 70 }));
    }
    await it.pass(400);
    const back = it.networks.find.accepted.slice(1).map(({ at }) => at);
    expect(back).toHaveLength(20);
    expect(Math.min(...back)).toBeGreaterThanOrEqual(reset);
    expect(new Set(back).size).toBeGreaterThan(10);
    for (const { id } of posts) expect(await it.delivery(id)).toMatchObject({ attempts: 0 });
  });

  test('misses what would be too late by its policy, as after a refusal', async () => {
    const it = await world({ brand: { latePolicy: { maxLate: 'PT1M', otherwise: 'miss' } } });
    it.networks.find.headers.push(spent(it, 900));
    await it.queue({ text: 'The last one.', inSeconds: 60 });
    const post = await it.queue({ text: 'Too late.', inSeconds: 70 });
    await it.pass(1_200);
    expect(await it.delivery(post.id)).toMatchObject({ state: 'missed', code: 'rate_limited', attempts: 0 });
    expect(it.networks.find.accepted).toHaveLength(1);
  });
});

test('a 429 stops the other posts of that channel too, until it may be asked again', async () => {
  const it = await world();
  it.networks.find.script.push('busy');
  const sibling = await otherChannel(it, 'sibling');
  const refusedAt = it.clock.now() + 60_000;
  const first = await it.queue({ text: 'Refused.', inSeconds: 60 });
  const second = await it.queue({ text: 'Not even asked.', inSeconds: 65 });
  await sibling.queue('Of a sibling.', 65);
  await it.pass(110);
  expect(it.networks.find.accepted.map(({ text }) => text)).toEqual(['Of a sibling.']);
  await it.pass(60);
  for (const { id } of [first, second]) {
    expect(await it.delivery(id)).toMatchObject({ state: 'published', attempts: 0 });
  }
  expect(published(it, 'Not even asked.')).toBeGreaterThanOrEqual(refusedAt + 60_000);
});

test('a 429 that asks for a day stops the other posts of that channel for an hour only', async () => {
  const it = await world();
  const { provider } = it.networks.find;
  let refusals = 1;
  Object.assign(it.networks.find, {
    provider: {
      ...provider,
      publish: async (...args: Parameters<typeof provider.publish>) =>
        refusals-- > 0
          ? ({ kind: 'rateLimited', retryAt: it.clock.now() + 86_400_000 } as const)
          : provider.publish(...args),
    },
  });
  await it.queue({ text: 'Refused.', inSeconds: 60 });
  const post = await it.queue({ text: 'An hour later.', inSeconds: 3_700 });
  await it.pass(3_710);
  expect((await it.delivery(post.id)).state).toBe('published');
});

test('a channel whose credential is refused delays no other', async () => {
  const it = await world();
  it.networks.find.script.push('unauthorized');
  const sibling = await otherChannel(it, 'sibling');
  const refused = await it.queue({ text: 'Refused.', inSeconds: 60 });
  const dueAt = it.clock.now() + 61_000;
  await sibling.queue('Of a sibling.', 61);
  await it.pass(120);
  expect((await it.delivery(refused.id)).state).toBe('held');
  expect((published(it, 'Of a sibling.') ?? Number.NaN) - dueAt).toBeLessThanOrEqual(2_000);
});

test('a post whose channel is gone fails with that reason, and is no dead letter', async () => {
  const it = await world();
  const post = await it.queue({ on: ['idem', 'find'] });
  const get = it.deps.channels.get;
  Object.assign(it.deps.channels, {
    get: async (agencyId: string, id: string) => (id === it.channels.idem.id ? undefined : get(agencyId, id)),
  });
  await it.pass(600);
  expect(await it.delivery(post.id, 1)).toMatchObject({ state: 'failed', code: 'channel' });
  expect((await it.delivery(post.id, 2)).state).toBe('published');
  expect(it.publishQueue.dead).toEqual([]);
});

test('a 429 is heeded by the other posts of that channel, also when its attempt could not be noted', async () => {
  const it = await world();
  it.networks.find.script.push('busy');
  const { addAttempt } = it.deps.posts;
  it.deps.posts.addAttempt = async () => {
    throw new Error('away');
  };
  await it.queue({ text: 'Refused.', inSeconds: 60 });
  await it.clock.run(it.clock.now() + 61_000);
  it.deps.posts.addAttempt = addAttempt;
  const refusedAt = it.clock.now() - 1_000;
  await it.queue({ text: 'Not even asked.', inSeconds: 10 });
  await it.pass(150);
  expect(published(it, 'Not even asked.')).toBeGreaterThanOrEqual(refusedAt + 60_000);
});
