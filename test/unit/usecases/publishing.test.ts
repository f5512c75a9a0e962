import { describe, expect, test } from 'vitest';
import { rescue } from '../../../shared/usecases/rescue.ts';
import { world } from '../../simulation/world.ts';

describe('publishing', () => {
  test('publishes each channel once, never early, within the second', async () => {
    const it = await world();
    const post = await it.queue({ on: ['idem', 'find', 'blind'], inSeconds: 3_600 });
    await it.pass(3_590);
    expect(it.networks.idem.accepted).toHaveLength(0);
    await it.pass(120);
    for (const n of [1, 2, 3]) {
      const delivery = await it.delivery(post.id, n);
      expect(delivery.state).toBe('published');
      const lateness = (delivery.startedAt ?? 0) - delivery.dueAt;
      expect(lateness).toBeGreaterThanOrEqual(0);
      expect(lateness).toBeLessThan(1_000);
    }
    for (const network of Object.values(it.networks)) expect(network.accepted).toHaveLength(1);
  });

  test('leaves nothing in the wake index when all is published', async () => {
    const it = await world();
    const post = await it.queue({ on: ['idem', 'find'] });
    await it.pass(120);
    expect((await it.deps.posts.get(it.agency.id, post.id))?.wakeAt).toBeUndefined();
  });

  test('T2 sends one post when every wake arrives five times, to five workers at once', async () => {
    const it = await world();
    const post = await it.queue({ on: ['find', 'blind'], inSeconds: 60 });
    const at = post.deliveries[0]?.nextAttemptAt ?? 0;
    for (let copies = 0; copies < 5; copies++) {
      await it.deps.publishQueue.send(
        { kind: 'wake', agencyId: it.agency.id, postId: post.id, at, tries: 0 },
        { delaySeconds: 58 },
      );
    }
    await it.pass(300);
    expect(it.networks.find.accepted).toHaveLength(1);
    expect(it.networks.blind.accepted).toHaveLength(1);
  });

  test('drops a wake whose post was never committed, after five looks', async () => {
    const it = await world();
    const wake = {
      kind: 'wake',
      agencyId: it.agency.id,
      postId: 'post_00000000000000000000',
      at: it.clock.now(),
      tries: 0,
    } as const;
    await it.deps.publishQueue.send(wake);
    await it.pass(60);
    expect(it.publishQueue.sent).toHaveLength(6);
    expect(it.publishQueue.dead).toHaveLength(0);
  });

  test('tries again after a certain failure, and keeps the promise’s time', async () => {
    const it = await world();
    it.networks.blind.script.push('unreachable', 'unreachable');
    const post = await it.queue({ on: ['blind'] });
    await it.pass(300);
    const delivery = await it.delivery(post.id);
    expect(delivery).toMatchObject({ state: 'published', attempts: 2, dueAt: post.deliveries[0]?.dueAt });
    expect(it.networks.blind.accepted).toHaveLength(1);
    expect((await it.deps.posts.attempts(it.agency.id, post.id)).map(({ outcome }) => outcome)).toEqual([
      'unavailable',
      'unavailable',
      'published',
    ]);
  });

  test('gives up after eight sends that certainly failed', async () => {
    const it = await world();
    it.networks.blind.script.push(...Array.from({ length: 9 }, () => 'unreachable' as const));
    const post = await it.queue({ on: ['blind'] });
    await it.pass(3_590);
    expect(await it.delivery(post.id)).toMatchObject({ state: 'failed', code: 'unavailable', attempts: 8 });
    expect(it.networks.blind.accepted).toHaveLength(0);
    expect(it.events.map(({ type }) => type)).toEqual(['delivery.failed']);
  });

  test('a refusal is final and told once', async () => {
    const it = await world();
    it.networks.idem.script.push('refuse');
    const post = await it.queue({ on: ['idem'] });
    await it.pass(300);
    expect(await it.delivery(post.id)).toMatchObject({
      state: 'failed',
      code: 'refused',
      reason: 'not here',
    });
    expect(await it.deps.posts.attempts(it.agency.id, post.id)).toMatchObject([
      { attempt: 1, outcome: 'rejected' },
    ]);
    expect(it.events).toHaveLength(1);
  });

  test('asked to wait, it waits without losing a try', async () => {
    const it = await world();
    it.networks.idem.script.push('busy');
    const post = await it.queue({ on: ['idem'] });
    await it.pass(300);
    expect(await it.delivery(post.id)).toMatchObject({ state: 'published', attempts: 0 });
    expect(await it.deps.posts.attempts(it.agency.id, post.id)).toMatchObject([
      { attempt: 1, outcome: 'rateLimited' },
    ]);
  });
});

describe('T3 an answer that is lost after the network accepted', () => {
  for (const loss of ['acceptThenDrop', 'brokenGateway'] as const) {
    test(`${loss}: a findable network is asked, and nothing is sent twice`, async () => {
      const it = await world();
      it.networks.find.script.push(loss);
      const post = await it.queue({ on: ['find'] });
      await it.pass(600);
      expect(await it.delivery(post.id)).toMatchObject({ state: 'published', externalId: 'find-1' });
      expect(it.networks.find.accepted).toHaveLength(1);
    });

    test(`${loss}: an idempotent network is sent the same again, and has one post`, async () => {
      const it = await world();
      it.networks.idem.script.push(loss);
      const post = await it.queue({ on: ['idem'] });
      await it.pass(600);
      expect(await it.delivery(post.id)).toMatchObject({ state: 'published', externalId: 'idem-1' });
      expect(it.networks.idem.accepted).toHaveLength(1);
    });

    test(`${loss}: a blind network is left to a person, who is told`, async () => {
      const it = await world();
      it.networks.blind.script.push(loss);
      const post = await it.queue({ on: ['blind'] });
      await it.pass(4_000);
      expect((await it.delivery(post.id)).state).toBe('uncertain');
      expect(it.networks.blind.accepted).toHaveLength(1);
      expect(it.events.map(({ type }) => type)).toEqual(['delivery.uncertain']);
    });
  }

  test('a network that cannot tell for long ends as uncertain, never as failed', async () => {
    const it = await world();
    it.networks.find.script.push('acceptThenDrop');
    it.networks.find.findable = false;
    const post = await it.queue({ on: ['find'] });
    await it.pass(4_000);
    expect((await it.delivery(post.id)).state).toBe('uncertain');
    expect(it.networks.find.accepted).toHaveLength(1);
  });
});

describe('a worker that dies', () => {
  test('after sending: the redelivered wake takes the claim over and finds the post', async () => {
    const it = await world();
    const post = await it.queue({ on: ['find'] });
    const swap = it.deps.posts.swapDelivery;
    let crashes = 1;
    it.deps.posts.swapDelivery = async (ref, expected, next, lower) => {
      if (next.state === 'published' && crashes-- > 0) {
        // The process is gone: neither this write nor anything after it happens.
        return new Promise(() => undefined);
      }
      return swap(ref, expected, next, lower);
    };
    await it.pass(1_200);
    expect((await it.delivery(post.id)).state).toBe('published');
    expect(it.networks.find.accepted).toHaveLength(1);
  });

  test('before sending on a blind network: it certainly did not go out, and goes out', async () => {
    const it = await world();
    const post = await it.queue({ on: ['blind'] });
    const content = it.deps.posts.content;
    let crashes = 1;
    it.deps.posts.content = async (...args) =>
      crashes-- > 0 ? new Promise(() => undefined) : content(...args);
    await it.pass(1_200);
    expect((await it.delivery(post.id)).state).toBe('published');
    expect(it.networks.blind.accepted).toHaveLength(1);
  });

  test('between sending and settling on a blind network: uncertain, not sent again', async () => {
    const it = await world();
    const post = await it.queue({ on: ['blind'] });
    const swap = it.deps.posts.swapDelivery;
    it.deps.posts.swapDelivery = async (ref, expected, next, lower) => {
      if (next.state === 'published') return new Promise(() => undefined);
      return swap(ref, expected, next, lower);
    };
    await it.pass(1_200);
    expect((await it.delivery(post.id)).state).toBe('uncertain');
    expect(it.networks.blind.accepted).toHaveLength(1);
  });

  test('a settle that the store refuses is parked, and written later', async () => {
    const it = await world();
    const post = await it.queue({ on: ['blind'] });
    const swap = it.deps.posts.swapDelivery;
    let faults = 1;
    it.deps.posts.swapDelivery = async (ref, expected, next, lower) => {
      if (next.state === 'published' && faults-- > 0) throw new Error('store away');
      return swap(ref, expected, next, lower);
    };
    await it.pass(600);
    expect((await it.delivery(post.id)).state).toBe('published');
    expect(it.networks.blind.accepted).toHaveLength(1);
  });
});

describe('the net', () => {
  test('a wake that was lost is sent again by rescue', async () => {
    const it = await world();
    const send = it.deps.publishQueue.send;
    it.deps.publishQueue.send = async () => undefined;
    const post = await it.queue({ on: ['find'] });
    it.deps.publishQueue.send = send;
    await it.pass(400);
    expect((await it.delivery(post.id)).state).toBe('published');
    expect(it.networks.find.accepted).toHaveLength(1);
  });

  test('a schedule that was refused three times is armed by rescue', async () => {
    const it = await world();
    const arm = it.deps.scheduler.arm;
    const refuse = async () => {
      throw new Error('throttled');
    };
    Object.assign(it.deps.scheduler, { arm: refuse });
    const queued = it.queue({ on: ['find'], inSeconds: 7_200 });
    await it.clock.run(it.clock.now() + 5_000);
    const post = await queued;
    Object.assign(it.deps.scheduler, { arm });
    await it.pass(7_400);
    const delivery = await it.delivery(post.id);
    expect(delivery.state).toBe('published');
    expect((delivery.startedAt ?? 0) - delivery.dueAt).toBeLessThan(1_000);
  });

  test('a scheduler that is away all the time makes nothing late', async () => {
    const it = await world();
    let asked = 0;
    const arm = async () => {
      asked += 1;
      throw new Error('away');
    };
    Object.assign(it.deps.scheduler, { arm });
    const queued = it.queue({ on: ['find'], inSeconds: 7_200 });
    await it.clock.run(it.clock.now() + 5_000);
    const post = await queued;
    for (let minute = 0; minute < 123; minute++) {
      const rescued = rescue(it.deps);
      await it.clock.run(it.clock.now() + 60_000);
      await rescued;
    }
    const delivery = await it.delivery(post.id);
    expect((delivery.startedAt ?? 0) - delivery.dueAt).toBeLessThan(1_000);
    // With two repetitions each: when it was queued, and by the first rescue; then the queue reaches by itself.
    expect(asked).toBe(6);
  });

  test('what cannot be moved for long is failed as internal, and told', async () => {
    const it = await world();
    it.publishQueue.consume(async () => undefined);
    const post = await it.queue({ on: ['find'] });
    await it.pass(3_600);
    expect(await it.delivery(post.id)).toMatchObject({ state: 'failed', code: 'internal' });
    expect(it.events.map(({ type }) => type)).toEqual(['delivery.failed']);
  });
});
