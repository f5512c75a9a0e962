import { createHmac } from 'node:crypto';
import { sha256 } from '../../domain/ids.ts';
import type { Instant } from '../../domain/time.ts';

/** An app's key and secret, and the token and secret of who allowed it. */
export type FlickrKeys = {
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly token: string;
  readonly tokenSecret: string;
};
export type Pairs = readonly (readonly [name: string, value: string])[];

/**
 * The `Authorization` header of OAuth 1.0a by HMAC-SHA1 (RFC 5849 §3.5.1). `parameters`: those of the query and, other
 * than in the RFC, those of a multipart form, too, but for the file: https://www.flickr.com/services/api/upload.api.html
 */
export function flickrAuthorization(
  keys: FlickrKeys,
  request: { readonly method: string; readonly url: string; readonly parameters: Pairs },
  now: Instant,
): string {
  const oauth: Pairs = [
    ['oauth_consumer_key', keys.apiKey],
    ['oauth_token', keys.token],
    ['oauth_signature_method', 'HMAC-SHA1'],
    ['oauth_timestamp', String(Math.floor(now / 1_000))],
    // No two requests are the same within a millisecond.
    [
      'oauth_nonce',
      sha256(JSON.stringify([now, request.method, request.url, request.parameters])).slice(0, 32),
    ],
    ['oauth_version', '1.0'],
  ];
  const signature = oauthSignature({ ...request, parameters: [...request.parameters, ...oauth] }, keys);
  const header = [...oauth, ['oauth_signature', signature] as const];
  return `OAuth ${header.map(([name, value]) => `${name}="${percentEncoded(value)}"`).join(', ')}`;
}

/** RFC 5849 §3.4: base64. `url` is without its query, whose parameters are among the others. */
export function oauthSignature(
  { method, url, parameters }: { readonly method: string; readonly url: string; readonly parameters: Pairs },
  { apiSecret, tokenSecret }: Pick<FlickrKeys, 'apiSecret' | 'tokenSecret'>,
): string {
  const sorted = parameters
    .map(([name, value]) => [percentEncoded(name), percentEncoded(value)] as const)
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map((pair) => pair.join('='))
    .join('&');
  const base = [method, percentEncoded(url), percentEncoded(sorted)].join('&');
  const key = `${percentEncoded(apiSecret)}&${percentEncoded(tokenSecret)}`;
  return createHmac('sha1', key).update(base).digest('base64');
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** RFC 3986's unreserved characters stay, which is stricter than what browsers leave as it is. */
const percentEncoded = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
