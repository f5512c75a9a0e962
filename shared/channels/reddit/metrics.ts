import * as z from 'zod';
import { type Metrics, told } from '../../domain/metrics.ts';
import { ok } from '../outcome.ts';
import type { Measuring } from '../provider.ts';
import {
  call,
  isRemoved,
  type LinkEntity,
  linkListing,
  type RedditCredential,
  type RedditHosts,
  toFailure,
} from './api.ts';

/** Reddit tells what people did; how many saw a post only its author sees, and no API tells. */
export const redditMetrics = (hosts: RedditHosts): Measuring<RedditCredential> => ({
  told: { reactions: 'score: upvotes less downvotes', replies: 'comments', shares: 'crossposts' },
  batch: 100,
  async fetch({ credential, externalIds }, context) {
    const ids = externalIds.filter((id) => /^t3_\w+$/.test(id));
    if (ids.length === 0) return new Map();
    const path = `/api/info?id=${ids.join(',')}&raw_json=1`;
    const answer = await context.http(call(hosts, credential, 'GET', path));
    const posts = ok(answer, linkListing);
    if (posts === undefined) return toFailure(answer, context.now());
    return new Map(posts.map((post) => [post.name, isRemoved(post) ? 'removed' : toMetrics(post)]));
  },
  async followers({ credential }, context) {
    const answer = await context.http(call(hosts, credential, 'GET', '/api/v1/me?raw_json=1'));
    const me = ok(answer, z.object({ subreddit: profile.nullish().catch(null) }));
    return me === undefined ? toFailure(answer, context.now()) : (me.subreddit?.subscribers ?? null);
  },
});

/** An account's profile is a subreddit of its own. */
const profile = z.object({ subscribers: z.int().nonnegative() });

const count = (value: number | undefined): number | null =>
  value === undefined ? null : Math.max(0, Math.trunc(value));

export const toMetrics = ({ score, num_comments, num_crossposts }: LinkEntity): Metrics =>
  told({ reactions: count(score), replies: count(num_comments), shares: count(num_crossposts) });
