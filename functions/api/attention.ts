import * as z from 'zod';
import type { Brand } from '../../shared/domain/brand.ts';
import type { Delivery } from '../../shared/domain/delivery.ts';
import { deliveryId } from '../../shared/domain/ids.ts';
import type { Post } from '../../shared/domain/post.ts';
import { isAwaited } from '../../shared/domain/post-status.ts';
import { type Instant, toRfc3339 } from '../../shared/domain/time.ts';
import type { Deps } from '../../shared/ports.ts';
import { instantSchema, type Language, refusal } from './answers.ts';
import { unsentReports } from './attention-reports.ts';
import { ATTENTION_CODES, type AttentionCode, WHAT_TO_DO, WHAT_TO_DO_HELD } from './attention-texts.ts';
import { visibleBrands } from './lookup.ts';
import { decodeCursor, encodeCursor, pageQuery, pageSchema } from './page.ts';
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
      'Deliveries that are failed, missed, uncertain or held, those that somebody was asked to publish by hand, channels that must be reconnected, and weekly reports ' +
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
  const seen = await visiblePosts(deps, agencyId, brands, page);
  const shown = seen.slice(0, page.limit);
  const items = shown.flatMap(({ post, attentionAt }) => {
    if (post.deletedAt !== undefined) return [];
    return post.deliveries.flatMap((delivery) => {
      const item = deliveryItem(post, delivery, language);
      return item ? [{ place: attentionAt, item }] : [];
    });
  });
  const last = shown.at(-1);
  if (seen.length === shown.length || last === undefined) return { items, until: Number.POSITIVE_INFINITY };
  return { items, until: last.attentionAt, next: last.position };
}

type Seen = { readonly post: Post; readonly attentionAt: Instant; readonly position: string };

/** One more than a page, if there is one. Neither a cursor nor a short page may tell of brands out of sight. */
async function visiblePosts(
  deps: Pick<Deps, 'posts'>,
  agencyId: string,
  brands: readonly Brand[],
  { limit, after: start }: { limit: number; after?: string },
): Promise<readonly Seen[]> {
  const visible = new Set(brands.map(({ id }) => id));
  const seen: Seen[] = [];
  let after = start;
  do {
    const found = await deps.posts.attention(agencyId, {
      limit: limit + 1,
      ...(after === undefined ? {} : { after }),
    });
    const heads = await Promise.all(found.items.map(({ postId }) => deps.posts.get(agencyId, postId)));
    for (const [index, entry] of found.items.entries()) {
      const post = heads[index];
      if (post !== undefined && visible.has(post.brandId)) seen.push({ ...entry, post });
    }
    after = found.next;
  } while (after !== undefined && seen.length <= limit);
  return seen;
}

function deliveryItem(post: Post, delivery: Delivery, language: Language): Item | undefined {
  const { state, holds, reason, channelId } = delivery;
  const code = isAwaited(delivery) ? 'assist' : state;
  if (!isOneOf(['failed', 'missed', 'uncertain', 'held', 'assist'], code)) return undefined;
  const todo =
    code === 'held'
      ? [...new Set(holds.map((hold) => WHAT_TO_DO_HELD[hold.code][language]))].join(' ')
      : WHAT_TO_DO[code][language];
  return {
    code,
    since: toRfc3339(delivery.dueAt),
    brandId: post.brandId,
    postId: post.id,
    deliveryId: deliveryId(post.id, delivery.n),
    channelId,
    ...(reason === undefined ? {} : { reason }),
    todo,
  };
}

const isOneOf = <Code extends string>(codes: readonly Code[], code: string): code is Code =>
  (codes as readonly string[]).includes(code);

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
  return lists.flat().map(({ since, ...about }) => ({
    place: since,
    item: {
      code: 'report_not_sent' as const,
      since: toRfc3339(since),
      ...about,
      todo: WHAT_TO_DO.report_not_sent[language],
    },
  }));
}
