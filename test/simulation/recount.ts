import type { Post } from '../../shared/domain/post.ts';
import { postStatus } from '../../shared/domain/post-status.ts';

/** Counts the deliveries by state, as a person would, and compares the post's status with what was counted. */
export function statusByHand(post: Post, say: (what: string) => void): void {
  const count = (...states: string[]): number =>
    post.deliveries.filter(({ state }) => states.includes(state)).length;
  const all = post.deliveries.length;
  const out = count('published', 'removed');
  const wrong = count('failed', 'missed');
  const status = postStatus(post);
  const fits: Record<typeof status, boolean> = {
    draft: post.draft,
    needs_attention: count('uncertain') > 0,
    publishing: count('publishing', 'pending', 'retrying') > 0,
    held: count('held') > 0,
    scheduled: count('scheduled') > 0,
    cancelled: count('cancelled') === all,
    published: out > 0 && out + count('cancelled') === all,
    partly_published: out > 0 && wrong > 0,
    failed: count('failed') > 0 && out === 0,
    missed: count('missed') > 0 && out === 0 && count('failed') === 0,
  };
  if (!fits[status]) say(`${post.id} is called ${status}`);
}
