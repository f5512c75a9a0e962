import * as z from 'zod';
import type { Variant } from '../domain/content.ts';
import { type Finding, finding } from '../domain/finding.ts';
import { sha256 } from '../domain/ids.ts';
import { utf8Bytes } from '../domain/text-count.ts';
import { type Instant, toRfc3339 } from '../domain/time.ts';
import { type Facet, toFacets } from './bluesky-facets.ts';
import { checkContent } from './check-content.ts';

/** Both limits hold at once: `maxGraphemes` and `maxLength` (UTF-8 bytes) of `app.bsky.feed.post`. */
export const TEXT_GRAPHEMES = 300;
const TEXT_BYTES = 3_000;

export const POST_COLLECTION = 'app.bsky.feed.post';

export const blueskyOptions = z.strictObject({
  langs: z
    .array(z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$/, 'must be a language tag like de or pt-BR'))
    .max(3)
    .optional(),
  /** Heading of the link card; the link's host when absent. */
  cardTitle: z.string().trim().min(1).max(300).optional(),
  cardDescription: z.string().trim().max(1_000).optional(),
});
export type BlueskyOptions = z.infer<typeof blueskyOptions>;

/** `app.bsky.feed.post`, as far as we write it. */
export type PostRecord = {
  readonly $type: typeof POST_COLLECTION;
  readonly text: string;
  readonly createdAt: string;
  readonly facets?: readonly Facet[];
  readonly embed?: {
    readonly $type: 'app.bsky.embed.external';
    readonly external: { readonly uri: string; readonly title: string; readonly description: string };
  };
  readonly langs?: readonly string[];
};

/** The link is a card beside the text, so it costs nothing of it. */
export const renderPost = (variant: Variant): string => variant.text;

/** Two limits hold for the text, and a link card can stand alone. */
export function checkPost(network: Parameters<typeof checkContent>[0], variant: Variant): Finding[] {
  const found = checkContent(network, variant).filter(
    ({ rule }) => rule !== 'text_empty' || variant.link === undefined,
  );
  const count = utf8Bytes(renderPost(variant));
  if (count <= TEXT_BYTES) return found;
  const params = { network: network.name, count, unit: 'bytes', limit: TEXT_BYTES };
  return [...found, finding('error', 'text_too_long', '/text', params)];
}

/** The options of a variant that are ours: those of its base may be meant for other networks. Undefined: invalid. */
export const optionsOf = (variant: Variant): BlueskyOptions | undefined =>
  blueskyOptions.strip().safeParse(variant.options ?? {}).data;

/**
 * The record of a variant. `createdAt` is the promised time, not the time of sending: every send of a delivery
 * must be the same record. `dids` holds what the mentioned handles resolved to.
 */
export function toRecord(
  variant: Variant,
  options: BlueskyOptions,
  dueAt: Instant,
  dids: ReadonlyMap<string, string>,
): PostRecord {
  const text = renderPost(variant);
  const facets = toFacets(text, dids);
  return {
    $type: POST_COLLECTION,
    text,
    createdAt: toRfc3339(dueAt),
    ...(facets.length > 0 ? { facets } : {}),
    ...(variant.link === undefined ? {} : { embed: toCard(variant.link, options) }),
    ...(options.langs?.length ? { langs: options.langs } : {}),
  };
}

function toCard(link: string, options: BlueskyOptions): NonNullable<PostRecord['embed']> {
  const title = options.cardTitle ?? new URL(link).host;
  return {
    $type: 'app.bsky.embed.external',
    external: { uri: link, title, description: options.cardDescription ?? '' },
  };
}

const TID_ALPHABET = '234567abcdefghijklmnopqrstuvwxyz';
const TID_LENGTH = 13;

/**
 * The record key of a delivery: a TID (https://atproto.com/specs/tid: 53 bits of microseconds, 10 bits of clock
 * id, sortable base32) of the second of `dueAt`. The rest, 30 bits, comes from the delivery's key, so every
 * send of it names the same record, and two deliveries of one account and second do not meet.
 */
export function mintTid(key: string, dueAt: Instant): string {
  const hash = sha256(key);
  const microsOfSecond = Number.parseInt(hash.slice(0, 12), 16) % 1_000_000;
  const clockId = Number.parseInt(hash.slice(12, 18), 16) % 1_024;
  const micros = BigInt(Math.floor(dueAt / 1_000)) * 1_000_000n + BigInt(microsOfSecond);
  let rest = (micros << 10n) | BigInt(clockId);
  let tid = '';
  for (let place = 0; place < TID_LENGTH; place++) {
    tid = `${TID_ALPHABET[Number(rest & 31n)]}${tid}`;
    rest >>= 5n;
  }
  return tid;
}

/** `at://did/collection/rkey` in its parts; undefined when the text is no such address. */
export function parseAtUri(uri: string): { repo: string; collection: string; rkey: string } | undefined {
  const [, repo, collection, rkey] = /^at:\/\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(uri) ?? [];
  if (repo === undefined || collection === undefined || rkey === undefined) return undefined;
  return { repo, collection, rkey };
}
