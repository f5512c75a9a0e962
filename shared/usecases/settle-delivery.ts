import type { Outcome } from '../channels/provider.ts';
import type { Delivery } from '../domain/delivery.ts';
import { deliveryId } from '../domain/ids.ts';
import { POINTER_AFTER } from '../domain/late-policy.ts';
import type { Post } from '../domain/post.ts';
import type { Deps } from '../ports.ts';
import { armWake } from './arm-wake.ts';
import { logSettled } from './log-settled.ts';
import type { SettleWriter } from './settle-writer.ts';

export type Settled = { readonly post: Post; readonly delivery: Delivery };

type Settling = {
  readonly post: Post;
  readonly claimed: Delivery;
  readonly next: Delivery;
  readonly outcome: Outcome | { kind: 'gate' };
  readonly writer: SettleWriter;
};

/**
 * Writes what became of an attempt under the fence of its claim, and arms what comes next. When the write fails
 * after a send, the outcome is parked in the queue with its fence, so that it is not lost with this process.
 */
export async function settleDelivery(
  deps: Deps,
  { post, claimed, next, outcome, writer }: Settling,
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
    written = await writer.settle(claimed, next, at);
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

/** Outcomes that `next` has counted among the tries without success. */
const COUNTED: readonly Outcome['kind'][] = ['rejected', 'unavailable', 'uncertain'];

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
      attempt: delivery.attempts + (COUNTED.includes(outcome.kind) ? 0 : 1),
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
