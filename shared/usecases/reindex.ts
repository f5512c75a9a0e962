import type { Post } from '../domain/post.ts';
import { attentionAtOf, wakeAtOf } from '../domain/post-status.ts';
import { MINUTE } from '../domain/time.ts';
import type { Deps } from '../ports.ts';

const TRIES = 5;

/**
 * Brings a head's index entries in line with its deliveries. Raising or removing an entry is conditioned on the
 * head's version, so a sibling that moves meanwhile is never dropped from the net. Costs nothing when all is right.
 * @returns the head as it now stands.
 */
export async function reindex(deps: Pick<Deps, 'posts' | 'clock'>, post: Post): Promise<Post> {
  let current = post;
  for (let tried = 1; tried <= TRIES; tried++) {
    const wanted = indexed(current, deps.clock.now());
    if (same(wanted, current)) return current;
    if (await deps.posts.reindex(wanted)) return wanted;
    const fresh = await deps.posts.get(current.agencyId, current.id);
    if (fresh === undefined) return current;
    current = fresh;
  }
  // A head this busy is being moved by others; rescue comes by in any case.
  return current;
}

/** The post with the index entries that its deliveries ask for. */
export function indexed(post: Post, now: number): Post {
  const { wakeAt: _wakeAt, attentionAt: _attentionAt, ...rest } = post;
  const wakeAt = wakeAtOf(post, now);
  const attentionAt = attentionAtOf(post);
  return {
    ...rest,
    ...(wakeAt === undefined ? {} : { wakeAt }),
    ...(attentionAt === undefined ? {} : { attentionAt }),
  };
}

/** A wake entry may stand a little early: coming by for nothing is cheaper than a write. */
function same(wanted: Post, present: Post): boolean {
  if (wanted.attentionAt !== present.attentionAt) return false;
  if (wanted.wakeAt === undefined || present.wakeAt === undefined) return wanted.wakeAt === present.wakeAt;
  return present.wakeAt <= wanted.wakeAt && wanted.wakeAt - present.wakeAt < MINUTE;
}
