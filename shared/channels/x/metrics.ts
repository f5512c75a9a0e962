import * as z from 'zod';
import { type Metrics, told } from '../../domain/metrics.ts';
import { DAY, HOUR, type Instant } from '../../domain/time.ts';
import type { Context, MeasureFailure, Measuring } from '../provider.ts';
import { call, successJson, toFailure, type XAccess, type XCredential } from './api.ts';

const count = z.int().nonnegative().optional().catch(undefined);
/** The API says `repost_count` where its older documentation says `retweet_count`. */
const publicMetrics = z.object({
  impression_count: count,
  like_count: count,
  repost_count: count,
  retweet_count: count,
  quote_count: count,
  reply_count: count,
  bookmark_count: count,
});
const measuredPost = z.object({
  id: z.string(),
  public_metrics: publicMetrics.optional(),
  non_public_metrics: z.object({ url_link_clicks: count }).optional(),
  attachments: z.object({ media_keys: z.array(z.string()).nullish() }).optional(),
});
const measured = z.object({
  data: z.array(measuredPost).default([]),
  includes: z
    .object({
      media: z.array(
        z.object({ media_key: z.string(), public_metrics: z.object({ view_count: count }).optional() }),
      ),
    })
    .partial()
    .optional(),
  errors: z
    .array(
      z.object({
        type: z.string().optional(),
        resource_id: z.string().optional(),
        value: z.string().optional(),
      }),
    )
    .default([]),
});
type Measured = z.infer<typeof measured>;

/** Every post that is read costs, once a UTC day: https://docs.x.com/x-api/getting-started/pricing */
export function xMetrics(api: string): Measuring<XCredential> {
  return {
    told: {
      impressions: 'impressions',
      reactions: 'likes',
      replies: 'replies',
      shares: 'reposts and quotes',
      saves: 'bookmarks',
      clicks: 'clicks on links, for 30 days',
      videoViews: 'video views',
    },
    batch: 100,
    async fetch({ credential, externalIds }, context) {
      const access = { api, credential };
      const now = context.now();
      const young = externalIds.filter((id) => isYoung(id, now));
      const old = externalIds.filter((id) => !isYoung(id, now));
      const known = new Map<string, Metrics | 'removed'>();
      for (const [ids, fields] of [[young, PRIVATE] as const, [old, PUBLIC] as const]) {
        if (ids.length === 0) continue;
        const answer = await read(access, ids, fields, context);
        if (!(answer instanceof Map)) return answer;
        for (const [id, metrics] of answer) known.set(id, metrics);
      }
      // One that is not ours to look into so deeply: what everybody may see is asked for once more.
      const rest = young.filter((id) => !known.has(id));
      const again = rest.length === 0 ? new Map() : await read(access, rest, PUBLIC, context);
      return again instanceof Map ? new Map([...known, ...again]) : again;
    },
    async followers({ credential }, context) {
      const path = '/2/users/me?user.fields=public_metrics';
      const answer = await context.http(call({ api, credential }, 'GET', path));
      const json = successJson(answer);
      if (json === undefined) return toFailure(answer, context.now());
      return followed.safeParse(json).data?.data.public_metrics.followers_count ?? null;
    },
  };
}

const followed = z.object({ data: z.object({ public_metrics: z.object({ followers_count: count }) }) });

const PUBLIC = 'attachments,public_metrics';
const PRIVATE = `${PUBLIC},non_public_metrics`;
/** X tells clicks of the last 30 days' posts only: https://docs.x.com/x-api/fundamentals/metrics */
const PRIVATE_FOR = 30 * DAY - HOUR;
/** X's ids hold their time, https://github.com/twitter-archive/snowflake */
const EPOCH = 1_288_834_974_657n;

const isYoung = (id: string, now: Instant): boolean =>
  /^\d{1,19}$/.test(id) && Number((BigInt(id) >> 22n) + EPOCH) > now - PRIVATE_FOR;

async function read(
  access: XAccess,
  ids: readonly string[],
  fields: string,
  context: Context,
): Promise<Map<string, Metrics | 'removed'> | MeasureFailure> {
  const query = new URLSearchParams({
    ids: ids.join(','),
    'post.fields': fields,
    expansions: 'attachments.media_keys',
    'media.fields': 'public_metrics',
  });
  const answer = await context.http(call(access, 'GET', `/2/tweets?${query}`));
  const json = measured.safeParse(successJson(answer)).data;
  return json === undefined ? toFailure(answer, context.now()) : toMetrics(json);
}

/** What X tells of each post; one that it cannot find is removed, one of which it says nothing is left out. */
export function toMetrics(json: Measured): Map<string, Metrics | 'removed'> {
  const views = new Map(
    json.includes?.media?.map(({ media_key, public_metrics }) => [media_key, public_metrics?.view_count]),
  );
  const known = new Map<string, Metrics | 'removed'>();
  for (const { type, resource_id, value } of json.errors) {
    const id = resource_id ?? value;
    if (type?.endsWith('/resource-not-found') && id !== undefined) known.set(id, 'removed');
  }
  for (const { id, public_metrics: counts, non_public_metrics: clicks, attachments } of json.data) {
    if (counts === undefined) continue;
    const reposts = counts.repost_count ?? counts.retweet_count;
    const [video] = (attachments?.media_keys ?? [])
      .map((key) => views.get(key))
      .filter((n) => n !== undefined);
    known.set(
      id,
      told({
        impressions: counts.impression_count ?? null,
        reactions: counts.like_count ?? null,
        replies: counts.reply_count ?? null,
        shares: reposts === undefined ? null : reposts + (counts.quote_count ?? 0),
        saves: counts.bookmark_count ?? null,
        clicks: clicks?.url_link_clicks ?? null,
        videoViews: video ?? null,
      }),
    );
  }
  return known;
}
