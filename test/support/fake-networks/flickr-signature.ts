import { createHmac } from 'node:crypto';
import type { Received } from './server.ts';

export const FLICKR_KEYS = {
  apiKey: '0123456789abcdef0123456789abcdef',
  apiSecret: 'fedcba9876543210',
  token: '72157720000000000-0123456789abcdef',
  tokenSecret: 'abcdef0123456789',
};

/** The fields of a form, whichever way it is written, but for files. */
export function fieldsOf({ method, url, headers, body }: Received): [string, string][] {
  const type = String(headers['content-type'] ?? '');
  if (method === 'GET') return [...url.searchParams];
  if (type.startsWith('application/x-www-form-urlencoded')) return [...new URLSearchParams(body)];
  const boundary = /boundary=(.+)$/.exec(type)?.[1] ?? 'none';
  return body.split(`--${boundary}`).flatMap((part) => {
    const [, name, value] =
      /^\r\ncontent-disposition: form-data; name="([^"]+)"\r\n\r\n([\s\S]*)\r\n$/.exec(part) ?? [];
    return name === undefined ? [] : [[name, value ?? ''] as [string, string]];
  });
}

/** What Flickr would say against the signature of a request; undefined when it is right. */
export function signatureProblem(request: Received, serverUrl: string): string | undefined {
  const header = String(request.headers.authorization);
  const oauth = new Map(
    [...header.matchAll(/(oauth_\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      decodeURIComponent(value),
    ]),
  );
  if (!header.startsWith('OAuth ') || oauth.get('oauth_signature_method') !== 'HMAC-SHA1')
    return 'signature_method_rejected';
  if (oauth.get('oauth_consumer_key') !== FLICKR_KEYS.apiKey) return 'consumer_key_unknown';
  if (oauth.get('oauth_token') !== FLICKR_KEYS.token) return 'token_rejected';
  if (!/^\d{10}$/.test(oauth.get('oauth_timestamp') ?? '')) return 'timestamp_refused';
  const given = oauth.get('oauth_signature');
  oauth.delete('oauth_signature');
  const all = [...fieldsOf(request), ...oauth].map((pair) => pair.map(encode).join('\u0000')).sort();
  const parameters = all.map((pair) => pair.replace('\u0000', '=')).join('&');
  const base = `${request.method}&${encode(serverUrl + request.url.pathname)}&${encode(parameters)}`;
  const key = `${FLICKR_KEYS.apiSecret}&${FLICKR_KEYS.tokenSecret}`;
  return createHmac('sha1', key).update(base).digest('base64') === given ? undefined : 'signature_invalid';
}

/** RFC 3986, byte by byte. */
const encode = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9\-._~]/.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
