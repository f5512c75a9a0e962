import * as z from 'zod';
import { DAY, type Instant, MINUTE } from '../../domain/time.ts';
import { bearerRequest } from '../bearer.ts';
import { clip, defaultOutcome, harmless, readFailure, reasonOf, retryAfter } from '../outcome.ts';
import type { HttpAnswer, HttpRequest, MeasureFailure, Outcome } from '../provider.ts';
import { tokenFields } from '../token-renewal.ts';

export const TIKTOK_API = 'https://open.tiktokapis.com';

export const tiktokCredential = z.strictObject(tokenFields);
export type TiktokCredential = z.infer<typeof tiktokCredential>;

/** A call of the API v2; a POST with the body given, a GET without one. */
export const call = (api: string, credential: TiktokCredential, path: string, body?: unknown): HttpRequest =>
  bearerRequest(credential, body === undefined ? 'GET' : 'POST', `${api}${path}`, {
    body,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json; charset=UTF-8' } }),
  });

const envelope = z.object({
  data: z.unknown(),
  error: z.object({ code: z.string() }),
});

/** TikTok's word for how a call ended, `ok` or why not; undefined where somebody else or nobody answered. */
const codeOf = (answer: HttpAnswer): string | undefined =>
  answer.kind === 'answered' ? envelope.safeParse(answer.json).data?.error.code : undefined;

/** What is in a success; undefined for every other answer. A status of 200 alone is no success here. */
export function dataOf<T>(answer: HttpAnswer, shape: z.ZodType<T>): T | undefined {
  if (answer.kind !== 'answered' || answer.status !== 200 || codeOf(answer) !== 'ok') return undefined;
  return shape.safeParse(envelope.safeParse(answer.json).data?.data).data;
}

export type Refusal =
  | 'configuration'
  | 'content_refused'
  | 'media_refused'
  | 'needs_person'
  | 'option_invalid';
type Meaning = 'reconnect' | 'in a day' | 'in a minute' | { readonly code: Refusal };
const CONTENT: Meaning = { code: 'content_refused' };
const MEDIA: Meaning = { code: 'media_refused' };

/**
 * TikTok's error codes, of every call that is made: the tables "Error codes" of
 * https://developers.tiktok.com/doc/content-posting-api-reference-direct-post, …-photo-post, …-query-creator-info
 * and https://developers.tiktok.com/doc/tiktok-api-v2-error-handling. What is refused is certainly not posted.
 */
export const CODES: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['access_token_invalid', 'reconnect'],
  ['scope_not_authorized', 'reconnect'],
  ['scope_permission_missed', 'reconnect'],
  ['rate_limit_exceeded', 'in a minute'],
  // About 15 posts per account, and a number of accounts per app, in 24 hours.
  ['spam_risk_too_many_posts', 'in a day'],
  ['spam_risk_too_many_pending_share', 'in a day'],
  ['reached_active_user_cap', 'in a day'],
  ['spam_risk_user_banned_from_posting', { code: 'needs_person' }],
  ['app_version_check_failed', { code: 'needs_person' }],
  // Until TikTok has audited the app: https://developers.tiktok.com/doc/content-sharing-guidelines
  ['unaudited_client_can_only_post_to_private_accounts', { code: 'configuration' }],
  ['url_ownership_unverified', { code: 'configuration' }],
  ['privacy_level_option_mismatch', { code: 'option_invalid' }],
  ['invalid_param', CONTENT],
  ['invalid_params', CONTENT],
  ['spam_risk', CONTENT],
  ['spam_risk_text', CONTENT],
  ['file_format_check_failed', MEDIA],
  ['duration_check_failed', MEDIA],
  ['frame_rate_check_failed', MEDIA],
  ['picture_size_check_failed', MEDIA],
]);

/** What an answer without success to an irreversible request means. */
export function toRefusal(answer: HttpAnswer, now: Instant): Outcome {
  const code = codeOf(answer);
  if (answer.kind !== 'answered' || code === undefined || code === 'ok') return defaultOutcome(answer, now);
  const meaning = CODES.get(code);
  const reason = wordsOf(answer);
  if (meaning === 'reconnect') return { kind: 'unauthorized', reason };
  if (meaning === 'in a day') return { kind: 'rateLimited', retryAt: now + DAY };
  if (meaning === 'in a minute') {
    return { kind: 'rateLimited', retryAt: retryAfter(answer.headers, now) ?? now + MINUTE };
  }
  if (meaning !== undefined) return { kind: 'rejected', code: meaning.code, reason };
  if (code === 'internal_error') return { kind: 'uncertain', reason };
  // Some refusals come with a status of 200.
  if (answer.status === 200) return { kind: 'rejected', code: 'refused', reason };
  return defaultOutcome(answer, now);
}

/** The same where nothing can be out, whatever became of the request. */
export const toHarmless = (answer: HttpAnswer, now: Instant) => harmless(toRefusal(answer, now));

/** The same for reads. */
export const toFailure = (answer: HttpAnswer, now: Instant): MeasureFailure =>
  readFailure(toRefusal(answer, now));

/** Why, for people: TikTok's words, and its code where it has one. */
export function wordsOf(answer: HttpAnswer): string {
  if (answer.kind !== 'answered') return clip(answer.reason);
  const code = codeOf(answer);
  return code === undefined || code === 'ok' ? reasonOf(answer) : clip(`${code}, ${reasonOf(answer)}`);
}
