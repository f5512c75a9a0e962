import type { Outcome } from '../channels/provider.ts';
import { type Delivery, isOpen, isTrouble } from '../domain/delivery.ts';
import { deliveryId } from '../domain/ids.ts';
import { POINTER_AFTER } from '../domain/late-policy.ts';
import type { Post } from '../domain/post.ts';
import { SECOND } from '../domain/time.ts';
import type { Deps } from '../ports.ts';
import { armWake } from './arm-wake.ts';
import { logSettled } from './log-settled.ts';
import { indexed } from './reindex.ts';

/** How long after something should have happened `rescue` looks. */
const NET = 90 * SECOND;

export type Settled = { readonly post: Post; readonly delivery: Delivery };

type Settling = {
  readonly post: Post;
  readonly claimed: Delivery;
  readonly next: Delivery;
  readonly outcome: Outcome | { kind: 'gate' };
  /** The head as the claim left it, if no write of ours has moved it since: then its index entries can go along. */
  readonly head?: Post;
};

/**
 * Writes what became of an attempt under the fence of its claim, and arms what comes next. When the write fails
 * after a send, the outcome is parked in the queue with its fence, so that it is not lost with this process.
 */
export async function settleDelivery(
  deps: Deps,
  { post, claimed, next, outcome, head }: Settling,
): Promise<Settled | undefined> {
  const ref = { agencyId: post.agencyId, postId: post.id, n: claimed.n };
  const at = deps.clock.now();
  const park = async (): Promise<void> => {
    await deps.publishQueue.send(
      {
        kind: 'settle',
        agencyId: ref.agencyId,
        postId: ref.postId,
        n: ref.n,
        fence: claimed.fence,
        delivery: next,
        at,
      },
      { delaySeconds: 5, group: ref.agencyId },
    );
  };

  let written: Post | undefined;
  try {
    const mine = { fence: claimed.fence, states: ['publishing'] } as const;
    const whole = head && wholeAfter(head, next, at);
    written =
      (whole && (await deps.posts.swapDelivery(ref, mine, next, whole))) ??
      (await deps.posts.swapDelivery(ref, mine, next, netUnder(next, at)));
  } catch (error) {
    if (outcome.kind === 'gate') throw error;
    deps.log.error('settle.parked', {
      agencyId: post.agencyId,
      brandId: post.brandId,
      deliveryId: deliveryId(post.id, claimed.n),
      outcome: outcome.kind,
      error: String(error),
    });
    await park();
    return undefined;
  }
  if (written === undefined) {
    // Another worker took the claim over. What we know for certain is kept for it.
    if (next.state === 'published') await park();
    return undefined;
  }
  await afterwards(deps, written, next, outcome, at);
  return { post: written, delivery: next };
}

/** What follows a settled attempt; each part may be repeated, and none of it is what makes the outcome true. */
export async function afterwards(
  deps: Deps,
  post: Post,
  delivery: Delivery,
  outcome: Outcome | { kind: 'gate' },
  at: number,
): Promise<void> {
  const ref = { agencyId: post.agencyId, postId: post.id, n: delivery.n };
  logSettled(deps, post, delivery, outcome.kind);
  const failedOnce = outcome.kind !== 'published' || delivery.attempts > 0;
  if (outcome.kind !== 'gate' && failedOnce) {
    await deps.posts.addAttempt(ref, {
      n: delivery.n,
      attempt: delivery.attempts + (outcome.kind === 'published' ? 1 : 0),
      at,
      outcome: outcome.kind,
      ...('code' in outcome ? { code: outcome.code } : {}),
      ...('reason' in outcome ? { reason: outcome.reason } : {}),
    });
  }
  if (delivery.publishedAt !== undefined && delivery.publishedAt - delivery.dueAt > POINTER_AFTER) {
    await deps.posts.addPointer(post, delivery.publishedAt);
  }
  if (delivery.nextAttemptAt !== undefined) {
    // Refused by the scheduler: the head's wakeAt stands, and rescue arms it.
    await armWake(deps, { agencyId: post.agencyId, postId: post.id, at: delivery.nextAttemptAt });
  }
}

/**
 * The head with what is to be written, index entries included; undefined while a sibling is open, whose writes
 * would be in the way. With it one write does for settling and indexing.
 */
function wholeAfter(head: Post, next: Delivery, now: number): Post | undefined {
  const alone = head.deliveries.every((one) => one.n === next.n || !isOpen(one));
  const deliveries = head.deliveries.map((one) => (one.n === next.n ? next : one));
  // What has gone wrong keeps its entry until it has been told.
  return alone && !deliveries.some(isTrouble) ? indexed({ ...head, deliveries }, now) : undefined;
}

/**
 * When `rescue` looks at it at the latest: after the next try, or, where people must be told, soon; the entry goes
 * when they have been told.
 */
export function netUnder(delivery: Delivery, now: number): number | undefined {
  if (delivery.nextAttemptAt !== undefined) return delivery.nextAttemptAt + NET;
  return isTrouble(delivery) ? now + NET : undefined;
}
