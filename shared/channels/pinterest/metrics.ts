import * as z from 'zod';
import { type Metrics, told } from '../../domain/metrics.ts';
import { DAY, type Instant, toRfc3339 } from '../../domain/time.ts';
import { ok } from '../outcome.ts';
import type { Context, HttpAnswer, MeasureFailure, Measuring } from '../provider.ts';
import { call, isGone, type PinterestCredential, toFailure } from './api.ts';

/** Analytics of a pin are told of business accounts, and by the day: the newest numbers come a day or two late. */
export const pinterestMetrics = (api: string): Measuring<PinterestCredential> => ({
  told: {
    impressions: 'impressions',
    reactions: 'reactions',
    replies: 'comments',
    saves: 'saves',
    clicks: 'outbound clicks',
    videoViews: 'video views of at least 2 seconds with half of it on screen',
  },
  batch: 10,
  async fetch({ credential, externalIds }, context) {
    const measured = new Map<string, Metrics | 'removed'>();
    for (const pinId of externalIds.filter((one) => /^\d+$/.test(one))) {
      const metrics = await fetchOne(api, credential, pinId, context);
      if (metrics === undefined) continue;
      if (metrics !== 'removed' && 'kind' in metrics) return metrics;
      measured.set(pinId, metrics);
    }
    return measured;
  },
  async followers({ credential }, context) {
    const answer = await context.http(call(api, credential, 'GET', '/user_account'));
    const account = ok(answer, z.object({ follower_count: z.int().nonnegative().nullish() }));
    return account === undefined ? toFailure(answer, context.now()) : (account.follower_count ?? null);
  },
});

/** Undefined: it could not be told. */
async function fetchOne(
  api: string,
  credential: PinterestCredential,
  pinId: string,
  context: Context,
): Promise<Metrics | 'removed' | MeasureFailure | undefined> {
  // Which metrics may be asked for depends on what the pin shows.
  const pin = await context.http(call(api, credential, 'GET', `/pins/${pinId}`));
  if (isGone(pin)) return 'removed';
  if (ok(pin, z.object({ id: z.string() })) === undefined) return failureIn(pin, context.now());
  const isVideo = ok(pin, z.object({ media: z.object({ media_type: z.literal('video') }) })) !== undefined;
  const now = context.now();
  const query = {
    // At most 90 days back, https://developers.pinterest.com/docs/api/v5/pins-analytics
    start_date: day(now - 89 * DAY),
    end_date: day(now),
    metric_types: [...TYPES, ...(isVideo ? ['VIDEO_MRC_VIEW'] : [])].join(','),
  };
  const answer = await context.http(call(api, credential, 'GET', `/pins/${pinId}/analytics`, { query }));
  if (isGone(answer)) return 'removed';
  const analytics = ok(answer, analyticsSchema);
  return analytics === undefined ? failureIn(answer, now) : toMetrics(analytics);
}

const TYPES = ['IMPRESSION', 'OUTBOUND_CLICK', 'SAVE', 'TOTAL_COMMENTS', 'TOTAL_REACTIONS'];

const day = (at: Instant): string => toRfc3339(at).slice(0, 10);

/** A refusal of one pin must not stop the others: only what concerns the account or the moment is a failure. */
function failureIn(answer: HttpAnswer, now: Instant): MeasureFailure | undefined {
  const failure = toFailure(answer, now);
  const ofThisPin =
    failure.kind === 'unavailable' &&
    answer.kind === 'answered' &&
    answer.status < 500 &&
    answer.status !== 408;
  return ofThisPin ? undefined : failure;
}

const numbers = z.record(z.string(), z.number()).catch({});
const analyticsSchema = z
  .record(
    z.string(),
    z.object({
      summary_metrics: numbers.optional(),
      lifetime_metrics: numbers.optional(),
      daily_metrics: z.array(z.object({ data_status: z.string().optional() })).optional(),
    }),
  )
  .transform((byApp) => byApp.all ?? byApp.ALL ?? Object.values(byApp)[0] ?? {});

/** Sums of days that Pinterest has not counted yet are no zeros. */
export function toMetrics({
  summary_metrics = {},
  lifetime_metrics = {},
  daily_metrics = [],
}: z.infer<typeof analyticsSchema>): Metrics {
  const counted =
    daily_metrics.length === 0 ||
    daily_metrics.some(({ data_status }) => data_status === 'READY' || data_status === 'ESTIMATE');
  const sum = (name: string): number | null => (counted ? (summary_metrics[name] ?? null) : null);
  return told({
    impressions: sum('IMPRESSION'),
    clicks: sum('OUTBOUND_CLICK'),
    saves: sum('SAVE'),
    videoViews: sum('VIDEO_MRC_VIEW'),
    replies: lifetime_metrics.TOTAL_COMMENTS ?? sum('TOTAL_COMMENTS'),
    reactions: lifetime_metrics.TOTAL_REACTIONS ?? sum('TOTAL_REACTIONS'),
  });
}
