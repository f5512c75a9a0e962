import * as z from 'zod';
import type { Outcome } from '../../domain/outcome.ts';
import type { Instant } from '../../domain/time.ts';
import { bearerRequest } from '../bearer.ts';
import { defaultOutcome, readFailure, reasonOf } from '../outcome.ts';
import type { HttpAnswer, HttpRequest, MeasureFailure } from '../provider.ts';
import { tokenFields } from '../token-renewal.ts';

/** What X's OAuth 2 gives: the access token lives two hours, every refresh gives a new refresh token. */
export const xCredential = z.strictObject(tokenFields);
export type XCredential = z.infer<typeof xCredential>;

/** Where to ask, and as whom. */
export type XAccess = { readonly api: string; readonly credential: XCredential };

/** A request of this account; a body is sent as JSON. Paths begin with `/2/`. */
export const call = (
  { api, credential }: XAccess,
  method: HttpRequest['method'],
  path: string,
  body?: unknown,
): HttpRequest => bearerRequest(credential, method, `${api}${path}`, { body });

type Answered = Extract<HttpAnswer, { kind: 'answered' }>;
type Row = {
  readonly status?: readonly number[];
  readonly type?: RegExp;
  readonly words?: RegExp;
  readonly code: string;
};

/**
 * X's refusals, the first row that fits: by HTTP status, by the last segment of the problem's `type`, by its words.
 * https://docs.x.com/x-api/fundamentals/response-codes-and-errors
 */
const REFUSALS: readonly Row[] = [
  // The balance of the app is empty; nothing goes out before somebody buys credits.
  { status: [402], code: 'credits_empty' },
  { type: /^usage-capped$/, code: 'credits_empty' },
  { status: [403], words: /duplicate content|status is a duplicate/i, code: 'duplicate' },
  { status: [403], words: /suspended|account is (temporarily )?locked/i, code: 'needs_person' },
  {
    status: [403],
    type: /^(client-forbidden|client-not-enrolled|oauth1-permissions|unsupported-authentication|not-authorized-for-resource)$/,
    code: 'configuration',
  },
  { status: [413, 415], code: 'media_refused' },
  { status: [400, 403], words: /\b(media|videos?|images?|gifs?)\b/i, code: 'media_refused' },
  { status: [400, 403, 404], code: 'content_refused' },
];

/** What an answer without success means. */
export function toRefusal(answer: HttpAnswer, now: Instant): Outcome {
  if (answer.kind !== 'answered') return defaultOutcome(answer, now);
  const { type, words } = problemOf(answer);
  const row = REFUSALS.find(
    (one) =>
      (one.status?.includes(answer.status) ?? answer.status >= 400) &&
      (one.type?.test(type) ?? true) &&
      (one.words?.test(words) ?? true),
  );
  const reason = words === '' ? reasonOf(answer) : reasonOf({ ...answer, json: { message: words } });
  if (row !== undefined) return { kind: 'rejected', code: row.code, reason };
  return defaultOutcome(answer, now);
}

/** The same for reads. */
export const toFailure = (answer: HttpAnswer, now: Instant): MeasureFailure =>
  readFailure(toRefusal(answer, now));

/** The body of a success; undefined for every other answer. */
export const successJson = (answer: HttpAnswer): unknown =>
  answer.kind === 'answered' && answer.status < 300 ? answer.json : undefined;

const problem = z.object({
  type: z.string().optional().catch(undefined),
  title: z.string().optional().catch(undefined),
  detail: z.string().optional().catch(undefined),
  errors: z
    .array(z.object({ message: z.string().optional(), detail: z.string().optional() }))
    .optional()
    .catch(undefined),
});

/** A problem of RFC 7807, or the older list of errors. */
function problemOf({ json }: Answered): { type: string; words: string } {
  const { type = '', title, detail, errors: [first] = [] } = problem.safeParse(json).data ?? {};
  const told = [detail ?? title, first?.message ?? first?.detail].filter((text) => text !== undefined);
  return { type: type.slice(type.lastIndexOf('/') + 1), words: [...new Set(told)].join(' ') };
}
