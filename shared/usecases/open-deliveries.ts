import type { Actor } from '../domain/agency.ts';
import { AppError } from '../domain/app-error.ts';
import { isOpen } from '../domain/delivery.ts';
import { deliveryId } from '../domain/ids.ts';
import type { Post } from '../domain/post.ts';
import { DAY } from '../domain/time.ts';
import type { Deps } from '../ports.ts';
import { attentionPosts, brandPosts } from './brand-posts.ts';
import { cancelPost } from './cancel-post.ts';

type Where = { agencyId: string; brandId: string; channelId?: string };

/** Nothing open stands further from now than what may be queued ahead, or is being retried; but for what is held. */
const reach = (now: number) => ({ from: now - 30 * DAY, to: now + 401 * DAY });

/** Ids of what something must still happen to in this brand, or on this channel of it. */
export async function openDeliveries(deps: Deps, where: Where): Promise<readonly string[]> {
  const open: string[] = [];
  for await (const post of openPosts(deps, where)) {
    open.push(...openOf(post, where).map(({ n }) => deliveryId(post.id, n)));
  }
  return open;
}

/** Cancels what has not gone out; returns ids of what was already publishing. */
export async function cancelOpen(deps: Deps, where: Where & { actor: Actor }): Promise<readonly string[]> {
  const refused: string[] = [];
  for await (const post of openPosts(deps, where)) {
    const only = openOf(post, where).map(({ n }) => n);
    const cancelled = await cancelPost(deps, { agencyId: where.agencyId, actor: where.actor, post, only });
    refused.push(...cancelled.refused);
  }
  return refused;
}

/** Why a brand or channel cannot be deleted yet; `cancelled`: what could be cancelled has been. */
export const stillOpen = (deliveries: readonly string[], cancelled: boolean): AppError =>
  new AppError(
    'conflict',
    cancelled
      ? 'Some deliveries are going out, or are with a person: try again in a minute, or resolve them.'
      : 'Deliveries are still open: cancel them, or delete with ?cancel=true.',
    { data: { deliveries } },
  );

async function* openPosts(deps: Deps, where: Where): AsyncGenerator<Post> {
  const seen = new Set<string>();
  const near = brandPosts(deps, where.agencyId, where.brandId, reach(deps.clock.now()));
  // A hold may last for years; a person is shown what it holds.
  for (const source of [near, attentionPosts(deps, where.agencyId)]) {
    for await (const post of source) {
      if (seen.has(post.id) || post.brandId !== where.brandId) continue;
      seen.add(post.id);
      if (!post.draft && openOf(post, where).length > 0) yield post;
    }
  }
}

const openOf = (post: Post, { channelId }: Where) =>
  post.deliveries.filter(
    (delivery) => isOpen(delivery) && (channelId === undefined || delivery.channelId === channelId),
  );
