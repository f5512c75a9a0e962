import * as z from 'zod';
import { HOUR, type Instant } from '../../domain/time.ts';
import { bearerRequest } from '../bearer.ts';
import { defaultOutcome, readFailure, reasonOf } from '../outcome.ts';
import type { HttpAnswer, HttpRequest, MeasureFailure, Outcome } from '../provider.ts';
import { tokenFields } from '../token-renewal.ts';

export const TUMBLR_API = 'https://api.tumblr.com';

export const tumblrCredential = z.strictObject({
  ...tokenFields,
  blog: z
    .string()
    .trim()
    .max(253)
    .regex(/^[\w.:-]+$/, 'must be the name of a blog')
    .describe('Name, host name or UUID of one of the user’s blogs'),
});
export type TumblrCredential = z.infer<typeof tumblrCredential>;

/** A request to API v2, https://github.com/tumblr/docs/blob/master/api.md */
export const call = (
  api: string,
  credential: Pick<TumblrCredential, 'accessToken'>,
  method: HttpRequest['method'],
  path: string,
  more: { query?: Readonly<Record<string, string>>; body?: unknown } = {},
): HttpRequest => bearerRequest(credential, method, `${api}/v2${path}`, more);

/** `/blog/{blog}/…` by the UUID that does not change with the blog's name. */
export const blogPath = (blogId: string, rest: string): string =>
  `/blog/${encodeURIComponent(blogId)}${rest}`;

/** What Tumblr wraps in `response`, in the shape that was asked for; undefined for anything else. */
export function ok<T>(answer: HttpAnswer, schema: z.ZodType<T>): T | undefined {
  if (answer.kind !== 'answered' || answer.status < 200 || answer.status >= 300) return undefined;
  return z.object({ response: schema }).safeParse(answer.json).data?.response;
}

/** What a refusal means: `wait` is a time in milliseconds; nothing was published then, but where it is uncertain. */
type Meaning = { code: string } | { wait: number } | 'unavailable' | 'uncertain';

/**
 * Tumblr's own codes of a refusal, https://github.com/tumblr/docs/blob/master/api.md#errors-and-error-subcodes
 * Daily limits end with the calendar day of Tumblr's servers, which no answer names: it is asked again by the hour.
 */
const REFUSALS: Readonly<Record<number, Meaning>> = {
  8001: { code: 'content_refused' },
  8004: { wait: HOUR }, // no more media today
  8005: { code: 'media_refused' },
  8006: 'unavailable', // unknown upload error
  8009: 'unavailable', // unknown upload error, video
  // A video is still transcoded. It may be this very one, whose answer was lost: no list has it until then.
  8010: 'uncertain',
  8011: { wait: HOUR }, // no more videos today
  8022: { wait: HOUR }, // the queue is full
  8023: { wait: HOUR }, // no more posts today
};

const refusal = z.object({
  meta: z.object({ status: z.int(), msg: z.string().catch('') }),
  errors: z
    .array(z.object({ title: z.string().catch(''), detail: z.string().catch(''), code: z.int().catch(0) }))
    .catch([]),
});

/** What an answer means that is no success; `uncertain` where the request may have been carried out. */
export function toRefusal(answer: HttpAnswer, now: Instant): Outcome {
  const told = answer.kind === 'answered' ? refusal.safeParse(answer.json).data : undefined;
  if (answer.kind !== 'answered' || told === undefined) return defaultOutcome(answer, now);
  const reason = wordsOf(answer);
  const meant = told.errors.map(({ code }) => REFUSALS[code]).find((one) => one !== undefined);
  if (meant === 'unavailable' || meant === 'uncertain') return { kind: meant, reason };
  if (meant !== undefined && 'wait' in meant) return { kind: 'rateLimited', retryAt: now + meant.wait };
  if (meant !== undefined) return { kind: 'rejected', code: meant.code, reason };
  // Posting is switched off: Tumblr says so itself, a proxy's 503 has no such answer.
  if (answer.status === 503) return { kind: 'unavailable', reason };
  if (answer.status === 403 || answer.status === 404) {
    return { kind: 'rejected', code: 'configuration', reason };
  }
  const outcome = defaultOutcome(answer, now);
  return outcome.kind === 'rejected' ? { ...outcome, reason } : outcome;
}

/** The same for reads. */
export const toFailure = (answer: HttpAnswer, now: Instant): MeasureFailure =>
  readFailure(toRefusal(answer, now));

/** True when Tumblr itself says that there is no such thing. */
export const isGone = (answer: HttpAnswer): boolean =>
  answer.kind === 'answered' && answer.status === 404 && refusal.safeParse(answer.json).success;

/** Its words stand in a list of errors, where `reasonOf` does not look. */
export function wordsOf(answer: Extract<HttpAnswer, { kind: 'answered' }>): string {
  const [error] = refusal.safeParse(answer.json).data?.errors ?? [];
  const words = error?.detail || error?.title;
  return reasonOf(words ? { ...answer, json: { message: words } } : answer);
}
