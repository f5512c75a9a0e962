import { describe, expect, test } from 'vitest';
import { postInput } from '../../shared/domain/post.ts';
import { postDocument } from '../../shared/domain/post-document.ts';
import { cancelPost } from '../../shared/usecases/cancel-post.ts';
import { editPost } from '../../shared/usecases/edit-post.ts';
import { anActor } from '../support/builders.ts';
import type { Chaos } from './chaos.ts';
import { runSeed } from './run-seed.ts';
import { world } from './world.ts';

const never = (): Promise<never> => new Promise(() => undefined);

test('T1 a crash at any one call to the store, before or after its effect, loses and doubles nothing', async () => {
  for (const after of [false, true]) {
    for (let nth = 1; nth <= 12; nth++) {
      const it = await world();
      let calls = 0;
      for (const name of ['get', 'content', 'swapDelivery', 'reindex'] as const) {
        const real = it.deps.posts[name] as (...args: unknown[]) => Promise<unknown>;
        Object.assign(it.deps.posts, {
          [name]: async (...args: unknown[]) => {
            calls += 1;
            if (calls !== nth) return real(...args);
            if (after) await real(...args);
            return never();
          },
        });
      }
      calls = -1_000;
      const post = await it.queue({ on: ['find', 'idem'] });
      calls = 0;
      await it.clock.run(it.clock.now() + 120_000);
      calls = 1_000;
      await it.pass(1_500);
      for (const n of [1, 2]) expect((await it.delivery(post.id, n)).state).toBe('published');
      expect(it.networks.find.accepted).toHaveLength(1);
      expect(it.networks.idem.accepted).toHaveLength(1);
    }
  }
});

describe('T4 a claim that runs out under its worker', () => {
  test('is taken over, the late writer is refused, and there is one post', async () => {
    const it = await world();
    const swap = it.deps.posts.swapDelivery;
    let slow = true;
    it.deps.posts.swapDelivery = async (ref, expected, next, lower) => {
      if (next.state === 'published' && slow) {
        slow = false;
        await it.clock.sleep(200_000);
        expect(await swap(ref, expected, next, lower)).toBeUndefined();
        return undefined;
      }
      return swap(ref, expected, next, lower);
    };
    const post = await it.queue({ on: ['find'] });
    await it.pass(900);
    expect(await it.delivery(post.id)).toMatchObject({ state: 'published', fence: 2 });
    expect(it.networks.find.accepted).toHaveLength(1);
  });

  test('is not sent under any more, when its worker wakes up too late', async () => {
    const it = await world();
    const post = await it.queue({ on: ['find'] });
    const get = it.deps.channels.get;
    let slow = true;
    it.deps.channels.get = async (...args) => {
      if (slow) {
        slow = false;
        await it.clock.sleep(100_000);
      }
      return get(...args);
    };
    await it.pass(900);
    expect((await it.delivery(post.id)).state).toBe('published');
    expect(it.networks.find.accepted).toHaveLength(1);
  });
});

describe('T6 clock skew of ±5 min between workers', () => {
  test('sends nothing more than a second early, nothing twice, and loses nothing', async () => {
    let published = 0;
    for (let seed = 1; seed <= 25; seed++) {
      let turn = 0;
      const run = await runSeed(seed, {
        chaos: (drawn) => ({
          ...drawn,
          skewed: true,
          skew: () => [300_000, -300_000, 90_000, 0][turn++ % 4] ?? 0,
        }),
      });
      expect(run.problems).toEqual([]);
      published += run.published;
    }
    expect(published).toBeGreaterThan(100);
  }, 30_000);
});

describe('T7 30 % of all calls refused for ten minutes', () => {
  test.each(['store', 'queue', 'scheduler', 'bus', 'network'] as const)(
    'by the %s: all is kept',
    async (part) => {
      for (let seed = 100; seed < 106; seed++) {
        const from = Date.UTC(2026, 10, 30, 7, 5);
        let calls = 0;
        const refused = (asked: string, now: number): boolean =>
          asked === part && now >= from && now < from + 600_000 && (calls++ * 7) % 10 < 3;
        const run = await runSeed(seed, {
          chaos: (drawn) => ({
            ...drawn,
            away: refused,
            fate: (asked, now) => (refused(asked, now) ? 'refused' : 'fine'),
          }),
        });
        expect(run.problems).toEqual([]);
      }
    },
    30_000,
  );
});

describe('in a world without faults', () => {
  const quiet = (chaos: Chaos): Chaos => ({
    ...chaos,
    away: () => false,
    fate: () => 'fine',
    freeze: () => 0,
    latency: () => 1,
    skew: () => 0,
    copies: () => [5],
    oddAnswers: 0,
  });

  test('rescue has nothing to give up, and nothing is late', async () => {
    let published = 0;
    for (let seed = 1; seed <= 15; seed++) {
      const run = await runSeed(seed, { chaos: quiet });
      expect(run).toMatchObject({ problems: [], givenUp: 0, uncertain: 0, late: [] });
      published += run.published;
    }
    expect(published).toBeGreaterThan(100);
  }, 30_000);

  test('but that the scheduler is away for most of an hour, nothing is late either', async () => {
    for (let seed = 1; seed <= 15; seed++) {
      const fate = (part: string, now: number) =>
        part === 'scheduler' && now < Date.UTC(2026, 10, 30, 7, 50) ? 'refused' : 'fine';
      const run = await runSeed(seed, { chaos: (drawn) => ({ ...quiet(drawn), fate }) });
      expect(run).toMatchObject({ problems: [], givenUp: 0, uncertain: 0, late: [] });
    }
  }, 30_000);
});

describe('T8 poison', () => {
  test('a message that always throws ends in the dead letters after five receives; others go out', async () => {
    const it = await world();
    const poisoned = await it.queue({ on: ['find'], text: 'poison' });
    const get = it.deps.posts.get;
    it.deps.posts.get = async (agencyId, postId) => {
      if (postId === poisoned.id) throw new Error('poison');
      return get(agencyId, postId);
    };
    const post = await it.queue({ on: ['find'] });
    await it.pass(700);
    expect((await it.delivery(post.id)).state).toBe('published');
    expect(it.publishQueue.dead).toHaveLength(1);
    expect(String(it.publishQueue.dead[0]?.error)).toContain('poison');
    expect(it.networks.find.accepted.map(({ text }) => text)).toEqual(['Fresh bread.']);
  });

  test('a delivery whose channel is gone fails with the reason, and its siblings go out', async () => {
    const it = await world();
    const post = await it.queue({ on: ['find', 'blind'] });
    await it.deps.channels.delete(it.channels.blind);
    await it.pass(200);
    expect((await it.delivery(post.id, 1)).state).toBe('published');
    expect(await it.delivery(post.id, 2)).toMatchObject({ state: 'failed', code: 'channel' });
  });
});

test('T12 a crash between arming and committing: the post exists if and only if it fires', async () => {
  const it = await world();
  const create = it.deps.posts.create;
  it.deps.posts.create = async () => never();
  void it.queue({ on: ['find'], key: 'k' });
  await it.pass(10);
  it.deps.posts.create = create;
  expect(await it.deps.posts.overdue(0, Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
  await it.queue({ on: ['find'], key: 'k' });
  await it.pass(300);
  expect(it.networks.find.accepted).toHaveLength(1);
  expect(it.publishQueue.dead).toEqual([]);
});

describe('T13 racing the due instant by up to a second', () => {
  const offsets = [-1_000, -400, -20, -1, 0, 1, 5, 20, 400, 1_000];

  test.each(offsets)('a cancel %d ms from it: acknowledged means nothing is sent', async (offset) => {
    const it = await world();
    const post = await it.queue({ on: ['find', 'blind'], inSeconds: 60 });
    let refused: readonly string[] | undefined;
    it.clock.at(it.clock.now() + 60_000 + offset, () => {
      void cancelPost(it.deps, { agencyId: it.agency.id, actor: anActor(), post }).then((done) => {
        refused = done.refused;
      });
    });
    await it.pass(300);
    for (const [n, network] of [
      [1, it.networks.find],
      [2, it.networks.blind],
    ] as const) {
      const { state } = await it.delivery(post.id, n);
      expect(network.accepted).toHaveLength(state === 'cancelled' ? 0 : 1);
    }
    expect(refused).toBeDefined();
  });

  test.each(offsets)('an edit %d ms from it: the old words or the new, never both', async (offset) => {
    const it = await world();
    const post = await it.queue({ on: ['find'], inSeconds: 60 });
    let edited = false;
    const edit = async (): Promise<void> => {
      const head = await it.deps.posts.get(it.agency.id, post.id);
      const content =
        head && (await it.deps.posts.content(it.agency.id, head.id, head.revision, head.contentHash));
      if (!head || !content) throw new Error('no head');
      const document = postDocument(head, content, it.clock.now());
      const input = postInput.parse({ ...document, content: { text: 'New words.' } });
      await editPost(it.deps, { agency: it.agency, actor: anActor(), brand: it.brand, post: head, input });
      edited = true;
    };
    it.clock.at(it.clock.now() + 60_000 + offset, () => void edit().catch(() => undefined));
    await it.pass(400);
    const texts = it.networks.find.accepted.map(({ text }) => text);
    expect(texts).toEqual([edited ? 'New words.' : 'Fresh bread.']);
  });
});

describe('T21 a part of AWS away for fifteen minutes', () => {
  test.each(['store', 'queue', 'scheduler', 'bus'] as const)(
    '%s: all is out or told when it is back, and nothing has failed by itself',
    async (part) => {
      for (let seed = 200; seed < 206; seed++) {
        const from = Date.UTC(2026, 10, 30, 7, 10);
        const away = (asked: string, now: number): boolean =>
          asked === part && now >= from && now < from + 900_000;
        const run = await runSeed(seed, {
          chaos: (drawn) => ({
            ...drawn,
            away,
            fate: (asked, now) => (away(asked, now) ? 'refused' : 'fine'),
          }),
        });
        expect(run.problems).toEqual([]);
      }
    },
    30_000,
  );

  test('the queue: what came due goes out within five minutes of its return', async () => {
    const it = await world();
    const post = await it.queue({ on: ['find'], inSeconds: 900 });
    const { send } = it.deps.publishQueue;
    const back = it.clock.now() + 900_000 + 900_000;
    it.publishQueue.consume(async () => {
      throw new Error('nothing comes in');
    });
    Object.assign(it.deps.publishQueue, {
      send: async () => {
        throw new Error('away');
      },
    });
    await it.pass(1_800);
    Object.assign(it.deps.publishQueue, { send });
    it.resume();
    await it.pass(600);
    const delivery = await it.delivery(post.id);
    expect(delivery.state).toBe('published');
    expect((delivery.startedAt ?? 0) - back).toBeLessThan(300_000);
  });
});
