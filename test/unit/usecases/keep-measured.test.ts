import { expect, test } from 'vitest';
import type { Measuring } from '../../../shared/channels/provider.ts';
import { told } from '../../../shared/domain/metrics.ts';
import { MINUTE } from '../../../shared/domain/time.ts';
import type { Deps } from '../../../shared/ports.ts';
import { measureBrand } from '../../../shared/usecases/measure-brand.ts';
import { snapshotsOf } from '../../../shared/usecases/snapshots-of.ts';
import { world } from '../../simulation/world.ts';
import { asFunction } from '../../support/held-to-rights.ts';

const METRICS: Measuring<{ token: string }> = {
  told: { reactions: 'likes' },
  batch: 20,
  fetch: async ({ externalIds }) => new Map(externalIds.map((id) => [id, told({ reactions: 7 })])),
  followers: async () => 42,
};

/** Posts on two channels, an hour after they went out, and what a sweep writes of them. */
async function sweepOf(posts: number, fails = false) {
  const it = await world();
  for (const network of Object.values(it.networks)) Object.assign(network.provider, { metrics: METRICS });
  const made = [];
  for (let n = 0; n < posts; n += 1) made.push(await it.queue({ on: ['idem', 'find'], inSeconds: 1 }));
  await it.clock.run(it.clock.now() + 65 * MINUTE);
  const writes: number[] = [];
  const addSwept: Deps['posts']['addSwept'] = async (...given) => {
    writes.push(given[3].length);
    if (fails) throw new Error('the table is away');
    return it.deps.posts.addSwept(...given);
  };
  const deps: Deps = { ...it.deps, posts: { ...it.deps.posts, addSwept } };
  const at = it.clock.now();
  const { agency, brand } = it;
  const message = { kind: 'brand', agencyId: agency.id, brandId: brand.id, since: 0, at, tries: 0 } as const;
  await asFunction('measure', () => measureBrand(deps, message));
  const queue = it.deps.measureQueue as unknown as { sent: { message: { channelId?: string } }[] };
  return { it, posts: made, writes, again: queue.sent.map(({ message }) => message.channelId) };
}

test('what all posts of a brand have come to is kept by one write', async () => {
  const { it, posts, writes, again } = await sweepOf(3);
  expect(writes).toEqual([6]);
  expect(again).toEqual([]);
  const heads = await it.deps.posts.getLately(
    it.agency.id,
    posts.map(({ id }) => id),
  );
  const kept = await snapshotsOf(it.deps, it.brand, heads);
  expect(kept.map((own) => own.map(({ n, age }) => [n, age]))).toEqual(
    posts.map(() => [
      [1, '1h'],
      [2, '1h'],
    ]),
  );
});

test('when it cannot be written the channels are asked again', async () => {
  const { again, it } = await sweepOf(3, true);
  expect(again.toSorted()).toEqual([it.channels.idem.id, it.channels.find.id].toSorted());
});
