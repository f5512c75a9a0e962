import { expect, test } from 'vitest';
import type { MeasureFailure, Measuring } from '../../../shared/channels/provider.ts';
import { told } from '../../../shared/domain/metrics.ts';
import { HOUR, MINUTE, SECOND } from '../../../shared/domain/time.ts';
import { type BrandMessage, measureBrand } from '../../../shared/usecases/measure-brand.ts';
import { snapshotsOf } from '../../../shared/usecases/snapshots-of.ts';
import { world } from '../../simulation/world.ts';
import { aChannel, anId } from '../../support/builders.ts';
import { asFunction } from '../../support/held-to-rights.ts';

/** Posts an hour old, on a network that takes two in a request, so long for each, and allows so many before it wants rest. */
async function network({ posts = 5, takesMs = 0, allows = Number.POSITIVE_INFINITY } = {}) {
  const it = await world();
  const asked: (readonly string[])[] = [];
  let [elapsed, left] = [0, allows];
  const metrics: Measuring<{ token: string }> = {
    told: { reactions: 'likes' },
    batch: 2,
    fetch: async ({ externalIds }) => {
      elapsed += takesMs;
      const failure: MeasureFailure = { kind: 'rateLimited', retryAt: it.clock.now() + MINUTE };
      if (left <= 0) return failure;
      left -= 1;
      asked.push(externalIds);
      return new Map(externalIds.map((id) => [id, told({ reactions: 7 })]));
    },
    followers: async () => {
      elapsed += takesMs;
      return null;
    },
  };
  for (const { provider } of Object.values(it.networks)) Object.assign(provider, { metrics });
  const ids: string[] = [];
  for (let n = 0; n < posts; n += 1) ids.push((await it.queue({ inSeconds: 1, text: `Post ${n}` })).id);
  await it.clock.run(it.clock.now() + 65 * MINUTE);
  const deps = { ...it.deps, clock: { ...it.deps.clock, monotonic: () => elapsed } };
  const { sent } = it.deps.measureQueue as unknown as { sent: { message: BrandMessage }[] };
  const first: BrandMessage = {
    kind: 'brand',
    agencyId: it.agency.id,
    brandId: it.brand.id,
    since: it.clock.now() - HOUR,
    at: it.clock.now(),
    tries: 0,
  };
  return {
    ...it,
    deps,
    asked,
    sent,
    first,
    allow: (more: number) => {
      left = more;
    },
    /** Each call of the function has its own time. */
    call: async (message: BrandMessage | undefined) => {
      const begunAt = elapsed;
      if (message) await asFunction('measure', () => measureBrand(deps, message));
      return elapsed - begunAt;
    },
    known: async () => {
      const heads = await Promise.all(ids.map((id) => it.deps.posts.get(it.agency.id, id)));
      const own = heads.filter((head) => head !== undefined);
      return (await snapshotsOf(it.deps, it.brand, own)).filter(({ length }) => length === 1).length;
    },
  };
}

test('a network that allows a part at a time is asked for the rest when it comes again, not for the same', async () => {
  const it = await network({ posts: 5, allows: 1 });
  await it.call(it.first);
  for (let turn = 0; turn < 2; turn += 1) {
    it.allow(1);
    await it.call(it.sent.at(-1)?.message);
  }
  expect(await it.known()).toBe(5);
  expect(it.asked.flat()).toHaveLength(new Set(it.asked.flat()).size);
});

test('a channel with more to measure than fits into one call goes on in the next', async () => {
  const it = await network({ posts: 12, takesMs: 10 * SECOND });
  expect(await it.call(it.first)).toBeLessThan(45 * SECOND);
  expect(await it.call(it.sent[0]?.message)).toBeLessThan(45 * SECOND);
  expect(await it.known()).toBe(12);
  expect(it.asked).toHaveLength(6);
});

test('channels that a call has no time left for get messages of their own, whatever network took it', async () => {
  const it = await network({ posts: 1, takesMs: 30 * SECOND });
  const further: string[] = [];
  for (let n = 0; n < 12; n += 1) {
    const channel = aChannel({ id: anId('chn', `more ${n}`), network: 'find', credential: '{"token":"t"}' });
    await it.deps.channels.create({ ...channel, account: { ...channel.account, id: `account ${n}` } });
    further.push(channel.id);
  }
  // Followers are counted twice a day, on every channel.
  await it.call({ ...it.first, since: 0 });
  const own = it.sent.map(({ message }) => message.channelId ?? '');
  expect(own.length).toBeGreaterThanOrEqual(8);
  expect([...further, ...Object.values(it.channels).map(({ id }) => id)]).toEqual(
    expect.arrayContaining(own),
  );
  expect(new Set(own).size).toBe(own.length);
});
