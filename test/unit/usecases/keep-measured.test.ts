import { expect, test } from 'vitest';
import type { Measuring } from '../../../shared/channels/provider.ts';
import { told } from '../../../shared/domain/metrics.ts';
import { MINUTE } from '../../../shared/domain/time.ts';
import type { Deps } from '../../../shared/ports.ts';
import { measureBrand } from '../../../shared/usecases/measure-brand.ts';
import { world } from '../../simulation/world.ts';

const METRICS: Measuring<{ token: string }> = {
  told: { reactions: 'likes' },
  batch: 20,
  fetch: async ({ externalIds }) => new Map(externalIds.map((id) => [id, told({ reactions: 7 })])),
  followers: async () => 42,
};

/** Posts on two channels, an hour after they went out, and what a sweep writes of them. */
async function sweepOf(posts: number, failsFor: (postId: string) => boolean = () => false) {
  const it = await world();
  for (const network of Object.values(it.networks)) Object.assign(network.provider, { metrics: METRICS });
  const made = [];
  for (let n = 0; n < posts; n += 1) made.push(await it.queue({ on: ['idem', 'find'], inSeconds: 1 }));
  await it.clock.run(it.clock.now() + 65 * MINUTE);
  const writes: string[] = [];
  const putSnapshot: Deps['posts']['putSnapshot'] = async (...given) => {
    writes.push(given[1]);
    if (failsFor(given[1])) throw new Error('the table is away');
    return it.deps.posts.putSnapshot(...given);
  };
  const deps: Deps = { ...it.deps, posts: { ...it.deps.posts, putSnapshot } };
  const at = it.clock.now();
  await measureBrand(deps, {
    kind: 'brand',
    agencyId: it.agency.id,
    brandId: it.brand.id,
    since: 0,
    at,
    tries: 0,
  });
  const queue = it.deps.measureQueue as unknown as { sent: { message: { channelId?: string } }[] };
  return { it, posts: made, writes, again: queue.sent.map(({ message }) => message.channelId) };
}

test('what all channels of a post told is kept by one write', async () => {
  const { it, posts, writes } = await sweepOf(3);
  expect(writes.toSorted()).toEqual(posts.map(({ id }) => id).toSorted());
  for (const { id } of posts) expect(await it.deps.posts.snapshots(it.agency.id, id)).toHaveLength(2);
});

test('a post that cannot be written does not keep others from being written, and its channels are asked again', async () => {
  let first: string | undefined;
  const { writes, again, it } = await sweepOf(3, (postId) => {
    first ??= postId;
    return postId === first;
  });
  expect(new Set(writes).size).toBe(3);
  expect(again.toSorted()).toEqual([it.channels.idem.id, it.channels.find.id].toSorted());
});
