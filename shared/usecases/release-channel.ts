import type { Channel } from '../domain/channel.ts';
import type { Post } from '../domain/post.ts';
import { HOUR } from '../domain/time.ts';
import type { Deps } from '../ports.ts';
import { attentionPosts, brandPosts } from './brand-posts.ts';
import { reviewHeld } from './review-held.ts';

/** A release of thousands must be over before the API's half minute is. */
const AT_ONCE = 10;

/** After a reconnect: what waited for this channel goes on by the late policy. */
export async function releaseChannel(
  deps: Deps,
  { agencyId, channel }: { agencyId: string; channel: Channel },
): Promise<void> {
  await reviewScope(deps, { agencyId, brandIds: [channel.brandId], channelId: channel.id });
}

/**
 * Looks again at every held delivery in reach: those a person is shown, and those just held, which the index of
 * the former may not show yet.
 */
export async function reviewScope(
  deps: Deps,
  { agencyId, brandIds, channelId }: { agencyId: string; brandIds: readonly string[]; channelId?: string },
): Promise<void> {
  const agency = await deps.agencies.get(agencyId);
  if (!agency) return;
  const holds = await deps.holds.active(agencyId);
  const found: Post[] = [];
  const reviewFound = () => Promise.all(found.splice(0).map((post) => reviewHeld(deps, agency, post, holds)));
  const seen = new Set<string>();
  const now = deps.clock.now();
  const sources = [
    attentionPosts(deps, agencyId),
    ...brandIds.map((brandId) =>
      brandPosts(deps, agencyId, brandId, { from: now - 2 * HOUR, to: now + HOUR }),
    ),
  ];
  for (const source of sources) {
    for await (const post of source) {
      if (seen.has(post.id) || !brandIds.includes(post.brandId)) continue;
      seen.add(post.id);
      const concerned = post.deliveries.some(
        (delivery) =>
          delivery.state === 'held' && (channelId === undefined || delivery.channelId === channelId),
      );
      if (!concerned) continue;
      found.push(post);
      if (found.length === AT_ONCE) await reviewFound();
    }
  }
  await reviewFound();
}
