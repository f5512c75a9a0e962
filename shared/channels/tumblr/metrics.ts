import * as z from 'zod';
import { type Metrics, told } from '../../domain/metrics.ts';
import type { Measuring } from '../provider.ts';
import { blogPath, call, isGone, ok, type TumblrCredential, toFailure } from './api.ts';
import { followersOf } from './login.ts';

/** Tumblr counts likes, reblogs and replies as one number of notes, and tells nothing of who saw a post. */
export const tumblrMetrics = (api: string): Measuring<TumblrCredential> => ({
  told: { reactions: 'notes: likes, reblogs and replies together' },
  batch: 10,
  async fetch({ credential, account, externalIds }, context) {
    const measured = new Map<string, Metrics | 'removed'>();
    for (const id of externalIds.filter((one) => /^\d+$/.test(one))) {
      const path = blogPath(account.id, '/posts');
      const answer = await context.http(call(api, credential, 'GET', path, { query: { id, npf: 'true' } }));
      const page = ok(answer, z.object({ posts: z.array(z.object({ note_count: z.int().nonnegative() })) }));
      const [post] = page?.posts ?? [];
      if (isGone(answer)) measured.set(id, 'removed');
      else if (post !== undefined) measured.set(id, told({ reactions: post.note_count }));
      else if (page === undefined) return toFailure(answer, context.now());
    }
    return measured;
  },
  followers: ({ credential, account }, context) => followersOf(api, credential, account.id, context),
});
