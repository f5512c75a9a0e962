import * as z from 'zod';
import type { Outcome } from '../../domain/outcome.ts';
import { DAY, type Instant, MINUTE } from '../../domain/time.ts';
import { API_VERSIONS } from '../api-versions.ts';
import { bearerRequest } from '../bearer.ts';
import { defaultOutcome, readFailure, reasonOf, retryAfter } from '../outcome.ts';
import type { HttpAnswer, HttpRequest, MeasureFailure } from '../provider.ts';
import { tokenFields } from '../token-renewal.ts';

export const linkedinCredential = z.strictObject({
  ...tokenFields,
  author: z
    .string()
    .regex(
      /^urn:li:(person|organization):[\w-]+$/,
      'must look like urn:li:person:abc or urn:li:organization:123',
    )
    .describe('Who posts: the member whose token it is, or a page that this member administers'),
});
export type LinkedinCredential = z.infer<typeof linkedinCredential>;

/** Where to ask, and as whom. */
export type LinkedinAccess = { readonly api: string; readonly credential: LinkedinCredential };

export const isPage = (author: string): boolean => author.startsWith('urn:li:organization:');

type Token = Pick<LinkedinCredential, 'accessToken'>;

/** A request of the versioned API; paths begin with `/rest/`. https://learn.microsoft.com/linkedin/marketing/versioning */
export const call = (
  { api, credential }: { readonly api: string; readonly credential: Token },
  method: HttpRequest['method'],
  path: string,
  body?: unknown,
): HttpRequest =>
  bearerRequest(credential, method, `${api}${path}`, {
    body,
    headers: {
      'linkedin-version': API_VERSIONS.linkedin.version,
      'x-restli-protocol-version': '2.0.0',
    },
  });

/** A URN as it stands in a path or a query. */
export const enc = encodeURIComponent;

type Answered = Extract<HttpAnswer, { kind: 'answered' }>;
type Row = {
  readonly status: readonly number[];
  readonly code?: RegExp;
  readonly words?: RegExp;
  readonly is: string;
};

/**
 * LinkedIn's refusals, the first row that fits: by HTTP status, by `code`, by its words.
 * https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api#api-error-details
 */
const REFUSALS: readonly Row[] = [
  // The version of the API has ended, or the app or the member may not do this: nothing a retry would mend.
  { status: [426], is: 'configuration' },
  { status: [400], code: /VERSION/, is: 'configuration' },
  { status: [403], is: 'configuration' },
  { status: [422], words: /duplicate/i, is: 'duplicate' },
  { status: [413, 415], is: 'media_refused' },
  { status: [400], code: /MEDIA_ASSET|INVALID_(IMAGE|VIDEO|DOCUMENT)_ID|UPLOAD_URL/, is: 'media_refused' },
  { status: [400, 404, 422], is: 'content_refused' },
];

/** What an answer without success means. */
export function toRefusal(answer: HttpAnswer, now: Instant): Outcome {
  if (answer.kind !== 'answered') return defaultOutcome(answer, now);
  const { status } = answer;
  const { code, words } = problemOf(answer);
  const row = REFUSALS.find(
    (one) =>
      one.status.includes(status) && (one.code?.test(code) ?? true) && (one.words?.test(words) ?? true),
  );
  if (row !== undefined) return { kind: 'rejected', code: row.is, reason: reasonOf(answer) };
  // "A write conflict occurred. Retry the request."
  if (status === 409) return { kind: 'unavailable', reason: reasonOf(answer) };
  if (status === 429) return { kind: 'rateLimited', retryAt: throttledUntil(answer, words, now) };
  return defaultOutcome(answer, now);
}

/**
 * LinkedIn names no time. What is used up for the day comes back at midnight UTC, other throttling soon.
 * https://learn.microsoft.com/linkedin/shared/api-guide/concepts/rate-limits
 */
function throttledUntil({ headers }: Answered, words: string, now: Instant): Instant {
  const told = retryAfter(headers, now);
  if (told !== undefined) return told;
  return /throttle limit/i.test(words) ? (Math.floor(now / DAY) + 1) * DAY : now + 5 * MINUTE;
}

/** The same for reads. */
export const toFailure = (answer: HttpAnswer, now: Instant): MeasureFailure =>
  readFailure(toRefusal(answer, now));

/** Nothing is public yet: what is no clear refusal is certainly not sent. */
export function mediaRefusal(answer: HttpAnswer, now: Instant): Outcome {
  const outcome = toRefusal(answer, now);
  if (outcome.kind !== 'rejected') return toFailure(answer, now);
  return outcome.code === 'content_refused' ? { ...outcome, code: 'media_refused' } : outcome;
}

/** The body of a success; undefined for every other answer. */
export const successJson = (answer: HttpAnswer): unknown =>
  answer.kind === 'answered' && answer.status < 300 ? answer.json : undefined;

export const statusOf = (answer: HttpAnswer): number => (answer.kind === 'answered' ? answer.status : 0);

const problem = z.object({
  code: z.string().default('').catch(''),
  message: z.string().default('').catch(''),
});

/** https://learn.microsoft.com/linkedin/shared/api-guide/concepts/error-handling */
export const problemOf = (answer: HttpAnswer): { code: string; words: string } => {
  const { code = '', message: words = '' } =
    problem.safeParse(answer.kind === 'answered' ? answer.json : undefined).data ?? {};
  return { code, words };
};
