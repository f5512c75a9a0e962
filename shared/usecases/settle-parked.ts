import { canonicalJson } from '../domain/content.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { ParkedSettle } from '../domain/messages.ts';
import type { Post } from '../domain/post.ts';
import type { Deps } from '../ports.ts';
import { announceDeliveries } from './announce.ts';
import { reindex } from './reindex.ts';
import { afterwards } from './settle-delivery.ts';
import { netUnder } from './settle-writer.ts';

/** States in which it may still stand when its worker was given up. */
const GIVEN_UP: readonly Delivery['state'][] = ['publishing', 'uncertain', 'retrying', 'held'];

/**
 * Writes an outcome that its worker could not write. Under its own fence it may end a `publishing` delivery; what
 * is certainly published also ends one that somebody has given up as `uncertain`, or doubts under a later fence.
 * When the outcome stands there already, only the answer of its write was lost, and what follows it is made up for.
 */
export async function settleParked(deps: Deps, message: ParkedSettle): Promise<void> {
  const post = await deps.posts.get(message.agencyId, message.postId);
  const present = post?.deliveries.find(({ n }) => n === message.n);
  if (!post || !present) return;
  const parked = message.delivery;
  if (isSame(present, parked)) return follow(deps, post, present, message.at);

  const sameClaim = present.fence === message.fence;
  const published = parked.state === 'published';
  if (!(sameClaim && present.state === 'publishing') && !(published && GIVEN_UP.includes(present.state)))
    return;
  const ref = { agencyId: message.agencyId, postId: message.postId, n: message.n };
  if (!sameClaim) {
    if (present.doubtSince === undefined) return;
    // A look for another delivery of the same words may have found this very post, and taken it for its own.
    const { network, externalId = '' } = parked;
    if (!(await deps.posts.reserveExternalId(ref, network, externalId))) return;
  }

  const next = { ...parked, fence: present.fence + (sameClaim ? 0 : 1) };
  const written = await deps.posts.swapDelivery(
    ref,
    { fence: present.fence, states: [present.state] },
    next,
    netUnder(next, deps.clock.now()),
  );
  // Moved between read and write: let the queue bring the message again.
  if (!written) throw new Error(`parked outcome of ${message.postId} met another write`);
  await follow(deps, written, next, message.at);
}

/** The fence aside: an outcome that was written over a later claim stands under a fence of its own. */
const isSame = (present: Delivery, parked: Delivery): boolean =>
  canonicalJson({ ...present, fence: 0 }) === canonicalJson({ ...parked, fence: 0 });

async function follow(deps: Deps, post: Post, settled: Delivery, at: number): Promise<void> {
  const outcome =
    settled.state === 'published'
      ? ({ kind: 'published', externalId: settled.externalId ?? '', url: settled.url ?? '' } as const)
      : ({ kind: 'gate' } as const);
  await afterwards(deps, post, settled, outcome, at);
  const agency = await deps.agencies.get(post.agencyId);
  if (agency) await announceDeliveries(deps, agency, post, [settled]);
  await reindex(deps, post, post.deliveries);
}
