import { type Delivery, type DeliveryState, isOpen, isWithPerson } from './delivery.ts';
import type { Post } from './post.ts';
import { type Instant, MINUTE, SECOND } from './time.ts';

export const POST_STATUSES = [
  'draft',
  'scheduled',
  'held',
  'publishing',
  'published',
  'partly_published',
  'failed',
  'missed',
  'needs_attention',
  'cancelled',
] as const;
export type PostStatus = (typeof POST_STATUSES)[number];

/**
 * Derived from the deliveries, never set by hand. The first line that fits wins:
 * 1. a draft is `draft`; 2. any `uncertain` is `needs_attention`; 3. anything under way is `publishing`;
 * 4. any `held` is `held`; 5. any `scheduled` is `scheduled`; then all is final, cancelled ones aside:
 * 6. none left is `cancelled`; 7. all out is `published`; 8. some out is `partly_published`;
 * 9. any `failed` is `failed`; 10. else `missed`. What was taken off the network was out.
 */
export function postStatus(post: Pick<Post, 'draft' | 'deliveries'>): PostStatus {
  if (post.draft) return 'draft';
  const states = new Set<DeliveryState>(post.deliveries.map(({ state }) => state));
  const any = (...wanted: DeliveryState[]): boolean => wanted.some((state) => states.has(state));
  if (any('uncertain')) return 'needs_attention';
  if (any('publishing', 'pending', 'retrying')) return 'publishing';
  if (any('held')) return 'held';
  if (any('scheduled')) return 'scheduled';
  if (!any('published', 'removed', 'failed', 'missed')) return 'cancelled';
  if (any('published', 'removed')) return any('failed', 'missed') ? 'partly_published' : 'published';
  return any('failed') ? 'failed' : 'missed';
}

/** How long after an instant that should have moved something `rescue` looks. */
const RESCUE_AFTER = 90 * SECOND;
/** How often a held delivery is looked at again at the least: the net below every release. */
const HELD_REVIEW = 60 * MINUTE;

/** When `rescue` must look at this post if nothing moves it before; undefined when all is final. */
export function wakeAtOf(
  post: Pick<Post, 'draft' | 'deliveries' | 'deletedAt'>,
  now: Instant,
): Instant | undefined {
  if (post.draft || post.deletedAt !== undefined) return undefined;
  const instants = post.deliveries.filter(isOpen).map((delivery) => {
    const natural = naturalWakeAt(delivery, now);
    // Overdue in spite of a rescue: look again after 2, 4, 8 … minutes.
    return natural > now ? natural : now + MINUTE * 2 ** Math.max(1, delivery.rescues);
  });
  return instants.length === 0 ? undefined : Math.min(...instants);
}

function naturalWakeAt(delivery: Delivery, now: Instant): Instant {
  const next = delivery.nextAttemptAt;
  if (delivery.state === 'publishing') return (delivery.leaseUntil ?? now) + 20 * SECOND;
  if (delivery.state === 'held')
    return Math.min(now + heldReview(delivery, now), next === undefined ? Infinity : next + RESCUE_AFTER);
  return (next ?? now) + RESCUE_AFTER;
}

/** Nothing but a person's word is waited for. */
export const isAwaited = (delivery: Delivery): boolean =>
  delivery.state === 'pending' && isWithPerson(delivery);

/**
 * A login may come back without a person, and nobody releases then: the old one was refused while a new one was on its
 * way, or lay in the queue. Such a one is looked at after 1, 2, 4 … minutes.
 */
function heldReview({ holds }: Delivery, now: Instant): number {
  const since = holds.filter(({ code }) => code === 'channel_expired').map((hold) => hold.since);
  return since.length === 0 ? HELD_REVIEW : Math.min(HELD_REVIEW, Math.max(MINUTE, now - Math.max(...since)));
}

/** Since when a person must look at this post; undefined when nobody must. */
export function attentionAtOf(post: Pick<Post, 'draft' | 'deliveries' | 'deletedAt'>): Instant | undefined {
  if (post.draft || post.deletedAt !== undefined) return undefined;
  const troubled = post.deliveries.filter(
    (delivery) => ['failed', 'missed', 'uncertain', 'held'].includes(delivery.state) || isAwaited(delivery),
  );
  return troubled.length === 0 ? undefined : Math.min(...troubled.map(({ dueAt }) => dueAt));
}
