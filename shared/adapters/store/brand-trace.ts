import { parseDeliveryId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/time.ts';
import type { BrandTrace } from '../../store-ports.ts';
import { lengthen } from './compact.ts';
import { PREFIX, partsOf } from './keys.ts';
import { unpack } from './packed.ts';
import { fromItem } from './post-item.ts';
import type { Item } from './table.ts';

/** Every item there is, in any order. */
export type Scan = () => AsyncIterable<Item>;

/** The act of the one audit entry that an erasure leaves. */
const ERASED = 'brand.erase';

/**
 * Looks through the table for what is a brand's. Many items name their brand; others (a channel's followers, a
 * post's contents) are known by an id that such an item names, so the ids are gathered first. Indexes would not
 * do: deleted posts and channels stand in none.
 */
export async function traceBrand(scan: Scan, brandId: string): Promise<BrandTrace | undefined> {
  const found = new Map<string, Gathered>();
  const channelHolds: { agencyId: string; holdId: string; channelId: string }[] = [];
  for await (const item of scan()) {
    const parts = partsOf(item.pk);
    if (!parts) continue;
    const { agencyId, kind, rest } = parts;
    const channelId = kind === 'HOLD' ? scopeOf(item)?.channelId : undefined;
    if (channelId) channelHolds.push({ agencyId, holdId: rest[0] ?? '', channelId });
    const shown = shownBy(item, brandId);
    if (!shown) continue;
    const gathered = found.get(agencyId) ?? { ids: new Set([brandId]), stands: false };
    for (const id of shown) gathered.ids.add(id);
    if (kind === 'BRANDS') gathered.stands = true;
    if (item.act === ERASED) {
      const erased = { at: Number(item.at), data: dataOf(item) };
      if (erased.at > (gathered.erased?.at ?? 0)) gathered.erased = erased;
    }
    found.set(agencyId, gathered);
  }
  const [one, ...others] = [...found].filter(([, { stands }], _, all) => stands || all.length === 1);
  if (found.size > 0 && (!one || others.length > 0))
    throw new Error(`More than one agency knows ${brandId}.`);
  if (!one) return undefined;
  const [agencyId, { ids, erased }] = one;
  for (const hold of channelHolds) {
    if (hold.agencyId === agencyId && ids.has(hold.channelId)) ids.add(hold.holdId);
  }
  return { agencyId, brandId, ids, ...(erased ? { erased } : {}) };
}

/** Does this item belong to the brand? The notes of its erasure, and what the audit keeps of it, do not. */
export function isOfBrand(item: Item, { agencyId, brandId, ids }: BrandTrace): boolean {
  const parts = partsOf(item.pk);
  if (parts?.agencyId !== agencyId || parts.kind === 'ERASURE' || item.act === ERASED) return false;
  if (shownBy(item, brandId)) return true;
  const [id = ''] = parts.rest;
  switch (parts.kind) {
    case 'CHANNEL':
    case 'POST':
    case 'REPORT':
    case 'HOLD':
      return ids.has(id);
    case 'HOLDS':
      return ids.has(item.sk);
    case 'EXTERNAL':
      return ids.has(String(item.postId));
    case 'AUDIT': {
      const target = String(item.target);
      return ids.has(target) || ids.has(parseDeliveryId(target)?.postId ?? '');
    }
    default:
      return false;
  }
}

/** What the packed part of an audit entry says. */
export function dataOf(item: Item): Record<string, unknown> {
  return item.data === undefined ? {} : (unpack(item.data) as Record<string, unknown>);
}

type Gathered = {
  ids: Set<string>;
  stands: boolean;
  erased?: { at: Instant; data: Record<string, unknown> };
};
type Document = { readonly brandId?: string; readonly scope?: { brandId?: string; channelId?: string } };

/** Ids that an item shows to be the brand's, if it says of itself that it is the brand's. */
export function shownBy(item: Item, brandId: string): readonly string[] | undefined {
  const parts = partsOf(item.pk);
  const [id = ''] = parts?.rest ?? [];
  const when = (isOurs: boolean, ids: readonly string[] = []) => (isOurs ? ids : undefined);
  switch (parts?.kind) {
    case 'BRANDS':
      return when(item.sk === brandId);
    case 'BRAND':
      return when(id === brandId, namedBy(item));
    case 'ALERTS':
    case 'SNAPSHOTS':
    case 'ERASURE':
      return when(id === brandId);
    case 'CHANNEL':
    case 'LOGIN':
      return when(documentOf(item)?.brandId === brandId, [id]);
    case 'MAIL':
      return when(documentOf(item)?.brandId === brandId);
    case 'HOLD':
      return when(scopeOf(item)?.brandId === brandId, [id]);
    case 'ACCOUNT': {
      const channels = standingOf(item, brandId);
      return when(channels.length > 0, channels);
    }
    case 'POST': {
      if (item.sk !== 'H' || lengthen('brd', String(item.b)) !== brandId) return undefined;
      return [id, ...fromItem(item).deliveries.map(({ channelId }) => channelId)];
    }
    case 'AUDIT': {
      const target = String(item.target);
      if (target === brandId) return [];
      const data = dataOf(item) as Document;
      return when(data.brandId === brandId || data.scope?.brandId === brandId, [target]);
    }
    default:
      return undefined;
  }
}

/** Channels of the brand that an account's item names. */
export function standingOf(item: Item, brandId: string): string[] {
  return Object.entries(item).flatMap(([channelId, entry]) =>
    (entry as Document | null)?.brandId === brandId ? [channelId] : [],
  );
}

function namedBy({ sk, id }: Item): readonly string[] {
  if (sk.startsWith(PREFIX.channel)) return [sk.slice(PREFIX.channel.length)];
  if (sk.startsWith(PREFIX.media)) return [sk.slice(PREFIX.media.length)];
  return sk.startsWith(PREFIX.report) ? [String(id)] : [];
}

/** Documents are maps; what is packed (a report) names no brand that could be read here. */
function documentOf({ doc }: Item): Document | undefined {
  return typeof doc === 'object' && doc !== null ? (doc as Document) : undefined;
}
const scopeOf = (item: Item) => documentOf(item)?.scope;
