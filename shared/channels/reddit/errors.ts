import * as z from 'zod';
import { HOUR, type Instant, MINUTE, SECOND } from '../../domain/time.ts';
import { defaultOutcome, reasonOf } from '../outcome.ts';
import type { HttpAnswer, Outcome } from '../provider.ts';
import { lacksScope } from './api.ts';

/**
 * Codes of `json.errors`, which come with a status 200 and say that nothing was made of the request. Words and codes:
 * https://github.com/reddit-archive/reddit/blob/master/r2/r2/lib/errors.py; newer ones, as `SUBMIT_VALIDATION_…`, as
 * clients report them. A code that is not here is a refusal of the content.
 */
const REFUSALS: Readonly<Record<string, string>> = {
  ALREADY_SUB: 'duplicate',
  BAD_CAPTCHA: 'needs_person',
  BAD_IMAGE: 'media_refused',
  BANNED_IP: 'needs_person',
  BAD_URL: 'content_refused',
  DOMAIN_BANNED: 'content_refused',
  INVALID_OPTION: 'content_refused',
  NO_LINKS: 'content_refused',
  NO_SELFS: 'content_refused',
  NO_TEXT: 'content_refused',
  NO_URL: 'content_refused',
  SUBMIT_VALIDATION_FLAIR_REQUIRED: 'configuration',
  SUBREDDIT_NOEXIST: 'configuration',
  SUBREDDIT_NOTALLOWED: 'configuration',
  SUBREDDIT_REQUIRED: 'configuration',
  TOO_LONG: 'content_refused',
  USER_BLOCKED: 'needs_person',
  VERIFIED_USER_REQUIRED: 'needs_person',
};

/** "Try again in 9 minutes", "in an hour", "later". */
const WAITS = new Set(['RATELIMIT', 'QUOTA_FILLED', 'SUBREDDIT_RATELIMIT']);

/** The envelope of `api_type=json`; each error is a code, words, and the field that they are about. */
const envelope = z.object({
  json: z.object({
    errors: z.array(z.array(z.unknown())).default([]),
    /** Seconds, beside the error RATELIMIT. */
    ratelimit: z.number().optional().catch(undefined),
    data: z.unknown().optional(),
  }),
});

/** What stands in the envelope of a success; undefined when it is none, or says that something is wrong. */
export function dataOf(answer: HttpAnswer): unknown {
  const told = envelopeOf(answer);
  return told === undefined || told.errors.length > 0 ? undefined : (told.data ?? {});
}

/** What an answer means that is no success; `uncertain` where the request may have been carried out. */
export function toRefusal(answer: HttpAnswer, now: Instant): Outcome {
  const told = envelopeOf(answer);
  const [error] = told?.errors ?? [];
  if (answer.kind !== 'answered') return defaultOutcome(answer, now);
  if (told !== undefined && error !== undefined) {
    const [code, words] = error.map(String);
    const reason = reasonOf({ ...answer, json: { message: `${code}: ${words ?? ''}` } });
    if (WAITS.has(code ?? '')) return { kind: 'rateLimited', retryAt: now + waitOf(words ?? '', told) };
    if (code === 'USER_REQUIRED') return { kind: 'unauthorized', reason };
    return { kind: 'rejected', code: REFUSALS[code ?? ''] ?? 'content_refused', reason };
  }
  if (lacksScope(answer)) return { kind: 'unauthorized', reason: reasonOf(answer) };
  // Private, banned, quarantined, or the account is banned from it.
  if (answer.status === 403 || answer.status === 404) {
    return { kind: 'rejected', code: 'configuration', reason: reasonOf(answer) };
  }
  return defaultOutcome(answer, now);
}

/** Reddit says how long: in seconds beside the error, or in its words only ("Take a break for 9 minutes"). */
function waitOf(words: string, { ratelimit }: { ratelimit?: number | undefined }): number {
  if (ratelimit !== undefined && ratelimit > 0) return Math.ceil(ratelimit) * SECOND + SECOND;
  if (/\ban hour\b/.test(words)) return HOUR;
  const [, count, unit = ''] = /(\d+) (milli|second|minute|hour)/.exec(words) ?? [];
  if (count === undefined) return UNTOLD_WAIT_MS;
  // Its numbers are cut, not rounded: 9 minutes may be nearly ten.
  return (Number(count) + 1) * (UNITS[unit] ?? MINUTE);
}

const UNTOLD_WAIT_MS = 10 * MINUTE;
const UNITS: Readonly<Record<string, number>> = { milli: 1, second: SECOND, minute: MINUTE, hour: HOUR };

function envelopeOf(answer: HttpAnswer) {
  return answer.kind === 'answered' && answer.status >= 200 && answer.status < 300
    ? envelope.safeParse(answer.json).data?.json
    : undefined;
}
