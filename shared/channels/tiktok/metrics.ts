import * as z from 'zod';
import { type Metrics, told } from '../../domain/metrics.ts';
import type { Measuring } from '../provider.ts';
import { call, dataOf, type TiktokCredential, toFailure } from './api.ts';

const FIELDS = 'id,view_count,like_count,comment_count,share_count';

/** https://developers.tiktok.com/doc/tiktok-api-v2-video-query: public videos of the account, up to 20. */
export const tiktokMetrics = (api: string): Measuring<TiktokCredential> => ({
  told: { views: 'views', videoViews: 'views', reactions: 'likes', replies: 'comments', shares: 'shares' },
  batch: 20,
  async fetch({ credential, externalIds }, context) {
    const asked = externalIds.flatMap((externalId) => {
      const [, photo, id] = EXTERNAL_ID.exec(externalId) ?? [];
      return id === undefined ? [] : [{ externalId, id, isPhoto: photo !== undefined }];
    });
    if (asked.length === 0) return new Map();
    const body = { filters: { video_ids: asked.map(({ id }) => id) } };
    const answer = await context.http(call(api, credential, `/v2/video/query/?fields=${FIELDS}`, body));
    const found = dataOf(answer, videos);
    if (found === undefined) return toFailure(answer, context.now());
    const known = new Map(found.videos.map((video) => [video.id, toMetrics(video)]));
    const measured = new Map<string, Metrics | 'removed'>();
    for (const { externalId, id, isPhoto } of asked) {
      const metrics = known.get(id);
      if (metrics !== undefined) measured.set(externalId, metrics);
      // Photos are not promised by that page: that they are left out says nothing.
      else if (!isPhoto) measured.set(externalId, 'removed');
    }
    return measured;
  },
  async followers({ credential }, context) {
    const answer = await context.http(call(api, credential, '/v2/user/info/?fields=follower_count'));
    const found = dataOf(answer, user);
    return found === undefined ? toFailure(answer, context.now()) : (found.user.follower_count ?? null);
  },
});

/** What is known only by the id of its publishing (posts that are not public) cannot be measured. */
const EXTERNAL_ID = /^(photo\/)?(\d+)$/;

const count = z.int().nonnegative().optional().catch(undefined);
const video = z.object({
  id: z.string(),
  view_count: count,
  like_count: count,
  comment_count: count,
  share_count: count,
});
const videos = z.object({ videos: z.array(video).default([]) });
const user = z.object({ user: z.object({ follower_count: count }) });

export const toMetrics = (counts: Omit<z.infer<typeof video>, 'id'>): Metrics =>
  told({
    views: counts.view_count ?? null,
    videoViews: counts.view_count ?? null,
    reactions: counts.like_count ?? null,
    replies: counts.comment_count ?? null,
    shares: counts.share_count ?? null,
  });
