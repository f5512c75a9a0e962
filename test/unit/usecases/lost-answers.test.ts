import { describe, expect, test } from 'vitest';
import type { PublishMessage } from '../../../shared/domain/messages.ts';
import { handlePublish, resendPublish } from '../../../shared/usecases/handle-publish.ts';
import { placeHold, releaseHold } from '../../../shared/usecases/hold.ts';
import { world } from '../../simulation/world.ts';
import { anActor } from '../../support/builders.ts';
import { asFunction } from '../../support/held-to-rights.ts';

type World = Awaited<ReturnType<typeof world>>;

const away = async (): Promise<never> => {
  throw new Error('away');
};
const failures = (it: World) => it.events.filter(({ type }) => type === 'delivery.failed');

describe('what has failed is told', () => {
  test('when the bus was away and the message was put back as a new one', async () => {
    const it = await world();
    const { announce } = it.deps.bus;
    Object.assign(it.deps.bus, { announce: away });
    it.networks.idem.script.push('refuse');
    const post = await it.queue({ on: ['idem'] });
    await it.clock.run(it.clock.now() + 61_000);
    expect((await it.delivery(post.id)).state).toBe('failed');
    Object.assign(it.deps.bus, { announce });
    const at = post.deliveries[0]?.dueAt ?? 0;
    const wake = { kind: 'wake', agencyId: it.agency.id, postId: post.id, at, tries: 0 } as const;
    await resendPublish(it.deps, wake, 1);
    await it.clock.run(it.clock.now() + 2_000);
    expect(failures(it)).toHaveLength(1);
  });

  test('by rescue, when every message of it is lost', async () => {
    const it = await world();
    const { announce } = it.deps.bus;
    Object.assign(it.deps.bus, { announce: away });
    it.networks.idem.script.push('refuse');
    const post = await it.queue({ on: ['idem'] });
    await it.clock.run(it.clock.now() + 61_000);
    Object.assign(it.deps.bus, { announce });
    it.publishQueue.consume(() => new Promise(() => undefined));
    await it.pass(240);
    expect(failures(it)).toHaveLength(1);
    expect((await it.deps.posts.get(it.agency.id, post.id))?.wakeAt).toBeUndefined();
  });

  test('when only the answer of the settling write was lost', async () => {
    const it = await world();
    const swap = it.deps.posts.swapDelivery;
    it.deps.posts.swapDelivery = async (ref, expected, next, net) => {
      const written = await swap(ref, expected, next, net);
      if (next.state === 'failed') throw new Error('no answer');
      return written;
    };
    it.networks.idem.script.push('refuse');
    const post = await it.queue({ on: ['idem'] });
    await it.clock.run(it.clock.now() + 70_000);
    expect((await it.delivery(post.id)).state).toBe('failed');
    expect(failures(it)).toHaveLength(1);
  });
});

test('what was certainly published stays so when rescue has given its first claim up meanwhile', async () => {
  const it = await world();
  const swap = it.deps.posts.swapDelivery;
  const { send } = it.deps.publishQueue;
  const parked: PublishMessage[] = [];
  it.deps.posts.swapDelivery = async (ref, expected, next, net) =>
    next.state === 'published' ? away() : swap(ref, expected, next, net);
  it.deps.publishQueue.send = async (message, options) =>
    message.kind === 'settle' ? void parked.push(message) : send(message, options);
  const post = await it.queue({ on: ['find'] });
  await it.clock.run(it.clock.now() + 62_000);
  const published = it.clock.now();
  // Whoever reads the queue is stopped for an hour: nothing of it moves.
  it.publishQueue.consume(async () => undefined);
  await it.pass(3_600);
  expect(await it.delivery(post.id)).toMatchObject({ state: 'uncertain', code: 'unclear' });
  it.deps.posts.swapDelivery = swap;
  for (const message of parked) await asFunction('publish', () => handlePublish(it.deps, message, 1));
  const delivery = await it.delivery(post.id);
  expect(delivery.state).toBe('published');
  expect(delivery.publishedAt).toBeLessThanOrEqual(published);
});

test('a queue that is away for twenty minutes does not count as rescues that did not help', async () => {
  const it = await world();
  const post = await it.queue({ on: ['find'] });
  const { send } = it.deps.publishQueue;
  it.publishQueue.consume(() => new Promise(() => undefined));
  Object.assign(it.deps.publishQueue, { send: away });
  await it.pass(1_200);
  expect(await it.delivery(post.id)).toMatchObject({ state: 'scheduled', rescues: 0 });
  Object.assign(it.deps.publishQueue, { send });
  it.resume();
  await it.pass(120);
  expect((await it.delivery(post.id)).state).toBe('published');
});

test('a refused credential is held even when telling it fails, and does not become a doubt', async () => {
  const it = await world();
  Object.assign(it.deps.bus, { announce: away });
  it.networks.blind.script.push('unauthorized');
  const post = await it.queue({ on: ['blind'] });
  await it.clock.run(it.clock.now() + 62_000);
  const delivery = await it.delivery(post.id);
  expect(delivery).toMatchObject({ state: 'held', code: 'channel_expired' });
  expect(delivery.doubtSince).toBeUndefined();
});

test('a claim whose write failed does not stop its siblings', async () => {
  const it = await world();
  const swap = it.deps.posts.swapDelivery;
  let faults = 1;
  it.deps.posts.swapDelivery = async (ref, expected, next, net) => {
    if (next.state === 'publishing' && ref.n === 1 && faults-- > 0) throw new Error('throttled');
    return swap(ref, expected, next, net);
  };
  const post = await it.queue({ on: ['find', 'idem'] });
  await it.pass(62);
  expect((await it.delivery(post.id, 2)).state).toBe('published');
  await it.pass(300);
  expect((await it.delivery(post.id, 1)).state).toBe('published');
});

describe('a release', () => {
  const held = async () => {
    const it = await world();
    const post = await it.queue({ on: ['find'] });
    const input = { scope: { brandId: it.brand.id }, reason: 'crisis' };
    const { hold } = await placeHold(it.deps, { agencyId: it.agency.id, actor: anActor(), input });
    return { it, post, hold };
  };
  const release = (it: World, holdId: string) =>
    asFunction('api', () =>
      releaseHold(it.deps, { agencyId: it.agency.id, actor: anActor(), holdId, dryRun: false }),
    );

  test('that was cut off half way is finished by the next one', async () => {
    const { it, post, hold } = await held();
    await it.pass(120);
    // The hold is marked as released, and its copy that the gate reads still stands.
    const ended = { ...hold, releasedAt: it.clock.now(), releasedBy: anActor() };
    await it.deps.holds.release(ended);
    await it.deps.holds.put(hold);
    const { get } = it.deps.holds;
    it.deps.holds.get = async (agencyId, holdId) => ({
      ...((await get(agencyId, holdId)) ?? hold),
      ...ended,
    });
    await release(it, hold.id);
    await it.pass(30);
    expect((await it.delivery(post.id)).state).toBe('published');
  });

  test('that ended among the deliveries it was to let go is finished by the next one, and only once', async () => {
    const { it, post, hold } = await held();
    await it.pass(120);
    const { get } = it.deps.agencies;
    it.deps.agencies.get = away;
    await expect(release(it, hold.id)).rejects.toThrow('away');
    it.deps.agencies.get = get;
    expect((await it.delivery(post.id)).state).toBe('held');
    await release(it, hold.id);
    await it.pass(30);
    expect((await it.delivery(post.id)).state).toBe('published');
    await expect(release(it, hold.id)).rejects.toThrow('released before');
  });

  test('that a worker misses, because it read the holds before, lets the delivery go all the same', async () => {
    const { it, post, hold } = await held();
    const swap = it.deps.posts.swapDelivery;
    it.deps.posts.swapDelivery = async (ref, expected, next, net) => {
      if (next.state === 'held') await release(it, hold.id);
      return swap(ref, expected, next, net);
    };
    await it.pass(90);
    expect((await it.delivery(post.id)).state).toBe('published');
  });
});

test('what another post of the same words is just publishing is not taken for one’s own', async () => {
  const it = await world();
  const crashed = await it.queue({ on: ['find'], inSeconds: 60 });
  const { http } = it.deps;
  let crashes = 1;
  Object.assign(it.deps, {
    http: async (...[request, beforeSend]: Parameters<typeof http>) => {
      // This network is asked by the words alone.
      const json = { found: it.networks.find.accepted };
      if (new URL(request.url).pathname === '/find')
        return { kind: 'answered', status: 200, headers: {}, text: '', json };
      // The worker dies before it sends; its claim is taken over 90 s later, and the network is asked.
      if (beforeSend && crashes-- > 0) return new Promise(() => undefined);
      return http(request, beforeSend);
    },
  });
  const slow = await it.queue({ on: ['find'], inSeconds: 140 });
  const swap = it.deps.posts.swapDelivery;
  it.deps.posts.swapDelivery = async (ref, expected, next, net) => {
    if (next.state === 'published' && ref.postId === slow.id) await it.clock.sleep(30_000);
    return swap(ref, expected, next, net);
  };
  await it.pass(1_500);
  const ends = [await it.delivery(crashed.id), await it.delivery(slow.id)];
  expect(ends.map(({ state }) => state)).toEqual(['published', 'published']);
  expect(new Set(ends.map(({ externalId }) => externalId)).size).toBe(2);
  expect(it.networks.find.accepted).toHaveLength(2);
});
