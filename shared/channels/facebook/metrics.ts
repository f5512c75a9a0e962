import * as z from 'zod';
import { type Metrics, told } from '../../domain/metrics.ts';
import {
  faultOf,
  type Graph,
  graphGet,
  graphOk,
  graphPost,
  graphReadFailure,
  insightsOf,
  isGone,
  jsonOf,
} from '../graph.ts';
import { clip } from '../outcome.ts';
import type { Context, HttpAnswer, MeasureFailure, Measuring } from '../provider.ts';

/** Two requests a post, and 50 in a batch: https://developers.facebook.com/docs/graph-api/batch-requests */
const BATCH = 25;

export const facebookMetrics = <Credential extends { accessToken: string }>(
  graphOf: (credential: Credential) => Graph,
): Measuring<Credential> => ({
  told: {
    views: 'times it was on a screen (post_media_view)',
    reach: 'people who saw it (post_total_media_view_unique)',
    reactions: 'reactions of all kinds',
    replies: 'comments',
    shares: 'shares',
    clicks: 'clicks on anything in it (post_clicks)',
  },
  batch: BATCH,
  async fetch({ credential, externalIds }, context) {
    const ids = externalIds.filter((id) => /^\d+(_\d+)?$/.test(id));
    return ids.length === 0 ? new Map() : readPosts(graphOf(credential), ids, context);
  },
  async followers({ credential, account }, context) {
    const answer = await context.http(
      graphGet(graphOf(credential), account.id, { fields: 'followers_count' }),
    );
    const page = graphOk(answer, z.object({ followers_count: z.int().optional() }));
    return page === undefined ? graphReadFailure(answer, context.now()) : (page.followers_count ?? null);
  },
});

/** One wrong metric fails a whole request: what everybody may read is asked for apart from the insights. */
const COUNTS = 'shares,reactions.limit(0).summary(total_count),comments.limit(0).summary(total_count)';
/** A video that never told the post it stands in. */
const VIDEO_COUNTS = 'likes.limit(0).summary(total_count),comments.limit(0).summary(total_count)';
/**
 * All that is left since 2026-06-15: https://developers.facebook.com/documentation/pages-api/platforminsights/page/deprecated-metrics
 * Without the period reach is told twice, as a whole and for the last days, which are 0 mostly.
 */
const INSIGHTS = 'metric=post_media_view,post_total_media_view_unique,post_clicks&period=lifetime';

async function readPosts(
  graph: Graph,
  ids: readonly string[],
  context: Context,
): Promise<Map<string, Metrics | 'removed'> | MeasureFailure> {
  const asked = ids.flatMap((id) => [
    `${id}?fields=${id.includes('_') ? COUNTS : VIDEO_COUNTS}`,
    `${id}/insights?${INSIGHTS}`,
  ]);
  const batch = JSON.stringify(asked.map((relative_url) => ({ method: 'GET', relative_url })));
  const whole = await context.http(graphPost(graph, 'me', { batch, include_headers: 'false' }));
  const answers = graphOk(whole, z.array(part.nullable()))?.map(toAnswer);
  if (answers === undefined) return graphReadFailure(whole, context.now());
  const measured = new Map<string, Metrics | 'removed'>();
  for (const [n, id] of ids.entries()) {
    const counts = answers[2 * n] ?? NO_ANSWER;
    const insights = answers[2 * n + 1] ?? NO_ANSWER;
    const stop = [counts, insights].find((one) => STOPS.has(faultOf(one) ?? ''));
    if (stop !== undefined) return graphReadFailure(stop, context.now());
    const known = graphOk(counts, countsShape);
    if (known !== undefined) measured.set(id, toMetrics(known, insights));
    else if (await isGone(graph, counts, context)) measured.set(id, 'removed');
  }
  return measured;
}

/** What holds for every other post of the channel, too. */
const STOPS: ReadonlySet<string> = new Set(['reconnect', 'limit', 'brake']);

const part = z.object({ code: z.int(), body: z.string() });

function toAnswer(told: z.infer<typeof part> | null): HttpAnswer {
  if (told === null) return NO_ANSWER;
  return { kind: 'answered', status: told.code, headers: {}, text: clip(told.body), json: jsonOf(told.body) };
}

const NO_ANSWER: HttpAnswer = { kind: 'unanswered', reason: 'Facebook left this out of its answer' };

const summary = z.object({ summary: z.object({ total_count: z.int() }) }).optional();
const countsShape = z.object({
  shares: z.object({ count: z.int() }).optional(),
  reactions: summary,
  likes: summary,
  comments: summary,
});

/** A post that nobody has shared comes without `shares`. */
export function toMetrics(counts: z.infer<typeof countsShape>, insights: HttpAnswer): Metrics {
  const seen = insightsOf(insights.kind === 'answered' && insights.status < 300 ? insights.json : undefined);
  const { reactions, likes, comments, shares } = counts;
  return told({
    views: seen.post_media_view ?? null,
    reach: seen.post_total_media_view_unique ?? null,
    clicks: seen.post_clicks ?? null,
    reactions: (reactions ?? likes)?.summary.total_count ?? null,
    replies: comments?.summary.total_count ?? null,
    shares: shares?.count ?? (reactions === undefined ? null : 0),
  });
}
