import * as z from 'zod';
import { type Instant, SECOND } from '../../domain/time.ts';
import { defaultOutcome, readFailure, reasonOf } from '../outcome.ts';
import type { Context, HttpAnswer, HttpRequest, MeasureFailure, Outcome } from '../provider.ts';

export const discourseCredential = z.strictObject({
  forumUrl: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .describe('Address of the forum, with its path where it lives in one: `https://example.org/forum`'),
  apiKey: z
    .string()
    .trim()
    .regex(/^[0-9a-f]{64}$/, 'must be an API key of 64 hexadecimal digits')
    .describe(
      'Made by an administrator: Admin → API, for one user, global or with the scopes topics, uploads and users',
    ),
  username: z
    .string()
    .trim()
    .regex(/^[\p{L}\p{N}_.-]{1,60}$/u, 'must be a user name')
    .describe('In whose name it is posted'),
});
export type DiscourseCredential = z.infer<typeof discourseCredential>;

/** Address of the forum without a trailing slash; people also paste the page they are looking at. */
export function forumOf({ forumUrl }: Pick<DiscourseCredential, 'forumUrl'>): string {
  const { origin, pathname } = new URL(forumUrl);
  return (
    origin + pathname.replace(/\/(latest|categories|top|new|admin|c|t|u)(\/.*)?$/, '').replace(/\/+$/, '')
  );
}

/** https://docs.discourse.org/#section/Authentication */
export function discourseCall(
  credential: DiscourseCredential,
  method: HttpRequest['method'],
  route: string,
  body?: unknown,
): HttpRequest {
  const headers = {
    'api-key': credential.apiKey,
    'api-username': encodeURI(credential.username),
    accept: 'application/json',
  };
  const url = `${forumOf(credential)}${route}`;
  if (body === undefined) return { method, url, headers };
  return {
    method,
    url,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

/** What an answer that is no success means; `{errors: [words], error_type, extras}` is Discourse's own word. */
export function discourseFailure(answer: HttpAnswer, now: Instant): Outcome {
  const told = toldBy(answer);
  if (answer.kind !== 'answered' || told === undefined) return defaultOutcome(answer, now);
  const words = { ...answer, json: { message: told.errors.join(' ') } };
  const seconds = told.extras?.wait_seconds;
  if (answer.status === 429 && seconds !== undefined) {
    return { kind: 'rateLimited', retryAt: now + Math.min(Math.max(seconds, 1), 86_400) * SECOND };
  }
  // Said in front of everything else: https://meta.discourse.org/t/partial-read-only-mode/210401
  if (answer.status === 503 && told.error_type === 'read_only')
    return { kind: 'unavailable', reason: reasonOf(words) };
  const outcome = defaultOutcome(words, now);
  if (outcome.kind !== 'rejected') return outcome;
  const code = CODES[answer.status];
  return code === undefined ? outcome : { ...outcome, code };
}

/** The same for reads and uploads, after which nothing is public. */
export const discourseReadFailure = (answer: HttpAnswer, now: Instant): MeasureFailure =>
  readFailure(discourseFailure(answer, now));

/**
 * A key that was revoked is answered like a place where this user may not write: 403 and words in the forum's own
 * language. Whether the key still opens its owner's profile tells the two apart.
 */
export async function tellForbidden(
  outcome: Outcome,
  credential: DiscourseCredential,
  context: Context,
): Promise<Outcome> {
  if (outcome.kind !== 'rejected' || outcome.code !== 'not_permitted') return outcome;
  const answer = await context.http(discourseCall(credential, 'GET', profileOf(credential)));
  const shut = answer.kind === 'answered' && (answer.status === 403 || answer.status === 401);
  return shut ? { kind: 'unauthorized', reason: outcome.reason } : outcome;
}

export const profileOf = ({ username }: DiscourseCredential): string =>
  `/u/${encodeURIComponent(username.toLowerCase())}.json`;

/** The topic or post is not there, or not there any more. */
export const isDiscourseGone = (answer: HttpAnswer): boolean =>
  answer.kind === 'answered' && (answer.status === 404 || answer.status === 410);

const CODES: Readonly<Record<number, string>> = {
  403: 'not_permitted',
  413: 'media_refused',
  422: 'content_refused',
};

const errorsSchema = z.object({
  errors: z.array(z.string()).min(1),
  error_type: z.string().optional(),
  extras: z.object({ wait_seconds: z.number().optional() }).optional().catch(undefined),
});

function toldBy(answer: HttpAnswer): z.infer<typeof errorsSchema> | undefined {
  if (answer.kind !== 'answered' || answer.status < 400) return undefined;
  return errorsSchema.safeParse(answer.json).data;
}
