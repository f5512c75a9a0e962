import type { Actor } from '../domain/agency.ts';
import { AppError, notFound } from '../domain/app-error.ts';
import { type Delivery, isOpen, isUntouched } from '../domain/delivery.ts';
import { deliveryId } from '../domain/ids.ts';
import type { Post } from '../domain/post.ts';
import { released, without } from '../domain/settle.ts';
import type { Deps } from '../ports.ts';
import { disarmOld } from './disarm-old.ts';
import { reindex } from './reindex.ts';

const TRIES = 4;

/**
 * Stops what is unsent, each delivery for itself. After this returns, nothing of what it names as cancelled goes
 * out: the write bumps the fence, so a worker that read the delivery before can no longer claim it.
 * @returns the post, and the ids of deliveries that may be going out right now, which were not cancelled
 */
export async function cancelPost(
  deps: Pick<Deps, 'posts' | 'clock' | 'audit' | 'scheduler' | 'publishQueue' | 'log'>,
  act: { agencyId: string; actor: Actor; post: Post; only?: readonly number[] },
): Promise<{ post: Post; refused: readonly string[] }> {
  let { post } = act;
  const refused: string[] = [];
  for (const { n } of act.post.deliveries) {
    if (act.only && !act.only.includes(n)) continue;
    const result = await cancelOne(deps, post, n);
    post = result.post;
    if (result.refused) refused.push(deliveryId(post.id, n));
  }
  await disarmOld(deps, act.post, post);
  await deps.audit.append(act.agencyId, {
    at: deps.clock.now(),
    actor: act.actor,
    act: 'post.cancel',
    target: post.id,
    data: { refused },
  });
  return { post: await reindex(deps, post), refused };
}

/** An unclear answer counts, too, for as long as the network is asked what became of it. */
export const STILL_GOING = 'Some deliveries are going out, or may be out already; all others are cancelled.';

/**
 * Cancels and leaves a tombstone, so that its idempotency key never makes a second post. Never touches the network.
 * @throws AppError `conflict` when a delivery is going out right now
 */
export async function deletePost(
  deps: Pick<Deps, 'posts' | 'clock' | 'audit' | 'scheduler' | 'publishQueue' | 'log'>,
  act: { agencyId: string; actor: Actor; post: Post },
): Promise<Post> {
  let { post, refused } = await cancelPost(deps, act);
  if (refused.length > 0) {
    throw new AppError('conflict', STILL_GOING, { data: { deliveries: refused } });
  }
  for (let tried = 0; tried < TRIES; tried++) {
    const written = await deps.posts.replace({ ...bare(post), deletedAt: deps.clock.now() });
    if (written) return written;
    const fresh = await deps.posts.get(post.agencyId, post.id);
    if (!fresh) throw notFound('post');
    if (fresh.deletedAt !== undefined) return fresh;
    // Somebody has sent one of them on its way again: a tombstone would bury it.
    if (fresh.deliveries.some(isOpen)) break;
    post = fresh;
  }
  throw new AppError('conflict', 'The post is being changed by others; try again.');
}

async function cancelOne(
  deps: Pick<Deps, 'posts'>,
  seen: Post,
  n: number,
): Promise<{ post: Post; refused: boolean }> {
  let post = seen;
  for (let tried = 0; tried < TRIES; tried++) {
    const delivery = post.deliveries.find((one) => one.n === n);
    if (!delivery || isFinal(delivery)) return { post, refused: false };
    if (!isUntouched(delivery)) return { post, refused: true };
    const cancelled: Delivery = {
      ...without(released(delivery), 'nextAttemptAt'),
      state: 'cancelled',
      fence: delivery.fence + 1,
    };
    const ref = { agencyId: post.agencyId, postId: post.id, n };
    const written = await deps.posts.swapDelivery(
      ref,
      { fence: delivery.fence, states: [delivery.state] },
      cancelled,
    );
    if (written) {
      return { post: written, refused: false };
    }
    const fresh = await deps.posts.get(post.agencyId, post.id);
    if (!fresh) throw notFound('post');
    post = fresh;
  }
  return { post, refused: true };
}

const isFinal = ({ state }: Delivery): boolean =>
  ['published', 'cancelled', 'removed', 'failed', 'missed'].includes(state);

function bare(post: Post): Post {
  const { wakeAt: _wakeAt, attentionAt: _attentionAt, ...rest } = post;
  return rest;
}
