import { sha256 } from '../../domain/ids.ts';
import type { Instant } from '../../domain/time.ts';

export const POST_COLLECTION = 'app.bsky.feed.post';

const TID_ALPHABET = '234567abcdefghijklmnopqrstuvwxyz';
const TID_LENGTH = 13;

/**
 * The record key of a delivery: a TID (https://atproto.com/specs/tid: 53 bits of microseconds, 10 bits of clock
 * id, sortable base32) of the second of `dueAt`. The rest, 30 bits, comes from the delivery's key, so every
 * send of it names the same record, and two deliveries of one account and second do not meet. `part` 0 is the post
 * itself; what follows in its thread comes a microsecond later each, so that it sorts behind.
 */
export function mintTid(key: string, dueAt: Instant, part = 0): string {
  const hash = sha256(key);
  const microsOfSecond = Number.parseInt(hash.slice(0, 12), 16) % 1_000_000;
  const clockId = Number.parseInt(hash.slice(12, 18), 16) % 1_024;
  const micros = BigInt(Math.floor(dueAt / 1_000)) * 1_000_000n + BigInt(microsOfSecond + part);
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

/** Address of a delivery's post, or of a part of its thread. */
export const uriOf = (did: string, delivery: { key: string; dueAt: Instant }, part = 0): string =>
  `at://${did}/${POST_COLLECTION}/${mintTid(delivery.key, delivery.dueAt, part)}`;
