import type { Post } from '../../domain/post.ts';
import type { Instant } from '../../domain/time.ts';
import { indexed, NO_TIME, shardOf, sortOf } from './keys.ts';

/** The instants at which a post stands in its brand's calendar, earliest first; none for a tombstone. */
export function calendarInstants(post: Post): Instant[] {
  if (post.deletedAt !== undefined) return [];
  const due = post.deliveries.map(({ dueAt }) => dueAt);
  if (due.length === 0) return [post.dueAt ?? NO_TIME];
  return [...new Set(due)].sort((a, b) => a - b);
}

/** Keys in the wake index, or undefined ones. */
export const wakeKeys = (post: Post): { wk?: string; ws?: string } =>
  post.wakeAt === undefined || post.deletedAt !== undefined
    ? {}
    : { wk: indexed.wake(shardOf(post.id)), ws: sortOf(post.wakeAt, post.id) };

/** Keys in the attention index, or undefined ones. */
export const attentionKeys = (post: Post): { ak?: string; as?: string } =>
  post.attentionAt === undefined || post.deletedAt !== undefined
    ? {}
    : { ak: indexed.attention(post.agencyId), as: sortOf(post.attentionAt, post.id) };

/** Keys in the calendar at one instant. */
export const calendarKeys = (post: Post, at: Instant): { ck: string; cs: string } => ({
  ck: indexed.calendar(post.agencyId, post.brandId),
  cs: sortOf(at, post.id),
});

/** All index keys of a head. */
export function indexKeys(post: Post): Record<string, string> {
  const [earliest] = calendarInstants(post);
  const calendar = earliest === undefined ? {} : calendarKeys(post, earliest);
  return { ...calendar, ...wakeKeys(post), ...attentionKeys(post) };
}
