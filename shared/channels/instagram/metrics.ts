import * as z from 'zod';
import { type Metrics, told } from '../../domain/metrics.ts';
import { faultOf, type Graph, graphGet, graphOk, graphReadFailure, insightsOf, isGone } from '../graph.ts';
import type { Context, MeasureFailure, Measuring } from '../provider.ts';

/** https://developers.facebook.com/documentation/instagram-platform/reference/instagram-media/insights */
export const instagramMetrics = <Credential>(
  graphOf: (credential: Credential) => Graph,
): Measuring<Credential> => ({
  told: {
    views: 'times it was played or on a screen',
    reach: 'accounts that saw it',
    reactions: 'likes',
    replies: 'comments; of a story, replies',
    shares: 'shares',
    saves: 'saves',
  },
  // Two requests a post; there is none for several.
  batch: 10,
  async fetch({ credential, externalIds }, context) {
    const measured = new Map<string, Metrics | 'removed'>();
    for (const id of externalIds) {
      const metrics = await readMedia(graphOf(credential), id, context);
      if (typeof metrics === 'object' && 'kind' in metrics) return metrics;
      if (metrics !== undefined) measured.set(id, metrics);
    }
    return measured;
  },
  async followers({ credential, account }, context) {
    const answer = await context.http(
      graphGet(graphOf(credential), account.id, { fields: 'followers_count' }),
    );
    const user = graphOk(answer, z.object({ followers_count: z.int().optional() }));
    return user === undefined ? graphReadFailure(answer, context.now()) : (user.followers_count ?? null);
  },
});

const FEED = 'views,reach,likes,comments,saved,shares';
const STORY = 'views,reach,replies,shares';

const media = z.object({
  media_product_type: z.string().optional(),
  like_count: z.int().optional(),
  comments_count: z.int().optional(),
});

/** Undefined: it could not be told. */
async function readMedia(
  graph: Graph,
  id: string,
  context: Context,
): Promise<Metrics | 'removed' | MeasureFailure | undefined> {
  const read = await context.http(
    graphGet(graph, encodeURIComponent(id), { fields: 'media_product_type,like_count,comments_count' }),
  );
  const known = graphOk(read, media);
  if (known === undefined) {
    if (await isGone(graph, read, context)) return 'removed';
    return faultOf(read) === 'missing' ? undefined : graphReadFailure(read, context.now());
  }
  const isStory = known.media_product_type === 'STORY';
  const metric = isStory ? STORY : FEED;
  const answer = await context.http(graphGet(graph, `${encodeURIComponent(id)}/insights`, { metric }));
  const fault = faultOf(answer);
  if (fault === 'limit' || fault === 'brake') return graphReadFailure(answer, context.now());
  // Too few people saw it (code 10), or the right to read insights is missing: the counts are told all the same.
  const seen = insightsOf(answer.kind === 'answered' && answer.status < 300 ? answer.json : undefined);
  return told({
    views: seen.views ?? null,
    reach: seen.reach ?? null,
    reactions: seen.likes ?? known.like_count ?? null,
    replies: (isStory ? seen.replies : (seen.comments ?? known.comments_count)) ?? null,
    shares: seen.shares ?? null,
    saves: seen.saved ?? null,
  });
}
