import type { Brand } from '../domain/brand.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { PostSnapshot } from '../domain/metrics.ts';
import type { Deps } from '../ports.ts';
import type { Measured } from './measure-channel.ts';

/**
 * Stores what some channels' networks told: one write for the brand, whatever the number of its posts, because each
 * write is paid for. What a person asked for outside the fixed ages is stored beside its post, because it may be of
 * any age. Says of what is gone that it is removed.
 */
export async function keepMeasured(
  deps: Pick<Deps, 'posts' | 'clock'>,
  { agencyId, id }: Brand,
  measured: readonly Measured[],
): Promise<void> {
  const found = measured.flatMap((one) => one.found);
  const [now, aged] = [found.filter(isNow), found.filter((one) => !isNow(one))];
  const snapshots = aged.map(({ of, snapshot }): PostSnapshot => ({ ...snapshot, postId: of.post.id }));
  await deps.posts.addSwept(agencyId, id, deps.clock.now(), snapshots);
  for (const [postId, own] of Map.groupBy(now, ({ of }) => of.post.id)) {
    await deps.posts.putAsked(
      agencyId,
      postId,
      own.map(({ snapshot }) => snapshot),
    );
  }
  await markGone(deps, found);
}

const isNow = ({ snapshot }: Measured['found'][number]): boolean => snapshot.age === 'now';

/** Gone from the network, by whoever: the delivery says so, too. */
async function markGone(deps: Pick<Deps, 'posts'>, found: Measured['found']): Promise<void> {
  for (const { of, snapshot } of found) {
    if (snapshot.metrics !== 'removed') continue;
    const { post, delivery } = of;
    const ref = { agencyId: post.agencyId, postId: post.id, n: delivery.n };
    const gone: Delivery = { ...delivery, state: 'removed', fence: delivery.fence + 1 };
    await deps.posts.swapDelivery(ref, { fence: delivery.fence, states: ['published'] }, gone);
  }
}
