import * as z from 'zod';
import { type Metrics, told } from '../../domain/metrics.ts';
import type { Measuring } from '../provider.ts';
import { call, successOf, toFailure, type YoutubeCredential } from './api.ts';

/** The numbers of the Data API, at once; those of the Analytics API come days later. */
export const youtubeMetrics = (api: string): Measuring<YoutubeCredential> => ({
  told: { views: 'views', videoViews: 'views', reactions: 'likes', replies: 'comments' },
  // https://developers.google.com/youtube/v3/docs/videos/list: one unit of quota for up to 50.
  batch: 50,
  async fetch({ credential, externalIds }, context) {
    const query = { part: 'statistics', id: externalIds.join(',') };
    const answer = await context.http(call(api, credential, 'GET', 'videos', query));
    const found = successOf(answer, videos);
    if (found === undefined) return toFailure(answer, context.now());
    const known = new Map(found.items.map(({ id, statistics }) => [id, toMetrics(statistics)]));
    // The owner's token sees private videos, too: what is left out is gone.
    return new Map(externalIds.map((id) => [id, known.get(id) ?? 'removed'] as const));
  },
  async followers({ credential, account }, context) {
    const query = { part: 'statistics', id: account.id };
    const answer = await context.http(call(api, credential, 'GET', 'channels', query));
    const found = successOf(answer, channels);
    if (found === undefined) return toFailure(answer, context.now());
    const { hiddenSubscriberCount, subscriberCount } = found.items[0]?.statistics ?? {};
    return hiddenSubscriberCount === true ? null : (subscriberCount ?? null);
  },
});

/** Counts come as text; those that the owner hides do not come. */
const count = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number)
  .optional()
  .catch(undefined);
const statistics = z.object({ viewCount: count, likeCount: count, commentCount: count });
const videos = z.object({ items: z.array(z.object({ id: z.string(), statistics })).default([]) });
const channels = z.object({
  items: z
    .array(
      z.object({
        statistics: z.object({ subscriberCount: count, hiddenSubscriberCount: z.boolean().optional() }),
      }),
    )
    .default([]),
});

export const toMetrics = ({ viewCount, likeCount, commentCount }: z.infer<typeof statistics>): Metrics =>
  told({
    views: viewCount ?? null,
    videoViews: viewCount ?? null,
    reactions: likeCount ?? null,
    replies: commentCount ?? null,
  });
