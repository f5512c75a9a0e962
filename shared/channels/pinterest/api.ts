import * as z from 'zod';
import { type Instant, MINUTE } from '../../domain/time.ts';
import { bearerRequest } from '../bearer.ts';
import { defaultOutcome, harmless, readFailure, reasonOf } from '../outcome.ts';
import type { HttpAnswer, HttpRequest, MeasureFailure, Outcome } from '../provider.ts';
import { tokenFields } from '../token-renewal.ts';

export const PINTEREST_API = 'https://api.pinterest.com';

/** From a login, or a token made by hand for the account's own app. */
export const pinterestCredential = z.strictObject(tokenFields);
export type PinterestCredential = z.infer<typeof pinterestCredential>;

/** A request to API v5, https://developers.pinterest.com/docs/api/v5/ */
export const call = (
  api: string,
  credential: Pick<PinterestCredential, 'accessToken'>,
  method: HttpRequest['method'],
  path: string,
  more: { query?: Readonly<Record<string, string>>; body?: unknown } = {},
): HttpRequest => bearerRequest(credential, method, `${api}/v5${path}`, more);

/**
 * What Pinterest's own codes mean, as its description of API v5 names them
 * (https://github.com/pinterest/api-description, v5/openapi.yaml). Many answers repeat the HTTP status instead.
 */
const REFUSALS: Readonly<Record<number, 'unauthorized' | 'content_refused' | 'configuration'>> = {
  1: 'content_refused', // invalid parameters
  2: 'unauthorized', // authentication failed
  7: 'configuration', // not authorized to access board or Pin
  29: 'configuration', // not permitted to access that resource
  40: 'configuration', // board not found
  2031: 'configuration', // board section not found
};

/** What an answer means that is no success; `uncertain` where the request may have been carried out. */
export function toRefusal(answer: HttpAnswer, now: Instant): Outcome {
  if (answer.kind !== 'answered' || answer.status < 400 || answer.status >= 500)
    return defaultOutcome(answer, now);
  if (answer.status === 408 || answer.status === 429) return defaultOutcome(answer, now);
  const reason = reasonOf(answer);
  // Its crawler could not get at the file just now: nothing was published, and it may work the next time.
  if (answer.status === 400 && /reach|fetch|download/i.test(reason) && /url|image/i.test(reason)) {
    return { kind: 'unavailable', reason };
  }
  const code = codeOf(answer) ?? 0;
  if (code === BLOCKED) return { kind: 'rateLimited', retryAt: now + 15 * MINUTE };
  if (code === THEIR_FAULT) return { kind: 'uncertain', reason };
  const meant = REFUSALS[code] ?? BY_STATUS[answer.status] ?? 'content_refused';
  return meant === 'unauthorized' ? { kind: meant, reason } : { kind: 'rejected', code: meant, reason };
}

/** Too much in too short a time; "wait a few minutes": https://help.pinterest.com/en/article/rate-limit-blocks */
const BLOCKED = 9;
/** "Something went wrong on our end", which passes: https://github.com/gitroomhq/postiz-app/pull/1907 */
const THEIR_FAULT = 2787;

const BY_STATUS: Readonly<Record<number, 'unauthorized' | 'configuration'>> = {
  401: 'unauthorized',
  403: 'configuration',
  404: 'configuration',
};

/** The same where nothing can be public yet, so that nothing can be in doubt. */
export const toCertain = (answer: HttpAnswer, now: Instant) => harmless(toRefusal(answer, now));

/** The same for reads. */
export const toFailure = (answer: HttpAnswer, now: Instant): MeasureFailure =>
  readFailure(toRefusal(answer, now));

/** True when Pinterest itself says that there is no such thing. */
export const isGone = (answer: HttpAnswer): boolean =>
  answer.kind === 'answered' && answer.status === 404 && codeOf(answer) !== undefined;

function codeOf(answer: Extract<HttpAnswer, { kind: 'answered' }>): number | undefined {
  return z.object({ code: z.int() }).safeParse(answer.json).data?.code;
}
