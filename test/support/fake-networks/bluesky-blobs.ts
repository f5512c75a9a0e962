import { createHash } from 'node:crypto';

export type StoredBlob = {
  readonly $type: 'blob';
  readonly ref: { readonly $link: string };
  readonly mimeType: string;
  readonly size: number;
};
export type BlobStore = ReturnType<typeof blobStore>;

/** Files of a PDS: known by their bytes, checked when a record names them, cleared away when none does. */
export function blobStore() {
  const kept = new Map<string, StoredBlob>();
  return {
    kept: (): readonly StoredBlob[] => [...kept.values()],
    keep: (bytes: Uint8Array, mimeType: string): StoredBlob => {
      const $link = cid(RAW, createHash('sha256').update(bytes).digest());
      const blob = kept.get($link) ?? { $type: 'blob', ref: { $link }, mimeType, size: bytes.length };
      kept.set($link, blob);
      return blob;
    },
    clear: (records: Iterable<unknown>): void => {
      const named = new Set([...records].flatMap(blobsIn).map(({ ref }) => ref.$link));
      for (const link of kept.keys()) if (!named.has(link)) kept.delete(link);
    },
    /** Name and message of what is wrong with the files that a record names. */
    problemOf: (record: { embed?: unknown }): [error: string, message: string] | undefined => {
      for (const blob of blobsIn(record)) {
        const known = kept.get(blob.ref.$link);
        if (known === undefined) return ['BlobNotFound', `Could not find blob: ${blob.ref.$link}`];
        if (known.mimeType !== blob.mimeType)
          return ['InvalidMimeType', 'Referenced Mimetype does not match stored blob'];
        if (known.size !== blob.size) return ['InvalidSize', 'Referenced Size does not match stored blob'];
      }
      return embedProblem(record.embed);
    },
  };
}

type Embed = {
  $type?: string;
  images?: { image: StoredBlob; alt?: unknown }[];
  video?: StoredBlob;
  external?: { thumb?: StoredBlob };
};

/** As servers from before 2026 have it: 1 MB an image. */
function embedProblem(embed: unknown): [string, string] | undefined {
  const { $type, images = [], video, external } = (embed ?? {}) as Embed;
  const bad = (message: string): [string, string] => [
    'InvalidRequest',
    `Invalid app.bsky.feed.post record: ${message}`,
  ];
  if ($type === 'app.bsky.embed.images' && (images.length < 1 || images.length > 4)) return bad('images');
  for (const { image, alt } of images) if (typeof alt !== 'string' || isBad(image)) return bad('image');
  if (external?.thumb && isBad(external.thumb)) return bad('thumb');
  if (video && (video.mimeType !== 'video/mp4' || video.size > 300_000_000)) return bad('video');
  return undefined;
}

const isBad = ({ mimeType, size }: StoredBlob): boolean => !mimeType.startsWith('image/') || size > 1_000_000;

function blobsIn(value: unknown): StoredBlob[] {
  if (typeof value !== 'object' || value === null) return [];
  if ((value as StoredBlob).$type === 'blob') return [value as StoredBlob];
  return Object.values(value).flatMap(blobsIn);
}

const RAW = 0x55;
const DAG_CBOR = 0x71;

/** A hash in the form of a record's; the real one is of its CBOR. */
export const cidOf = (record: unknown): string =>
  cid(DAG_CBOR, createHash('sha256').update(JSON.stringify(record)).digest());

/** https://atproto.com/specs/data-model#link-and-cid-formats: CIDv1, SHA-256, base32. */
function cid(codec: number, hash: Uint8Array): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  let bits = '';
  for (const byte of [1, codec, 0x12, 0x20, ...hash]) bits += byte.toString(2).padStart(8, '0');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return `b${groups.map((group) => alphabet[Number.parseInt(group.padEnd(5, '0'), 2)]).join('')}`;
}
