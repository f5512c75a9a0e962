import type { LatePolicy } from '../../domain/late-policy.ts';
import type { Post } from '../../domain/post.ts';
import type { Instant } from '../../domain/time.ts';
import { lengthen, shorten, unless, type Whole, whole } from './compact.ts';
import { fromSlot, type StoredDelivery, slot, toSlot } from './delivery-item.ts';
import { instantOf, keys, readPartition } from './keys.ts';
import { indexKeys } from './post-index.ts';
import type { Item } from './table.ts';

/**
 * The head of a post as an item, and back. Each kilobyte of it is paid for at every write, so names are short,
 * ids lose their prefix, hashes are bytes, and what is as usual is left out.
 *
 * Head: b brand · v version · r revision (1) · h content hash · q request hash · e draft · x deleted at ·
 * l late policy · g labels · m campaign · t due (no channels) · n created at · y created by · d deliveries by
 * two-digit n · wk/ws, ak/as, ck/cs index keys, from which `wakeAt` and `attentionAt` are read. A tombstone is in
 * no index.
 */
export function toItem(post: Post): Item {
  const { keyId, name, email } = post.createdBy;
  const by = shorten('key', keyId);
  const head: Whole<StoredHead> = {
    b: shorten('brd', post.brandId),
    v: post.version,
    r: unless(1, post.revision),
    h: hashToBytes(post.contentHash),
    q: hashToBytes(post.requestHash),
    e: unless(false, post.draft),
    x: post.deletedAt,
    l: post.latePolicy && [post.latePolicy.maxLate, post.latePolicy.otherwise],
    g: post.labels.length > 0 ? post.labels : undefined,
    m: post.campaign,
    t: post.dueAt,
    n: post.createdAt,
    y: email === undefined ? [by, name] : [by, name, email],
    d: Object.fromEntries(post.deliveries.map((delivery) => [slot(delivery.n), toSlot(delivery)])),
  };
  return { ...keys.post(post.agencyId, post.id), ...indexKeys(post), ...head };
}

export function fromItem(item: Item): Post {
  const { agencyId, id } = readPartition(item.pk);
  const stored = item as Item & StoredHead & { ws?: string; as?: string };
  const [keyId, name, email] = stored.y;
  return whole<Post>({
    id,
    agencyId,
    brandId: lengthen('brd', stored.b),
    version: stored.v,
    revision: stored.r ?? 1,
    contentHash: hashFromBytes(stored.h),
    requestHash: hashFromBytes(stored.q),
    draft: stored.e ?? false,
    deletedAt: stored.x,
    latePolicy: stored.l && { maxLate: stored.l[0], otherwise: stored.l[1] },
    labels: stored.g ?? [],
    campaign: stored.m,
    dueAt: stored.t,
    createdAt: stored.n,
    createdBy: whole<Post['createdBy']>({ keyId: lengthen('key', keyId), name, email }),
    deliveries: Object.entries(stored.d)
      .map(([at, delivery]) => fromSlot(Number(at), delivery))
      .sort((a, b) => a.n - b.n),
    wakeAt: stored.ws === undefined ? undefined : instantOf(stored.ws),
    attentionAt: stored.as === undefined ? undefined : instantOf(stored.as),
  });
}

type StoredHead = {
  b: string;
  v: number;
  r?: number;
  h: Uint8Array | string;
  q: Uint8Array | string;
  e?: boolean;
  x?: Instant;
  l?: [maxLate: string | null, otherwise: LatePolicy['otherwise']];
  g?: readonly string[];
  m?: string;
  t?: Instant;
  n: Instant;
  y: [keyId: string, name: string, email?: string];
  d: Readonly<Record<string, Whole<StoredDelivery>>>;
};

const hashToBytes = (hash: string): Uint8Array | string =>
  /^[0-9a-f]{64}$/.test(hash) ? new Uint8Array(Buffer.from(hash, 'hex')) : hash;
const hashFromBytes = (stored: Uint8Array | string): string =>
  typeof stored === 'string' ? stored : Buffer.from(stored).toString('hex');
