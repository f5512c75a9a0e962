import type { Post } from '../domain/post.ts';
import type { Deps } from '../ports.ts';
import { armWake, QUEUE_REACH } from './arm-wake.ts';
import { instantsOf } from './create-post.ts';

/**
 * After a head was written: removes the schedules of instants that it wants no more. Best effort, because a wake that
 * matches nothing is dropped anyway. A schedule is known by post and instant alone, so whoever moves the post back
 * meanwhile could lose the one that they count on: each side arms anew what the other may have taken away.
 */
export async function disarmOld(
  deps: Pick<Deps, 'scheduler' | 'posts' | 'clock' | 'publishQueue' | 'log'>,
  before: Post,
  after: Post,
): Promise<void> {
  const had = instantsOf(before);
  const wants = instantsOf(after);
  const gone = had.filter((at) => !wants.includes(at));
  await Promise.allSettled(gone.map((at) => deps.scheduler.disarm({ postId: after.id, at })));
  const head = gone.length === 0 ? after : await deps.posts.get(after.agencyId, after.id);
  const live = head === undefined || head.draft || head.deletedAt !== undefined ? [] : instantsOf(head);
  // What is nearer came by the queue, which nobody takes anything out of.
  const now = deps.clock.now();
  const added = wants.filter((at) => !had.includes(at) && at - now > QUEUE_REACH);
  const again = live.filter((at) => gone.includes(at) || added.includes(at));
  await Promise.allSettled(
    again.map((at) => armWake(deps, { agencyId: after.agencyId, postId: after.id, at })),
  );
}
