import * as z from 'zod';
import { type Metrics, told } from '../../domain/metrics.ts';
import { faultOf, type Graph, graphGet, graphOk, graphReadFailure, insightsOf, isGone } from '../graph.ts';
import type { Context, MeasureFailure, Measuring } from '../provider.ts';

const METRICS = 'views,likes,replies,reposts,quotes,shares';

/** https://developers.facebook.com/documentation/threads/insights */
export const threadsMetrics = <Credential>(
  graphOf: (credential: Credential) => Graph,
): Measuring<Credential> => ({
  told: {
    views: 'times it was played or on a screen',
    reactions: 'likes',
    replies: 'replies',
    shares: 'reposts, quotes and shares',
  },
  // A request a post; there is none for several.
  batch: 20,
  async fetch({ credential, externalIds }, context) {
    const measured = new Map<string, Metrics | 'removed'>();
    for (const id of externalIds) {
      const metrics = await readPost(graphOf(credential), id, context);
      if (typeof metrics === 'object' && 'kind' in metrics) return metrics;
      if (metrics !== undefined) measured.set(id, metrics);
    }
    return measured;
  },
  async followers({ credential, account }, context) {
    const path = `${account.id}/threads_insights`;
    const answer = await context.http(graphGet(graphOf(credential), path, { metric: 'followers_count' }));
    const insights = graphOk(answer, z.unknown());
    if (insights !== undefined) return insightsOf(insights).followers_count ?? null;
    return faultOf(answer) === 'permission' ? null : graphReadFailure(answer, context.now());
  },
});

/** Undefined: it could not be told. */
async function readPost(
  graph: Graph,
  id: string,
  context: Context,
): Promise<Metrics | 'removed' | MeasureFailure | undefined> {
  const path = `${encodeURIComponent(id)}/insights`;
  const answer = await context.http(graphGet(graph, path, { metric: METRICS }));
  const insights = graphOk(answer, z.unknown());
  if (insights === undefined) {
    if (await isGone(graph, answer, context)) return 'removed';
    const fault = faultOf(answer);
    // The right to read insights is one of its own: publishing goes on without it.
    if (fault === 'permission') return told({});
    return fault === 'missing' ? undefined : graphReadFailure(answer, context.now());
  }
  const { views, likes, replies, reposts, quotes, shares } = insightsOf(insights);
  const passedOn = [reposts, quotes, shares].filter((count) => count !== undefined);
  return told({
    views: views ?? null,
    reactions: likes ?? null,
    replies: replies ?? null,
    shares: passedOn.length === 0 ? null : passedOn.reduce((sum, count) => sum + count, 0),
  });
}
