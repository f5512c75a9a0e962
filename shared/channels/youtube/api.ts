import * as z from 'zod';
import { DAY, type Instant, MINUTE } from '../../domain/time.ts';
import { land, toLocal } from '../../domain/wall-clock.ts';
import { bearerRequest } from '../bearer.ts';
import { clip, defaultOutcome, harmless, readFailure, reasonOf, retryAfter } from '../outcome.ts';
import type { HttpAnswer, HttpRequest, MeasureFailure, Outcome } from '../provider.ts';
import { tokenFields } from '../token-renewal.ts';

export const YOUTUBE_API = 'https://www.googleapis.com';

export const youtubeCredential = z.strictObject(tokenFields);
export type YoutubeCredential = z.infer<typeof youtubeCredential>;

export const watchUrl = (videoId: string): string => `https://www.youtube.com/watch?v=${videoId}`;

export const bearer = ({ accessToken }: YoutubeCredential): Record<string, string> => ({
  authorization: `Bearer ${accessToken}`,
});

/** A request to one method of the Data API, with a body where there is one. */
export const call = (
  api: string,
  credential: YoutubeCredential,
  method: HttpRequest['method'],
  resource: 'channels' | 'commentThreads' | 'playlistItems' | 'videos',
  query: Readonly<Record<string, string>>,
  body?: unknown,
): HttpRequest => bearerRequest(credential, method, `${api}/youtube/v3/${resource}`, { query, body });

/** The body of a success in the shape that is read; undefined for every other answer. */
export function successOf<T>(answer: HttpAnswer, shape: z.ZodType<T>): T | undefined {
  if (answer.kind !== 'answered' || (answer.status !== 200 && answer.status !== 201)) return undefined;
  return shape.safeParse(answer.json).data;
}

type Meaning =
  | 'reconnect'
  | 'pacific midnight'
  | 'in a day'
  | 'in a minute'
  | { readonly code: 'configuration' | 'content_refused' | 'media_refused' | 'needs_person' };
const CONFIGURATION: Meaning = { code: 'configuration' };
const CONTENT: Meaning = { code: 'content_refused' };
const MEDIA: Meaning = { code: 'media_refused' };
const PERSON: Meaning = { code: 'needs_person' };

/**
 * What YouTube's reasons (`error.errors[].reason`) mean: https://developers.google.com/youtube/v3/docs/errors and
 * https://developers.google.com/youtube/v3/docs/videos/insert#errors. A refusal is certain: nothing was made.
 */
export const REASONS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['authError', 'reconnect'],
  ['authorizationRequired', 'reconnect'],
  ['required', 'reconnect'],
  ['insufficientPermissions', 'reconnect'],
  ['youtubeSignupRequired', 'reconnect'],
  // Both quotas of a project end there: https://developers.google.com/youtube/v3/determine_quota_cost
  ['quotaExceeded', 'pacific midnight'],
  ['dailyLimitExceeded', 'pacific midnight'],
  ['uploadLimitExceeded', 'in a day'],
  ['rateLimitExceeded', 'in a minute'],
  ['userRateLimitExceeded', 'in a minute'],
  ['uploadRateLimitExceeded', 'in a minute'],
  ['tooManyRequests', 'in a minute'],
  ['accessNotConfigured', CONFIGURATION],
  ['invalidCategoryId', CONTENT],
  ['invalidDescription', CONTENT],
  ['invalidPublishAt', CONTENT],
  ['invalidTags', CONTENT],
  ['invalidTitle', CONTENT],
  ['invalidVideoMetadata', CONTENT],
  ['forbiddenLicenseSetting', CONTENT],
  ['forbiddenPrivacySetting', CONTENT],
  ['mediaBodyRequired', MEDIA],
  ['authenticatedUserAccountClosed', PERSON],
  ['authenticatedUserAccountSuspended', PERSON],
  ['channelClosed', PERSON],
  ['channelSuspended', PERSON],
  ['forbidden', PERSON],
]);

const errorBody = z.object({
  error: z.object({ errors: z.array(z.object({ reason: z.string() })).min(1) }),
});

/** YouTube's own word for a refusal; undefined where somebody else (a proxy) or nobody answered. */
export function reasonCode(answer: HttpAnswer): string | undefined {
  if (answer.kind !== 'answered' || answer.status < 400) return undefined;
  return errorBody.safeParse(answer.json).data?.error.errors[0]?.reason;
}

/** What an answer without success to an irreversible request means. */
export function toRefusal(answer: HttpAnswer, now: Instant): Outcome {
  const meaning = REASONS.get(reasonCode(answer) ?? '');
  if (meaning === undefined || answer.kind !== 'answered') return defaultOutcome(answer, now);
  if (meaning === 'reconnect') return { kind: 'unauthorized', reason: reasonOf(answer) };
  if (meaning === 'pacific midnight') return { kind: 'rateLimited', retryAt: nextPacificMidnight(now) };
  if (meaning === 'in a day') return { kind: 'rateLimited', retryAt: now + DAY };
  if (meaning === 'in a minute') {
    return { kind: 'rateLimited', retryAt: retryAfter(answer.headers, now) ?? now + MINUTE };
  }
  return { kind: 'rejected', code: meaning.code, reason: reasonOf(answer) };
}

/** The same where nothing can be out, whatever became of the request. */
export const toHarmless = (answer: HttpAnswer, now: Instant) => harmless(toRefusal(answer, now));

/** The same for reads. */
export const toFailure = (answer: HttpAnswer, now: Instant): MeasureFailure =>
  readFailure(toRefusal(answer, now));

/** Why, for people. */
export const wordsOf = (answer: HttpAnswer): string =>
  answer.kind === 'answered' ? reasonOf(answer) : clip(answer.reason);

const PACIFIC = 'America/Los_Angeles';

/** The clocks there change at 2 a.m., so that every day has one midnight. */
export function nextPacificMidnight(now: Instant): Instant {
  const today = toLocal(now, PACIFIC).slice(0, 10);
  const tomorrow = new Date(Date.parse(today) + DAY).toISOString().slice(0, 10);
  const landing = land({ local: `${tomorrow}T00:00`, timeZone: PACIFIC });
  return landing.kind === 'exact' ? landing.at : now + DAY;
}
