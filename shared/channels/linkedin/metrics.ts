import * as z from 'zod';
import { type Metric, type Metrics, told } from '../../domain/metrics.ts';
import type { Context, MeasureFailure, Measuring } from '../provider.ts';
import {
  call,
  enc,
  isPage,
  type LinkedinAccess,
  type LinkedinCredential,
  statusOf,
  successJson,
  toFailure,
} from './api.ts';

type Answer = ReadonlyMap<string, Metrics | 'removed'> | MeasureFailure;

/** A page's statistics, or a member's own, which cost one request for each metric. */
export function linkedinMetrics(api: string): Measuring<LinkedinCredential> {
  return {
    told: {
      impressions: 'impressions',
      reach: 'members reached',
      reactions: 'reactions',
      replies: 'comments',
      shares: 'reposts',
      saves: 'saves (members only)',
      clicks: 'clicks; of a member’s posts, on links',
    },
    batch: 10,
    fetch: ({ credential, externalIds }, context) =>
      isPage(credential.author)
        ? ofPage({ api, credential }, externalIds, context)
        : ofMember({ api, credential }, externalIds, context),
    async followers({ credential }, context) {
      const path = isPage(credential.author)
        ? `/rest/networkSizes/${enc(credential.author)}?edgeType=COMPANY_FOLLOWED_BY_MEMBER`
        : '/rest/memberFollowersCount?q=me';
      const answer = await context.http(call({ api, credential }, 'GET', path));
      // Another permission than publishing needs.
      if (statusOf(answer) === 403 || statusOf(answer) === 404) return null;
      const json = successJson(answer);
      if (json === undefined) return toFailure(answer, context.now());
      const { firstDegreeSize, elements: [mine] = [] } = followed.safeParse(json).data ?? {};
      return firstDegreeSize ?? mine?.memberFollowersCount ?? null;
    },
  };
}

const followed = z.object({
  firstDegreeSize: z.int().optional(),
  elements: z.array(z.object({ memberFollowersCount: z.int() })).optional(),
});

// A count may be below zero when a reaction to a sponsored post is taken back.
const count = z
  .int()
  .transform((number) => Math.max(number, 0))
  .optional()
  .catch(undefined);
const totals = z.object({
  impressionCount: count,
  uniqueImpressionsCount: count,
  clickCount: count,
  likeCount: count,
  commentCount: count,
  shareCount: count,
});
const statistics = z.object({
  elements: z.array(
    z.object({
      share: z.string().optional(),
      ugcPost: z.string().optional(),
      totalShareStatistics: totals,
    }),
  ),
});

/** https://learn.microsoft.com/linkedin/marketing/community-management/organizations/share-statistics */
async function ofPage(access: LinkedinAccess, ids: readonly string[], context: Context): Promise<Answer> {
  const known = new Map<string, Metrics | 'removed'>();
  const shares = ids.filter((id) => id.startsWith('urn:li:share:'));
  const ugcPosts = ids.filter((id) => id.startsWith('urn:li:ugcPost:'));
  for (const [name, urns] of Object.entries({ shares, ugcPosts })) {
    if (urns.length === 0) continue;
    const page = enc(access.credential.author);
    const query = `q=organizationalEntity&organizationalEntity=${page}&${name}=List(${urns.map(enc).join(',')})`;
    const answer = await context.http(
      call(access, 'GET', `/rest/organizationalEntityShareStatistics?${query}`),
    );
    const elements = statistics.safeParse(successJson(answer)).data?.elements;
    if (elements === undefined) return toFailure(answer, context.now());
    for (const { share, ugcPost, totalShareStatistics } of elements) {
      known.set(share ?? ugcPost ?? '', toMetrics(totalShareStatistics));
    }
  }
  // What nobody has seen yet is left out, and so is what is gone.
  for (const id of ids.filter((one) => !known.has(one))) {
    const answer = await context.http(call(access, 'GET', `/rest/posts/${enc(id)}`));
    if (statusOf(answer) === 404) known.set(id, 'removed');
    else if (successJson(answer) !== undefined) known.set(id, toMetrics(NONE));
    else if (statusOf(answer) !== 403) return toFailure(answer, context.now());
  }
  return known;
}

const NONE = {
  impressionCount: 0,
  uniqueImpressionsCount: 0,
  clickCount: 0,
  likeCount: 0,
  commentCount: 0,
  shareCount: 0,
};

export const toMetrics = (total: z.infer<typeof totals>): Metrics =>
  told({
    impressions: total.impressionCount ?? null,
    reach: total.uniqueImpressionsCount ?? null,
    reactions: total.likeCount ?? null,
    replies: total.commentCount ?? null,
    shares: total.shareCount ?? null,
    clicks: total.clickCount ?? null,
  });

/** https://learn.microsoft.com/linkedin/marketing/community-management/members/post-statistics */
const QUERIES = {
  IMPRESSION: 'impressions',
  MEMBERS_REACHED: 'reach',
  REACTION: 'reactions',
  COMMENT: 'replies',
  RESHARE: 'shares',
  POST_SAVE: 'saves',
  LINK_CLICKS: 'clicks',
} as const satisfies Readonly<Record<string, Metric>>;

const points = z.object({ elements: z.array(z.object({ count })) });

async function ofMember(access: LinkedinAccess, ids: readonly string[], context: Context): Promise<Answer> {
  const known = new Map<string, Metrics>();
  for (const id of ids) {
    const entity = `(${id.startsWith('urn:li:ugcPost:') ? 'ugc' : 'share'}:${enc(id)})`;
    const counts: Partial<Record<Metric, number | null>> = {};
    const answers = await Promise.all(
      Object.entries(QUERIES).map(async ([type, metric]) => {
        const query = `q=entity&entity=${entity}&queryType=${type}&aggregation=TOTAL`;
        const answer = await context.http(call(access, 'GET', `/rest/memberCreatorPostAnalytics?${query}`));
        const told = points.safeParse(successJson(answer)).data?.elements;
        if (told !== undefined) counts[metric] = told[0]?.count ?? null;
        return answer;
      }),
    );
    // Without the permission nothing is told, and nothing will be: then every metric is null.
    const failed = answers.find(
      (answer) => successJson(answer) === undefined && statusOf(answer) !== 403 && statusOf(answer) !== 400,
    );
    if (failed !== undefined && statusOf(failed) === 404) continue;
    if (failed !== undefined) return toFailure(failed, context.now());
    known.set(id, told(counts));
  }
  return known;
}
