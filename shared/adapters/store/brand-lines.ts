import { triesOf } from '../../domain/delivery.ts';
import { deliveryId } from '../../domain/ids.ts';
import { dataOf } from './brand-trace.ts';
import { PREFIX, readPartition } from './keys.ts';
import { unpack } from './packed.ts';
import { fromItem } from './post-item.ts';
import { readAsked } from './post-measures.ts';
import { readSwept } from './swept-snapshots.ts';
import type { Item } from './table.ts';

export type Line = Readonly<Record<string, unknown>>;

/** What an export says of an item: ids, and instants as RFC 3339; no secret, and no lease or handle of the machinery. */
export function linesOf(kind: string, item: Item): readonly Line[] {
  const tell = TELLERS[kind];
  const told = tell ? tell(item, readPartition(item.pk).id) : [];
  return told.map((line) => readable({ kind, ...line }) as Line);
}

/** Kinds that are not here are indexes and names of what is told elsewhere, or sealed. */
const TELLERS: Readonly<Record<string, (item: Item, id: string) => readonly Line[]>> = {
  brand: documented,
  channel: (item) => documented(item).map(({ credential: _sealed, ...rest }) => rest),
  followers: ({ sk, count }, channelId) => [{ channelId, day: sk.slice(PREFIX.followers.length), count }],
  media: documented,
  unsubscribed: ({ email, at }) => [{ email, at }],
  post: tellPost,
  content: ({ sk, doc }, postId) => [{ postId, revision: Number(sk.split('#')[1]), content: unpack(doc) }],
  attempt: (item, postId) =>
    documented(item).map(({ n, ...rest }) => ({ ...ofDelivery(postId, n), ...rest })),
  metrics: (item, id) => {
    // Swept ones are packed and of many posts, asked ones are beside their post.
    const asked = () => readAsked(item).map((snapshot) => ({ ...snapshot, postId: id }));
    const snapshots = item.doc === undefined ? asked() : readSwept(item.doc);
    return snapshots.map(({ postId, n, ...rest }) => ({ ...ofDelivery(postId, n), ...rest }));
  },
  hold: documented,
  report: ({ doc }) => [unpack(doc) as Line],
  mail: documented,
  alert: (item) => documented(item),
  audit: (item) => [
    { at: item.at, actor: item.actor, act: item.act, target: item.target, data: dataOf(item) },
  ],
};

function documented({ doc }: Item): readonly Line[] {
  return doc === undefined ? [] : [doc as Line];
}

function tellPost(item: Item): readonly Line[] {
  const { deliveries, requestHash: _hash, wakeAt: _wakeAt, ...post } = fromItem(item);
  const told = deliveries.map(({ n, claimedBy, claimedAt, leaseUntil, handle, fence, ...delivery }) => ({
    kind: 'delivery',
    ...ofDelivery(post.id, n),
    ...delivery,
    attempts: triesOf(delivery),
  }));
  return [post, ...told];
}

const ofDelivery = (postId: string, n: unknown): Line => ({
  postId,
  deliveryId: deliveryId(postId, Number(n)),
});

/** Instants are milliseconds in the table, under names that say so. */
const INSTANT = /^(at|since|until|from|to|asOf|.*(At|Since|Until))$/;

function readable(value: unknown, name = ''): unknown {
  if (typeof value === 'number' && INSTANT.test(name) && value > FIRST_INSTANT)
    return new Date(value).toISOString();
  if (Array.isArray(value)) return value.map((one) => readable(one, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, readable(one, key)]));
}

/** Nothing here is older than 2001; a smaller number is none. */
const FIRST_INSTANT = 978_307_200_000;
