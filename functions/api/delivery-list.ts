import type * as z from 'zod';
import type { Brand } from '../../shared/domain/brand.ts';
import type { DeliveryState } from '../../shared/domain/delivery.ts';
import type { Deps } from '../../shared/ports.ts';
import { readCalendar } from '../../shared/usecases/read-calendar.ts';
import { type Cursor, rangeOf, readCursor, writeCursor } from './calendar-page.ts';
import { type lonelyDeliverySchema, presentLonelyDelivery } from './delivery-view.ts';
import type { ApiRequest } from './route.ts';

export type DeliveriesQuery = {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly state?: readonly DeliveryState[] | undefined;
  readonly channel?: readonly string[] | undefined;
};

/** One page of deliveries of these brands, by due time, brand, post and place in the post. */
export async function listDeliveries(
  deps: Pick<Deps, 'posts' | 'holds' | 'clock'>,
  { caller, query }: Pick<ApiRequest<DeliveriesQuery>, 'caller' | 'query'>,
  brands: readonly Brand[],
): Promise<{ items: z.infer<typeof lonelyDeliverySchema>[]; cursor?: string }> {
  const now = deps.clock.now();
  const cursor = readCursor(query.cursor);
  const { entries, next } = await readCalendar(deps, {
    agencyId: caller.agency.id,
    brandIds: brands.map(({ id }) => id),
    range: rangeOf(query),
    limit: query.limit,
    after: cursor,
    // The last page ended within a post: its further deliveries come now.
    inclusive: cursor?.n !== undefined,
  });
  const found = entries.flatMap(({ post, at, brandId, postId }) => {
    if (post.draft) return [];
    const shown = isAt(cursor, { at, brandId, postId }) ? (cursor?.n ?? 0) : 0;
    return post.deliveries
      .filter((one) => one.dueAt === at && one.n > shown)
      .filter(({ state }) => query.state === undefined || query.state.includes(state))
      .filter(({ channelId }) => query.channel === undefined || query.channel.includes(channelId))
      .map((delivery) => ({ post, delivery, position: { at, brandId, postId, n: delivery.n } }));
  });
  const page = found.slice(0, query.limit);
  const goOn: Cursor | undefined = found.length > page.length ? page.at(-1)?.position : next;
  const holds = page.length === 0 ? [] : await deps.holds.active(caller.agency.id);
  const byId = new Map(brands.map((brand) => [brand.id, brand]));
  const items = page.flatMap(({ post, delivery }) => {
    const brand = byId.get(post.brandId);
    return brand ? [presentLonelyDelivery(post, delivery, { brand, holds, now })] : [];
  });
  return { items, ...(goOn ? { cursor: writeCursor(goOn) } : {}) };
}

function isAt(cursor: Cursor | undefined, position: Omit<Cursor, 'n'>): boolean {
  return (
    cursor?.at === position.at && cursor.postId === position.postId && cursor.brandId === position.brandId
  );
}
