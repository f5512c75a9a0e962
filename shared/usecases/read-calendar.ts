import type { Post } from '../domain/post.ts';
import type { Instant } from '../domain/time.ts';
import type { Deps } from '../ports.ts';

/** Where a listing by due time stands: what came before it in this order has been shown. */
export type CalendarPosition = { readonly at: Instant; readonly brandId: string; readonly postId: string };
export type CalendarEntry = CalendarPosition & { readonly post: Post };

export type CalendarRequest = {
  readonly agencyId: string;
  readonly brandIds: readonly string[];
  readonly range: { readonly from: Instant; readonly to: Instant };
  readonly limit: number;
  /** Go on behind this position; with `inclusive`, from it. */
  readonly after?: CalendarPosition | undefined;
  readonly inclusive?: boolean;
};

/**
 * Posts of several brands by due time, `from <= at < to`, merged into one order: instant, brand, post. A post
 * comes once for each of its instants. `next` is the last position read, absent at the end; entries whose post
 * is gone, or is no longer due at that instant, are left out, so a page may be short.
 */
export async function readCalendar(
  deps: Pick<Deps, 'posts'>,
  request: CalendarRequest,
): Promise<{ entries: readonly CalendarEntry[]; next?: CalendarPosition }> {
  const { positions, more } = await merge(deps, request);
  const entries = await Promise.all(
    positions.map(async (position) => {
      const post = await deps.posts.get(request.agencyId, position.postId);
      const stands = post !== undefined && post.deletedAt === undefined && standsAt(post, position.at);
      return stands ? [{ ...position, post }] : [];
    }),
  );
  const last = positions.at(-1);
  return { entries: entries.flat(), ...(more && last ? { next: last } : {}) };
}

/** Is something of this post due then? A draft without channels has one entry only, so it stands where it is found. */
function standsAt({ deliveries }: Post, at: Instant): boolean {
  return deliveries.length === 0 || deliveries.some(({ dueAt }) => dueAt === at);
}

/** Is this the first of a post's instants in a range: where a list of posts shows it, once? */
export function isFirstIn(
  { deliveries }: Pick<Post, 'deliveries'>,
  at: Instant,
  range: CalendarRequest['range'],
): boolean {
  return !deliveries.some(({ dueAt }) => range.from <= dueAt && dueAt < at);
}

/** Takes the earliest of all brands again and again, until the page is full. */
async function merge(
  deps: Pick<Deps, 'posts'>,
  request: CalendarRequest,
): Promise<{ positions: readonly CalendarPosition[]; more: boolean }> {
  const streams = request.brandIds.map((brandId) => positionsOf(deps, request, brandId));
  const heads = await Promise.all(streams.map((stream) => stream.next()));
  const positions: CalendarPosition[] = [];
  while (true) {
    const first = earliest(heads);
    if (first === undefined) return { positions, more: false };
    if (positions.length === request.limit) return { positions, more: true };
    positions.push(first.position);
    const advanced = await streams[first.index]?.next();
    if (advanced) heads[first.index] = advanced;
  }
}

function earliest(
  heads: readonly IteratorResult<CalendarPosition, void>[],
): { index: number; position: CalendarPosition } | undefined {
  let found: { index: number; position: CalendarPosition } | undefined;
  for (const [index, head] of heads.entries()) {
    if (head.done) continue;
    if (found === undefined || compare(head.value, found.position) < 0)
      found = { index, position: head.value };
  }
  return found;
}

async function* positionsOf(
  deps: Pick<Deps, 'posts'>,
  { agencyId, brandIds, range, limit, after, inclusive }: CalendarRequest,
  brandId: string,
): AsyncGenerator<CalendarPosition, void> {
  const from = after ? Math.max(range.from, after.at) : range.from;
  const chunk = brandIds.length === 1 ? limit + 1 : Math.max(10, Math.ceil((2 * limit) / brandIds.length));
  let page: { after?: string } = {};
  while (true) {
    const { items, next } = await deps.posts.calendar(
      agencyId,
      brandId,
      { from, to: range.to },
      { limit: chunk, ...page },
    );
    for (const { postId, at } of items) {
      const position = { at, brandId, postId };
      const behind = after ? compare(position, after) : 1;
      if (behind > 0 || (inclusive && behind === 0)) yield position;
    }
    if (next === undefined) return;
    page = { after: next };
  }
}

function compare(a: CalendarPosition, b: CalendarPosition): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.brandId !== b.brandId) return a.brandId < b.brandId ? -1 : 1;
  return a.postId === b.postId ? 0 : a.postId < b.postId ? -1 : 1;
}
