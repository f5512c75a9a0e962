import type * as z from 'zod';
import type { Attachment, Misfit } from '../domain/media.ts';
import type { Outcome } from '../domain/outcome.ts';
import { exhaustedUntil, toldInstant } from '../domain/rate-headers.ts';
import { DAY, type Instant, MINUTE, SECOND } from '../domain/time.ts';
import type { HttpAnswer, MeasureFailure, Verified } from './provider.ts';

type Answered = Extract<HttpAnswer, { kind: 'answered' }>;

const LONGEST_REASON = 200;

/** The body of a 2xx in the shape that was asked for; undefined for anything else. */
export function ok<T>(answer: HttpAnswer, schema: z.ZodType<T>): T | undefined {
  if (answer.kind !== 'answered' || answer.status < 200 || answer.status >= 300) return undefined;
  return schema.safeParse(answer.json).data;
}

/**
 * What an answer to the irreversible request means unless the provider knows better; its success is the
 * provider's to read first. A 2xx that the provider could not read is `uncertain`: the post may be out.
 */
export function defaultOutcome(answer: HttpAnswer, now: Instant): Outcome {
  if (answer.kind === 'unreachable') return { kind: 'unavailable', reason: clip(answer.reason) };
  if (answer.kind === 'unanswered') return { kind: 'uncertain', reason: clip(answer.reason) };
  const { status } = answer;
  if (status === 429)
    return { kind: 'rateLimited', retryAt: retryAfter(answer.headers, now) ?? now + MINUTE };
  if (status === 401) return { kind: 'unauthorized', reason: reasonOf(answer) };
  // RFC 9110 §15.4: these say "ask there instead"; 302 and 303 are also how a form says "done".
  if (status === 301 || status === 307 || status === 308) {
    return { kind: 'rejected', code: 'redirected', reason: `HTTP ${status}: the address has moved` };
  }
  if (status < 400 || status === 408 || status >= 500) return { kind: 'uncertain', reason: reasonOf(answer) };
  return { kind: 'rejected', code: `http_${status}`, reason: reasonOf(answer) };
}

/** `fileFor` found none of its files that the network takes. */
export const unfit = ({ fileName }: Attachment, why: Misfit): Extract<Outcome, { kind: 'rejected' }> => ({
  kind: 'rejected',
  code: 'media_refused',
  reason: `${fileName}: ${why}`,
});

/** The same table for reads. */
export const measureFailure = (answer: HttpAnswer, now: Instant): MeasureFailure =>
  readFailure(defaultOutcome(answer, now));

/** A refusal where nothing can be out, whatever became of the request. */
export const harmless = (outcome: Outcome): Exclude<Outcome, { kind: 'uncertain' }> =>
  outcome.kind === 'uncertain' ? { kind: 'unavailable', reason: outcome.reason } : outcome;

/** A refusal of a read: whatever is neither a credential's nor a rate's fault may pass. */
export function readFailure(outcome: Outcome): MeasureFailure {
  if (outcome.kind === 'unauthorized' || outcome.kind === 'rateLimited') return outcome;
  return { kind: 'unavailable', reason: 'reason' in outcome ? outcome.reason : 'there was no clear answer' };
}

/** A refusal of the question whose a credential is: a no of the network's, or no answer now. */
export function unverified(outcome: Outcome): Exclude<Verified, { kind: 'verified' }> {
  const isRefused = outcome.kind === 'unauthorized' || outcome.kind === 'rejected';
  const reason = 'reason' in outcome ? outcome.reason : 'too many requests, try again later';
  return { kind: isRefused ? 'refused' : 'unreachable', reason };
}

/**
 * A network that refuses what it has already may mean what an earlier attempt of ours left there: then `find` is to
 * claim it. `look`: for an equal publication since this delivery was due.
 */
export async function doubtDuplicate(
  outcome: Outcome,
  look: () => Promise<{ readonly kind: string }>,
): Promise<Outcome> {
  if (outcome.kind !== 'rejected' || outcome.code !== 'duplicate') return outcome;
  return (await look()).kind === 'absent' ? outcome : { kind: 'uncertain', reason: outcome.reason };
}

/**
 * When the network wants to be asked again, at least a second and at most a day from now; undefined when it does
 * not say. `Retry-After` (RFC 9110 §10.2.3: seconds or a date) goes before the widespread `(X-)RateLimit-Reset`
 * (epoch seconds, seconds from now, or an ISO 8601 instant) and the end of any other budget that is used up.
 */
export function retryAfter(headers: Readonly<Record<string, string>>, now: Instant): Instant | undefined {
  const reset = headers['x-ratelimit-reset'] ?? headers['ratelimit-reset'] ?? headers['x-rate-limit-reset'];
  const ends = [toldInstant(reset, now), exhaustedUntil(headers, now)].filter((end) => end !== undefined);
  const at = toldInstant(headers['retry-after'], now) ?? (ends.length > 0 ? Math.max(...ends) : undefined);
  return at === undefined ? undefined : Math.min(Math.max(at, now + SECOND), now + DAY);
}

/** What the network says about a refusal, for people: one clipped line without markup, tokens or query strings. */
export function reasonOf(answer: Answered): string {
  const told = isMarkup(answer) ? undefined : (messageOf(answer.json) ?? plainText(answer));
  return clip(told === undefined ? `HTTP ${answer.status}` : `HTTP ${answer.status}: ${clean(told)}`);
}

/** Without half a character, whether the cut or the network has left it: DynamoDB keeps texts as UTF-8, which has none. */
export const clip = (text: string): string =>
  (text.length <= LONGEST_REASON ? text : `${text.slice(0, LONGEST_REASON - 1)}…`).toWellFormed();

const isMarkup = (answer: Answered): boolean =>
  (answer.headers['content-type'] ?? '').includes('html') || answer.text.trimStart().startsWith('<');

/** `error` may be a code beside a better `message`, the message itself, or an object that holds it. */
function messageOf(json: unknown, depth = 0): string | undefined {
  if (typeof json !== 'object' || json === null || depth > 2) return undefined;
  for (const key of ['message', 'error_description', 'error_message', 'detail', 'reason', 'error', 'title']) {
    const value: unknown = (json as Record<string, unknown>)[key];
    if (typeof value === 'string' && value.trim() !== '') return value;
    const inner = messageOf(value, depth + 1);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

const plainText = (answer: Answered): string | undefined =>
  answer.json === undefined && answer.text.trim() !== '' ? answer.text : undefined;

// Bounded before the patterns run: a reason has 200 characters, a body may have a million.
const clean = (text: string): string =>
  text
    .slice(0, 2_000)
    .replace(/<[^<>]*>/g, ' ')
    .replace(/(https?:\/\/)[^\s/@]*@/gi, '$1')
    .replace(/(https?:\/\/[^\s?#]*)[?#]\S*/gi, '$1')
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]+/gi, '$1 …')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
