import { type Delivery, isOpen } from '../domain/delivery.ts';
import { deliveryId } from '../domain/ids.ts';
import type { Post } from '../domain/post.ts';
import { mayBeOut, released, uncertain, without } from '../domain/settle.ts';
import { type Instant, MINUTE, SECOND } from '../domain/time.ts';
import type { Deps } from '../ports.ts';
import { announceDeliveries } from './announce.ts';
import { armWake, QUEUE_REACH, sendWake } from './arm-wake.ts';
import { reindex } from './reindex.ts';
import { reviewHeld } from './review-held.ts';

const PER_SHARD = 500;
const AT_ONCE = 10;
/** The rescue after which people are told that something is broken here. */
const GIVE_UP_AT = 5;
/** Re-sent wakes are spread over so many seconds, so that an outage does not end in a stampede. */
const SPREAD_SECONDS = 50;
const PER_SECOND = 20;
/** It begins nothing new after this; the next minute goes on where it has stopped. */
const LONGEST_MS = 50 * SECOND;

/**
 * The net: finds by the sparse index what should have moved and did not, and sends its wakes again, oldest first.
 * The index is a hint; the head, read consistently, decides. It sends nothing itself.
 * @returns how many posts it looked at
 */
export async function rescue(deps: Deps): Promise<number> {
  const now = deps.clock.now();
  const startedAtMs = deps.clock.monotonic();
  const shards = Array.from({ length: deps.posts.shards }, (_, shard) => shard);
  const hints = (await Promise.all(shards.map((shard) => deps.posts.overdue(shard, now, PER_SHARD)))).flat();
  hints.sort((a, b) => a.wakeAt - b.wakeAt);
  for (let start = 0; start < hints.length; start += AT_ONCE) {
    if (deps.clock.monotonic() - startedAtMs > LONGEST_MS) return start;
    const delayMs = Math.min(SPREAD_SECONDS, Math.floor(start / PER_SECOND)) * SECOND;
    await Promise.all(
      hints
        .slice(start, start + AT_ONCE)
        .map(({ agencyId, postId }) =>
          rescuePost(deps, agencyId, postId, delayMs).catch((error: unknown) =>
            deps.log.error('rescue.failed', { agencyId, postId, error: String(error) }),
          ),
        ),
    );
  }
  return hints.length;
}

async function rescuePost(deps: Deps, agencyId: string, postId: string, delayMs: number): Promise<void> {
  const [post, agency] = await Promise.all([deps.posts.get(agencyId, postId), deps.agencies.get(agencyId)]);
  if (!post || !agency) return;
  const now = deps.clock.now();
  let current = post;
  let again = Number.POSITIVE_INFINITY;
  if (!post.draft && post.deletedAt === undefined) {
    if (post.deliveries.some(({ state }) => state === 'held')) {
      current = await reviewHeld(deps, agency, current, await deps.holds.active(agencyId));
    }
    for (const delivery of current.deliveries.filter((one) => isStuck(one, now))) {
      const moved = rescued(delivery);
      // First the wake: while the queue is away, nothing is counted against the delivery.
      if (isOpen(moved) && moved.nextAttemptAt !== undefined)
        await sendWake(deps, { agencyId, postId, at: moved.nextAttemptAt }, delayMs + SECOND);
      const ref = { agencyId, postId, n: delivery.n };
      const written = await deps.posts.swapDelivery(
        ref,
        { fence: delivery.fence, states: [delivery.state], unmarked: delivery.sending !== true },
        moved,
      );
      if (!written) continue;
      current = written;
      deps.log.warn('delivery.rescued', {
        agencyId,
        brandId: post.brandId,
        deliveryId: deliveryId(postId, delivery.n),
        state: moved.state,
        rescues: moved.rescues,
      });
    }
    again = await armAhead(deps, current, now);
    // Also what others ended: the entry that led here goes only when all has been told.
    await announceDeliveries(deps, agency, current, []);
  }
  await reindex(deps, current, current.deliveries, again);
}

/** Its time has come and gone, and no live claim works on it. */
function isStuck(delivery: Delivery, now: number): boolean {
  if (!isOpen(delivery) || delivery.nextAttemptAt === undefined || delivery.nextAttemptAt > now) return false;
  if (delivery.state === 'held') return false;
  return delivery.state !== 'publishing' || (delivery.leaseUntil ?? 0) <= now;
}

/** One more rescue, or the end: failed if it certainly did not go out, else for a person to decide. */
function rescued(delivery: Delivery): Delivery {
  const rescues = delivery.rescues + 1;
  if (rescues < GIVE_UP_AT) return { ...delivery, rescues };
  const over = { ...delivery, fence: delivery.fence + 1 };
  const reason = 'It did not move in spite of several rescues.';
  // A worker that was given up may report after all: its word ends a doubt, and nothing else.
  if (delivery.state === 'publishing') {
    const doubtSince = delivery.doubtSince ?? delivery.claimedAt ?? delivery.dueAt;
    return { ...uncertain({ ...over, doubtSince }, reason), rescues };
  }
  if (mayBeOut(delivery)) return { ...uncertain(over, reason), rescues };
  return { ...without(released(over), 'nextAttemptAt'), state: 'failed', code: 'internal', reason, rescues };
}

/**
 * What the scheduler refused when the post was queued is armed now; arming twice is harmless.
 * @returns when to look again at the latest, if it refuses once more: as soon as the queue reaches so far by itself
 */
async function armAhead(deps: Deps, post: Post, now: number): Promise<Instant> {
  const ahead = post.deliveries
    .filter(isOpen)
    .flatMap(({ nextAttemptAt: at }) => (at !== undefined && at > now ? [at] : []));
  const refused: Instant[] = [];
  for (const at of new Set(ahead)) {
    if (!(await armWake(deps, { agencyId: post.agencyId, postId: post.id, at }))) refused.push(at);
  }
  return Math.max(now + MINUTE, Math.min(...refused) - QUEUE_REACH);
}
