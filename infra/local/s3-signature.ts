import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The keys that a signature may be made with: the id, and its secret. */
export type S3Keys = { readonly accessKeyId: string; readonly secretAccessKey: string };

/**
 * Why a presigned address does not open the object, in S3's own words; undefined when it does. `now` is epoch ms.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function signatureFault(
  request: IncomingMessage,
  keys: S3Keys,
  now: number,
): 'AccessDenied' | 'SignatureDoesNotMatch' | undefined {
  const [path = '', rawQuery = ''] = (request.url ?? '').split('?');
  const query = new URLSearchParams(rawQuery);
  const asked = query.get('X-Amz-Signature') ?? '';
  const [keyId, ...scope] = (query.get('X-Amz-Credential') ?? '').split('/');
  const signedAt = instantOf(query.get('X-Amz-Date') ?? '');
  const expires = Number(query.get('X-Amz-Expires') ?? Number.NaN);
  if (keyId !== keys.accessKeyId || signedAt === undefined || !Number.isFinite(expires))
    return 'AccessDenied';
  if (now >= signedAt + expires * 1_000) return 'AccessDenied';

  const names = (query.get('X-Amz-SignedHeaders') ?? '').split(';');
  const parts = rawQuery.split('&').filter((part) => !part.startsWith('X-Amz-Signature='));
  const canonical = [
    request.method,
    path,
    parts.sort().join('&'),
    ...names.map((name) => `${name}:${String(request.headers[name] ?? '').trim()}`),
    '',
    names.join(';'),
    'UNSIGNED-PAYLOAD',
  ].join('\n');
  const text = [
    'AWS4-HMAC-SHA256',
    query.get('X-Amz-Date'),
    scope.join('/'),
    createHash('sha256').update(canonical).digest('hex'),
  ].join('\n');
  const key = scope.reduce<Buffer>(hmac, Buffer.from(`AWS4${keys.secretAccessKey}`));
  const right = Buffer.from(hmac(key, text).toString('hex'));
  return asked.length === right.length && timingSafeEqual(Buffer.from(asked), right)
    ? undefined
    : 'SignatureDoesNotMatch';
}

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** `20261129T120000Z` as epoch ms. */
function instantOf(text: string): number | undefined {
  const read = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!read) return undefined;
  const [, year, month, day, hour, minute, second] = read;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
