import * as z from 'zod';
import { type Metrics, told } from '../../domain/metrics.ts';
import { ok } from '../outcome.ts';
import type { Measuring } from '../provider.ts';
import { type DiscourseCredential, discourseCall, discourseReadFailure, isDiscourseGone } from './api.ts';

/** What stands with a topic, one request each: an administrator's key is granted 60 a minute. */
export const discourseMetrics: Measuring<DiscourseCredential> = {
  told: { views: 'views of the topic', reactions: 'likes', replies: 'posts after the first' },
  batch: 1,
  async fetch({ credential, externalIds }, context) {
    const measured = new Map<string, Metrics | 'removed'>();
    for (const id of externalIds.filter((one) => /^\d+$/.test(one))) {
      const answer = await context.http(discourseCall(credential, 'GET', `/t/${id}.json`));
      const topic = ok(answer, topicSchema);
      if (isDiscourseGone(answer) || topic?.deleted_at) measured.set(id, 'removed');
      else if (topic) {
        const { views, like_count: reactions, posts_count: posts } = topic;
        measured.set(id, told({ views, reactions, replies: Math.max(posts - 1, 0) }));
        // Moved to where this user may not look: not told, and nothing wrong with the others.
      } else if (answer.kind !== 'answered' || answer.status !== 403) {
        return discourseReadFailure(answer, context.now());
      }
    }
    return measured;
  },
  followers: async () => null,
};

const topicSchema = z.object({
  views: z.int(),
  like_count: z.int(),
  posts_count: z.int(),
  deleted_at: z.string().nullish(),
});
