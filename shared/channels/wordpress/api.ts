import * as z from 'zod';
import type { ChannelFacts } from '../../domain/channel.ts';
import type { Instant } from '../../domain/time.ts';
import { measureFailure, reasonOf } from '../outcome.ts';
import type { HttpAnswer, HttpRequest, MeasureFailure, Outcome } from '../provider.ts';

export const wordpressCredential = z.strictObject({
  siteUrl: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .describe('Address of the site, with its path where it lives in one: `https://example.org/blog`'),
  username: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .regex(/^[^:]+$/, 'must not hold a colon')
    .describe('Of a user who may publish: an author, editor or administrator'),
  applicationPassword: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .describe('From the user’s profile page, with or without its spaces; never the login password'),
});
export type WordpressCredential = z.infer<typeof wordpressCredential>;

/** Address of the site without a trailing slash; people also paste what stands in their browser. */
export function siteOf({ siteUrl }: Pick<WordpressCredential, 'siteUrl'>): string {
  const { origin, pathname } = new URL(siteUrl);
  return origin + pathname.replace(/\/(wp-json|wp-admin|wp-login\.php)(\/.*)?$/, '').replace(/\/+$/, '');
}

/** What `verify` learned: a site without pretty permalinks hears only `?rest_route=`. */
export const usesQueryRoutes = (facts: ChannelFacts): boolean => facts.queryRoutes === true;

/**
 * A request to a route below `/wp/v2`, signed in by an application password.
 * https://developer.wordpress.org/rest-api/using-the-rest-api/authentication/#basic-authentication-with-application-passwords
 */
export function call(
  credential: WordpressCredential,
  queryRoutes: boolean,
  method: HttpRequest['method'],
  route: string,
  { query = {}, body }: { query?: Readonly<Record<string, string>>; body?: unknown } = {},
): HttpRequest {
  const { username, applicationPassword } = credential;
  const siteUrl = siteOf(credential);
  const url = new URL(queryRoutes ? `${siteUrl}/` : `${siteUrl}/wp-json/wp/v2${route}`);
  if (queryRoutes) url.searchParams.set('rest_route', `/wp/v2${route}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const basic = Buffer.from(`${username}:${applicationPassword}`, 'utf8').toString('base64');
  const headers = { authorization: `Basic ${basic}`, accept: 'application/json' };
  if (body === undefined) return { method, url: url.href, headers };
  return {
    method,
    url: url.href,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

/** The stable code of a refusal, `rest_cannot_create`; undefined when it is none of WordPress's own. */
export function errorCode(answer: HttpAnswer): string | undefined {
  if (answer.kind !== 'answered' || answer.status < 400) return undefined;
  return z.object({ code: z.string().max(100) }).safeParse(answer.json).data?.code;
}

/** Why a read told nothing, for people. */
export function failureReason(answer: HttpAnswer, now: Instant): string {
  const failure = measureFailure(answer, now);
  return failure.kind === 'rateLimited' ? 'too many requests' : failure.reason;
}

/** The user is known and may not, or may no more: also with 403, and nothing that another text would change. */
const ROLE_LOST = new Set([
  'rest_cannot_create',
  'rest_cannot_publish',
  'rest_forbidden',
  'incorrect_password',
  'invalid_username',
  'application_passwords_disabled',
  'application_passwords_disabled_for_user',
]);
export const isRoleLost = (answer: HttpAnswer): boolean => ROLE_LOST.has(errorCode(answer) ?? '');

export type Refusal = MeasureFailure | Extract<Outcome, { kind: 'rejected' }>;

/**
 * What an answer without success means where nothing is public yet. `final`: codes that another attempt would not
 * change, whatever their status.
 */
export function refusalOf(answer: HttpAnswer, now: Instant, final: readonly string[] = []): Refusal {
  if (answer.kind !== 'answered') return measureFailure(answer, now);
  if (isRoleLost(answer)) return { kind: 'unauthorized', reason: reasonOf(answer) };
  const { status } = answer;
  const code = errorCode(answer);
  if (final.includes(code ?? '') || (status >= 400 && status < 500 && ![401, 408, 429].includes(status))) {
    return { kind: 'rejected', code: code ?? `http_${status}`, reason: reasonOf(answer) };
  }
  return measureFailure(answer, now);
}
