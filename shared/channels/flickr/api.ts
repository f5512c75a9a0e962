import * as z from 'zod';
import type { Instant } from '../../domain/time.ts';
import { clip, defaultOutcome, readFailure } from '../outcome.ts';
import type { Context, HttpAnswer, MeasureFailure, Outcome } from '../provider.ts';
import { flickrAuthorization, type Pairs } from './oauth.ts';

export const flickrCredential = z.strictObject({
  apiKey: z
    .string()
    .trim()
    .regex(/^\w{16,64}$/, 'must be a Flickr key')
    .describe('Of the app that the agency has registered at https://www.flickr.com/services/apps/create/'),
  apiSecret: z
    .string()
    .trim()
    .regex(/^\w{8,64}$/, 'must be a Flickr key')
    .describe('Of the same app'),
  token: z
    .string()
    .trim()
    .regex(/^[\w-]{8,100}$/, 'must be a Flickr key')
    .describe('With permission to write; to take photos off again, to delete. It does not end by itself'),
  tokenSecret: z
    .string()
    .trim()
    .regex(/^\w{8,64}$/, 'must be a Flickr key')
    .describe('Of the same token'),
});
export type FlickrCredential = z.infer<typeof flickrCredential>;

export type FlickrHosts = { readonly api: string; readonly upload: string };
export const FLICKR_HOSTS: FlickrHosts = { api: 'https://api.flickr.com', upload: 'https://up.flickr.com' };

/** `by` as the context has it: `send` for the irreversible request. */
export type FlickrCall = {
  readonly by: 'http' | 'send';
  readonly verb: 'GET' | 'POST';
  readonly method: string;
  readonly given?: Readonly<Record<string, string>>;
};

/** One method of the API: https://www.flickr.com/services/api/. What it writes goes as a form. */
export async function flickrCall(
  { api }: Pick<FlickrHosts, 'api'>,
  credential: FlickrCredential,
  { by, verb, method, given = {} }: FlickrCall,
  context: Context,
): Promise<HttpAnswer> {
  const url = `${api}/services/rest`;
  const parameters: Pairs = Object.entries({
    method,
    api_key: credential.apiKey,
    format: 'json',
    nojsoncallback: '1',
    ...given,
  });
  const authorization = flickrAuthorization(credential, { method: verb, url, parameters }, context.now());
  // Not URLSearchParams, which writes a space as a plus: the two sides must sign the same.
  const text = parameters.map((pair) => pair.map(encodeURIComponent).join('=')).join('&');
  if (verb === 'GET')
    return context[by]({ method: 'GET', url: `${url}?${text}`, headers: { authorization } });
  const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' };
  return context[by]({ method: 'POST', url, headers, body: text });
}

/** What a method told, where it succeeded and told that; undefined for anything else. */
export function flickrOk<T>(answer: HttpAnswer, schema: z.ZodType<T>): T | undefined {
  if (answer.kind !== 'answered' || answer.status !== 200 || !isOk(answer.json)) return undefined;
  return schema.safeParse(answer.json).data;
}

const isOk = (json: unknown): boolean => z.object({ stat: z.literal('ok') }).safeParse(json).success;

export type FlickrError = { readonly code: number; readonly message: string };

/** The error that a method tells under a status of 200. */
export function flickrError(answer: HttpAnswer): FlickrError | undefined {
  if (answer.kind !== 'answered') return undefined;
  const told = z
    .object({ stat: z.literal('fail'), code: z.coerce.number(), message: z.string().default('') })
    .safeParse(answer.json).data;
  return told && { code: told.code, message: told.message };
}

/** Whether codes mean what a method of the API says by them, or an upload: low numbers are each one's own. */
type Place = 'upload' | 'method';

/** What an answer that is no success means; `error` is what was read in it. */
export function flickrFailure(
  answer: HttpAnswer,
  error: FlickrError | undefined,
  place: Place,
  now: Instant,
): Outcome {
  if (error !== undefined) {
    const reason = clip(`Flickr error ${error.code}: ${error.message.replace(/\s+/g, ' ')}`);
    const known = (place === 'upload' ? UPLOAD[error.code] : undefined) ?? COMMON[error.code];
    if (known === undefined) return { kind: 'rejected', code: `flickr_${error.code}`, reason };
    return known === 'unauthorized' || known === 'unavailable' || known === 'uncertain'
      ? { kind: known, reason }
      : { kind: 'rejected', code: known, reason };
  }
  const problem = answer.kind === 'answered' ? /^oauth_problem=(\w{1,60})/.exec(answer.text)?.[1] : undefined;
  if (problem === undefined) return defaultOutcome(answer, now);
  // The rest of such an answer repeats what was signed, the token among it.
  const reason = `Flickr says: ${problem}`;
  const ours = problem === 'timestamp_refused' || problem === 'nonce_used';
  return { kind: ours ? 'unavailable' : 'unauthorized', reason };
}

/** The same for reads, after which nothing is public. */
export const flickrReadFailure = (answer: HttpAnswer, now: Instant): MeasureFailure =>
  readFailure(flickrFailure(answer, flickrError(answer), 'method', now));

export const flickrReason = (outcome: Outcome): string =>
  'reason' in outcome ? outcome.reason : 'too many requests';

/** Refusals alike everywhere: nothing was done. https://www.flickr.com/services/api/flickr.photosets.create.html */
const COMMON: Readonly<Record<number, string>> = {
  95: 'configuration',
  96: 'unauthorized',
  97: 'unauthorized',
  98: 'unauthorized',
  99: 'unauthorized',
  100: 'unauthorized',
  105: 'unavailable',
  106: 'unavailable',
  111: 'configuration',
  112: 'configuration',
  116: 'content_refused',
};

/**
 * https://www.flickr.com/services/api/upload.api.html
 * Files came through under its general errors, and were there twice: https://github.com/oPromessa/flickr-uploader/issues/56
 */
const UPLOAD: Readonly<Record<number, string>> = {
  0: 'media_refused',
  2: 'media_refused',
  3: 'uncertain',
  4: 'media_refused',
  5: 'media_refused',
  6: 'needs_person',
  7: 'needs_person',
  8: 'media_refused',
  9: 'duplicate',
  14: 'unavailable',
  106: 'uncertain',
};
