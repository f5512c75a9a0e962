import type { Agency } from '../domain/agency.ts';
import { type Delivery, isOpen } from '../domain/delivery.ts';
import { activeHolds } from '../domain/gate.ts';
import type { DeliveryHold, Hold } from '../domain/hold.ts';
import { DEFAULT_LATE_POLICY, type LatePolicy } from '../domain/late-policy.ts';
import type { Post } from '../domain/post.ts';
import { review } from '../domain/release.ts';
import type { Deps } from '../ports.ts';
import { announceDeliveries } from './announce.ts';
import { armWake } from './arm-wake.ts';
import { logSettled } from './log-settled.ts';
import { reindex } from './reindex.ts';
import { netUnder } from './settle-writer.ts';

/**
 * Looks at a post's held deliveries again: what nothing stops any more goes on by the late policy. Called when a
 * hold is released or a channel reconnected, and by `rescue` as the net below both.
 */
export async function reviewHeld(
  deps: Deps,
  agency: Agency,
  post: Post,
  holds: readonly Hold[],
): Promise<Post> {
  const held = post.deliveries.filter(({ state }) => state === 'held');
  if (held.length === 0) return post;
  const policy = await latePolicyOf(deps, post);
  let latest = post;
  const moved: Delivery[] = [];
  for (const delivery of held) {
    const now = deps.clock.now();
    const next = review(delivery, await standingHolds(deps, post, delivery, holds), { now, policy });
    if (!next) continue;
    const ref = { agencyId: post.agencyId, postId: post.id, n: delivery.n };
    const written = await deps.posts.swapDelivery(
      ref,
      { fence: delivery.fence, states: ['held'] },
      next,
      netUnder(next, now),
    );
    if (!written) continue;
    latest = written;
    moved.push(next);
    if (!isOpen(next)) logSettled(deps, post, next, 'gate');
    if (next.nextAttemptAt !== undefined) {
      await armWake(deps, { agencyId: post.agencyId, postId: post.id, at: next.nextAttemptAt });
    }
  }
  await announceDeliveries(deps, agency, latest, moved);
  return reindex(deps, latest, latest.deliveries);
}

/** What stops this delivery now: holds in force, and a channel that must be reconnected. */
export async function standingHolds(
  deps: Pick<Deps, 'channels' | 'clock'>,
  post: Post,
  delivery: Delivery,
  holds: readonly Hold[],
): Promise<DeliveryHold[]> {
  const now = deps.clock.now();
  const standing = activeHolds(holds, { brandId: post.brandId, channelId: delivery.channelId }, now);
  const channel = await deps.channels.get(post.agencyId, delivery.channelId);
  if (channel?.health === 'expired' || channel?.health === 'disconnected') {
    standing.push({ code: 'channel_expired', by: 'system', since: now });
  }
  return standing;
}

/** Post over brand over default. */
export async function latePolicyOf(deps: Pick<Deps, 'brands'>, post: Post): Promise<LatePolicy> {
  if (post.latePolicy) return post.latePolicy;
  return (await deps.brands.get(post.agencyId, post.brandId))?.latePolicy ?? DEFAULT_LATE_POLICY;
}
