import type { ParkedSettle } from '../domain/messages.ts';
import type { Deps } from '../ports.ts';
import { announceDeliveries } from './announce.ts';
import { reindex } from './reindex.ts';
import { afterwards } from './settle-delivery.ts';

/**
 * Writes an outcome that its worker could not write. Under its own fence it may end a `publishing` delivery; what
 * is certainly published also ends one that somebody has given up as `uncertain`, or doubts under a later fence.
 */
export async function settleParked(deps: Deps, message: ParkedSettle): Promise<void> {
  const post = await deps.posts.get(message.agencyId, message.postId);
  const present = post?.deliveries.find(({ n }) => n === message.n);
  if (!post || !present) return;
  const parked = message.delivery;
  const sameClaim = present.fence === message.fence;
  const published = parked.state === 'published';
  const open = ['publishing', 'uncertain', 'retrying', 'held'].includes(present.state);
  if (!(sameClaim && present.state === 'publishing') && !(published && open)) return;
  if (!sameClaim && present.doubtSince === undefined) return;

  const next = { ...parked, fence: present.fence + (sameClaim ? 0 : 1) };
  const ref = { agencyId: message.agencyId, postId: message.postId, n: message.n };
  const written = await deps.posts.swapDelivery(ref, { fence: present.fence, states: [present.state] }, next);
  // Moved between read and write: let the queue bring the message again.
  if (!written) throw new Error(`parked outcome of ${message.postId} met another write`);
  const outcome = published
    ? ({ kind: 'published', externalId: next.externalId ?? '', url: next.url ?? '' } as const)
    : ({ kind: 'gate' } as const);
  await afterwards(deps, written, next, outcome, message.at);
  const indexed = await reindex(deps, written);
  const agency = await deps.agencies.get(message.agencyId);
  if (agency) await announceDeliveries(deps, agency, indexed, [next]);
}
