import type { Content } from './content.ts';
import type { Delivery } from './delivery.ts';
import type { DueAtInput, Post, PostInput } from './post.ts';
import { toRfc3339 } from './time.ts';
import { land } from './wall-clock.ts';

/** A post as its author would write it now: what a PATCH is merged into. */
export function authored(post: Post, content: Content): Partial<PostInput> {
  const listed = post.deliveries.filter(({ state }) => state !== 'cancelled');
  const base = post.dueAt === undefined ? undefined : saidAt(listed, post.dueAt);
  const variants: PostInput['variants'] = structuredClone({ ...content.variants });
  for (const delivery of listed) {
    if (delivery.dueAt === 0 || delivery.dueAt === post.dueAt) continue;
    variants[delivery.channelId] = {
      ...variants[delivery.channelId],
      dueAt: saidAt([delivery], delivery.dueAt),
    };
  }
  return {
    content: content.base,
    variants,
    channels: listed.map(({ channelId }) => channelId),
    ...(base === undefined ? {} : { dueAt: base }),
    ...(post.latePolicy ? { latePolicy: post.latePolicy } : {}),
    labels: [...post.labels],
    ...(post.campaign === undefined ? {} : { campaign: post.campaign }),
    draft: post.draft,
  };
}

/** In the author's own words where they were wall-clock words and still mean that instant. */
function saidAt(deliveries: readonly Delivery[], at: number): DueAtInput {
  const wall = deliveries.find(({ dueAt }) => dueAt === at)?.wall;
  // Both readings of an overlap carry the same words, so they are said as an instant.
  return wall && land(wall).kind === 'exact' ? { local: wall.local, timeZone: wall.timeZone } : toRfc3339(at);
}
