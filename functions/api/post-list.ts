import type { Brand } from '../../shared/domain/brand.ts';
import type { Post } from '../../shared/domain/post.ts';
import { type PostStatus, postStatus } from '../../shared/domain/post-status.ts';
import type { Deps } from '../../shared/ports.ts';
import { isFirstIn, readCalendar } from '../../shared/usecases/read-calendar.ts';
import { rangeOf, readCursor, writeCursor } from './calendar-page.ts';
import { howManyFit } from './page.ts';
import { type PostAnswer, showPost } from './post-view.ts';
import type { ApiRequest } from './route.ts';

export type PostsQuery = {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly status?: readonly PostStatus[] | undefined;
  readonly channel?: readonly string[] | undefined;
  readonly label?: string | undefined;
  readonly campaign?: string | undefined;
};

/** One page of posts of these brands in one order, each post once: at its first instant in the range. */
export async function listPosts(
  deps: Pick<Deps, 'posts' | 'holds' | 'clock'>,
  { caller, query, language }: Pick<ApiRequest<PostsQuery>, 'caller' | 'query' | 'language'>,
  brands: readonly Brand[],
): Promise<{ items: PostAnswer[]; cursor?: string }> {
  const now = deps.clock.now();
  const range = rangeOf(query);
  const { entries, next } = await readCalendar(deps, {
    agencyId: caller.agency.id,
    brandIds: brands.map(({ id }) => id),
    range,
    limit: query.limit,
    after: readCursor(query.cursor),
  });
  const byId = new Map(brands.map((brand) => [brand.id, brand]));
  const shown = entries.flatMap((entry) => {
    const brand = byId.get(entry.post.brandId);
    return brand && isFirstIn(entry.post, entry.at, range) && fits(entry.post, query)
      ? [{ ...entry, brand }]
      : [];
  });
  const holds = shown.length === 0 ? [] : await deps.holds.active(caller.agency.id);
  const items = await Promise.all(
    shown.map(({ post, brand }) => showPost(deps, post, { brand, holds, now, language })),
  );
  const room = howManyFit(items);
  const last = room < items.length ? shown[room - 1] : next;
  return { items: items.slice(0, room), ...(last ? { cursor: writeCursor(last) } : {}) };
}

function fits(post: Post, { status, channel, label, campaign }: PostsQuery): boolean {
  return (
    (status === undefined || status.includes(postStatus(post))) &&
    (channel === undefined || post.deliveries.some(({ channelId }) => channel.includes(channelId))) &&
    (label === undefined || post.labels.includes(label)) &&
    (campaign === undefined || post.campaign === campaign)
  );
}
