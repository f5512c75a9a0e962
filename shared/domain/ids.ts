import { createHash } from 'node:crypto';
import * as z from 'zod';

/** Prefixes of every id in the product; the body is 20 characters of Crockford base32, lower case. */
export type IdPrefix =
  | 'agy'
  | 'brd'
  | 'chn'
  | 'post'
  | 'hld'
  | 'rep'
  | 'key'
  | 'evt'
  | 'mail'
  | 'med'
  | 'lgn';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const BODY = 20;

export const idSchema = (prefix: IdPrefix) =>
  z.string().regex(new RegExp(`^${prefix}_[0-9a-hjkmnp-tv-z]{${BODY}}$`), `must look like ${prefix}_…`);

/** An id from random or hashed bytes (at least 20 of them): five bits of each byte make a character. */
export function idFromBytes(prefix: IdPrefix, bytes: Uint8Array): string {
  if (bytes.length < BODY) throw new RangeError(`an id needs ${BODY} bytes, got ${bytes.length}`);
  let body = '';
  for (const byte of bytes.subarray(0, BODY)) body += ALPHABET[byte & 31];
  return `${prefix}_${body}`;
}

/** The same parts always give the same id: how an idempotency key becomes a post id. */
export function derivedId(prefix: IdPrefix, ...parts: readonly string[]): string {
  return idFromBytes(prefix, createHash('sha256').update(JSON.stringify(parts)).digest());
}

/** Lower-case hex SHA-256 of a UTF-8 text. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** `dlv_<post id body>_<nn>`: the post is read from the delivery's id, so no index is needed. */
export function deliveryId(postId: string, n: number): string {
  return `dlv_${postId.slice('post_'.length)}_${String(n).padStart(2, '0')}`;
}

/** Inverse of `deliveryId`; undefined when the text is no delivery id. */
export function parseDeliveryId(id: string): { postId: string; n: number } | undefined {
  const match = /^dlv_([0-9a-hjkmnp-tv-z]{20})_([0-9]{2})$/.exec(id);
  return match ? { postId: `post_${match[1]}`, n: Number(match[2]) } : undefined;
}
