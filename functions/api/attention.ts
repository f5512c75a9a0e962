import * as z from 'zod';
import type { Brand } from '../../shared/domain/brand.ts';
import type { Delivery } from '../../shared/domain/delivery.ts';
import { deliveryId } from '../../shared/domain/ids.ts';
import type { Post } from '../../shared/domain/post.ts';
import { type Instant, toRfc3339 } from '../../shared/domain/time.ts';
import type { Deps } from '../../shared/ports.ts';
import {
  decodeCursor,
  encodeCursor,
  instantSchema,
  type Language,
  pageQuery,
  pageSchema,
  refusal,
} from './answers.ts';
import { unsentReports } from './attention-reports.ts';
import { ATTENTION_CODES, type AttentionCode, WHAT_TO_DO, WHAT_TO_DO_HELD } from './attention-texts.ts';
import { visibleBrands } from './lookup.ts';
import { type Route, route } from './route.ts';

const itemSchema = z
  .object({
    code: z.enum(ATTENTION_CODES),
    since: instantSchema,
    brandId: z.string(),
    postId: z.string().optional(),
    deliveryId: z.string().optional(),
    channelId: z.string().optional(),
    reportId: z.string().optional(),
    reason: z.string().optional(),
    todo: z.string().describe('What to do, English or German by Accept-Language'),
  })
  .meta({ id: 'AttentionItem' });
type Item = z.infer<typeof itemSchema>;
/** Items of one post stay together, where its first trouble stands. */
type Placed = { readonly place: Instant; readonly item: Item };

export const attentionRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/v1/attention',
    operationId: 'listAttention',
    summary: 'What a person must look at, oldest first',
    description:
      'Deliveries that are failed, missed, uncertain or held, channels that must be reconnected, and weekly reports ' +
      'that have not gone out; each with what to do.',
    tag: 'Attention',
    scope: 'reader',
    query: z.strictObject(pageQuery),
    answers: { 200: pageSchema(itemSchema) },
    handle: async (request, deps) => {
      const { caller, query, language } = request;
      const behind = readCursor(query.cursor);
      const brands = await visibleBrands(request, deps, undefined);
      const posts = await postItems(deps, caller.agency.id, brands, language, {
        limit: query.limit,
        ...(behind ? { after: behind.after } : {}),
      });
      const others = [
        ...(await channelItems(deps, brands, language)),
        ...(await reportItems(deps, brands, language)),
      ].filter(({ place }) => place > (behind?.until ?? Number.NEGATIVE_INFINITY) && place <= posts.until);
      const items = [...posts.items, ...others]
        .toSorted((a, b) => a.place - b.place || (a.item.since < b.item.since ? -1 : 1))
        .map(({ item }) => item);
      const cursor = posts.next && encodeCursor(`${posts.until} ${posts.next}`);
      return { status: 200, body: { items, ...(cursor ? { cursor } : {}) } };
    },
  }),
];

/** Posts come in pages; whatever else stands up to the last post of a page is shown with it. */
function readCursor(text: string | undefined): { until: Instant; after: string } | undefined {
  const position = decodeCursor(text);
  if (position === undefined) return undefined;
  const [, until, after] = /^(\d{1,15}) (.+)$/.exec(position) ?? [];
  if (after === undefined) {
    throw refusal('invalid_value', '/cursor', { rule: 'must be the cursor of an earlier page' });
  }
  return { until: Number(until), after };
}

async function postItems(
  deps: Pick<Deps, 'posts'>,
  agencyId: string,
  brands: readonly Brand[],
  language: Language,
  page: { limit: number; after?: string },
): Promise<{ items: Placed[]; until: Instant; next?: string }> {
  const found = await deps.posts.attention(agencyId, page);
  const heads = await Promise.all(found.items.map(({ postId }) => deps.posts.get(agencyId, postId)));
  const visible = new Set(brands.map(({ id }) => id));
  const items = found.items.flatMap(({ attentionAt }, index) => {
    const post = heads[index];
    if (post === undefined || post.deletedAt !== undefined || !visible.has(post.brandId)) return [];
    return post.deliveries.flatMap((delivery) => {
      const item = deliveryItem(post, delivery, language);
      return item ? [{ place: attentionAt, item }] : [];
    });
  });
  const last = found.items.at(-1);
  if (found.next === undefined || last === undefined) return { items, until: Number.POSITIVE_INFINITY };
  return { items, until: last.attentionAt, next: found.next };
}

function deliveryItem(post: Post, delivery: Delivery, language: Language): Item | undefined {
  const { state, holds, reason, channelId } = delivery;
  if (state !== 'failed' && state !== 'missed' && state !== 'uncertain' && state !== 'held') return undefined;
  const todo =
    state === 'held'
      ? [...new Set(holds.map(({ code }) => WHAT_TO_DO_HELD[code][language]))].join(' ')
      : WHAT_TO_DO[state][language];
  return {
    code: state,
    since: toRfc3339(delivery.dueAt),
    brandId: post.brandId,
    postId: post.id,
    deliveryId: deliveryId(post.id, delivery.n),
    channelId,
    ...(reason === undefined ? {} : { reason }),
    todo,
  };
}

async function channelItems(
  deps: Pick<Deps, 'channels'>,
  brands: readonly Brand[],
  language: Language,
): Promise<Placed[]> {
  const lists = await Promise.all(brands.map(({ agencyId, id }) => deps.channels.list(agencyId, id)));
  return lists.flat().flatMap((channel) => {
    const { id, brandId, health, healthReason } = channel;
    if (health === 'connected') return [];
    const code: AttentionCode = `channel_${health}`;
    const place = channel.healthAt ?? channel.createdAt;
    const reason = healthReason === undefined ? {} : { reason: healthReason };
    const item = {
      code,
      since: toRfc3339(place),
      brandId,
      channelId: id,
      ...reason,
      todo: WHAT_TO_DO[code][language],
    };
    return [{ place, item }];
  });
}

async function reportItems(
  deps: Pick<Deps, 'reports' | 'mails' | 'clock'>,
  brands: readonly Brand[],
  language: Language,
): Promise<Placed[]> {
  const lists = await Promise.all(brands.map((brand) => unsentReports(deps, brand)));
  return lists.flat().map(({ report, reason }) => ({
    place: report.createdAt,
    item: {
      code: 'report_not_sent' as const,
      since: toRfc3339(report.createdAt),
      brandId: report.brandId,
      reportId: report.id,
      ...(reason === undefined ? {} : { reason }),
      todo: WHAT_TO_DO.report_not_sent[language],
    },
  }));
}
