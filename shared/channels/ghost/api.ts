import { createHmac } from 'node:crypto';
import * as z from 'zod';
import type { Instant } from '../../domain/time.ts';
import { defaultOutcome, readFailure, reasonOf } from '../outcome.ts';
import type { HttpAnswer, HttpRequest, MeasureFailure, Outcome } from '../provider.ts';

export const ghostCredential = z.strictObject({
  siteUrl: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .describe('Address of the site, with its path where it lives in one: `https://example.org/blog`'),
  adminApiKey: z
    .string()
    .trim()
    .regex(
      /^[0-9a-f]{24}:[0-9a-f]{64}$/,
      'must be an Admin API key like <24 digits>:<64 digits>, hexadecimal',
    )
    .describe('Of a custom integration: Settings → Integrations'),
});
export type GhostCredential = z.infer<typeof ghostCredential>;

/** Address of the site without a trailing slash; people also paste what stands in their browser. */
export function ghostSite({ siteUrl }: Pick<GhostCredential, 'siteUrl'>): string {
  const { origin, pathname } = new URL(siteUrl);
  return origin + pathname.replace(/\/ghost(\/.*)?$/, '').replace(/\/+$/, '');
}

/**
 * The short-lived token that the Admin API wants: HS256 with the hexadecimal half of the key.
 * https://docs.ghost.org/admin-api/#token-authentication
 */
export function ghostToken(adminApiKey: string, now: Instant): string {
  const [id = '', secret = ''] = adminApiKey.split(':');
  const issued = Math.floor(now / 1_000);
  const signed = [
    { alg: 'HS256', typ: 'JWT', kid: id },
    { iat: issued, exp: issued + 300, aud: '/admin/' },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = createHmac('sha256', Buffer.from(secret, 'hex')).update(signed).digest('base64url');
  return `${signed}.${signature}`;
}

/** A request to a route of the Admin API, which ends in a slash: without it, Ghost redirects, and a POST is lost. */
export function ghostCall(
  credential: GhostCredential,
  now: Instant,
  method: HttpRequest['method'],
  route: string,
  { query = {}, body }: { query?: Readonly<Record<string, string>>; body?: unknown } = {},
): HttpRequest {
  const url = new URL(`${ghostSite(credential)}/ghost/api/admin${route}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const headers = {
    authorization: `Ghost ${ghostToken(credential.adminApiKey, now)}`,
    accept: 'application/json',
    // The oldest that this was written for; newer ones answer to it as well.
    'accept-version': 'v5.0',
  };
  if (body === undefined) return { method, url: url.href, headers };
  return {
    method,
    url: url.href,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

/** What an answer that is no success means; `{errors: [{type, message, context}]}` is Ghost's own word. */
export function ghostFailure(answer: HttpAnswer, now: Instant): Outcome {
  const told = toldBy(answer);
  if (answer.kind !== 'answered' || told === undefined) return defaultOutcome(answer, now);
  const words = { ...answer, json: { message: [told.message, told.context].filter(Boolean).join(' ') } };
  const outcome = defaultOutcome(words, now);
  // A site may call its error `constructor`.
  const known = Object.hasOwn(ERRORS, told.type) ? ERRORS[told.type] : undefined;
  // A 500 may have come behind the effect, whatever type it bears.
  if (known === undefined || (answer.status >= 500 && known.kind !== 'unavailable')) return outcome;
  return known.kind === 'rejected'
    ? { ...known, reason: reasonOf(words) }
    : { kind: known.kind, reason: reasonOf(words) };
}

/** The same for reads and uploads, after which nothing is public. */
export const ghostReadFailure = (answer: HttpAnswer, now: Instant): MeasureFailure =>
  readFailure(ghostFailure(answer, now));

export const isGhostNotFound = (answer: HttpAnswer): boolean =>
  answer.kind === 'answered' && answer.status === 404 && toldBy(answer)?.type === 'NotFoundError';

type Known = { kind: 'unauthorized' | 'unavailable' } | { kind: 'rejected'; code: string };

/** By the types of `@tryghost/errors`: https://docs.ghost.org/admin-api/#errors */
const ERRORS: Readonly<Record<string, Known>> = {
  UnauthorizedError: { kind: 'unauthorized' },
  NoPermissionError: { kind: 'unauthorized' },
  // Answered in front of everything else while a site is being updated.
  MaintenanceError: { kind: 'unavailable' },
  // Somebody has saved the post between our reading and our writing; nothing was written.
  UpdateCollisionError: { kind: 'unavailable' },
  ValidationError: { kind: 'rejected', code: 'content_refused' },
  BadRequestError: { kind: 'rejected', code: 'content_refused' },
  UnsupportedMediaTypeError: { kind: 'rejected', code: 'media_refused' },
  RequestEntityTooLargeError: { kind: 'rejected', code: 'media_refused' },
  HostLimitError: { kind: 'rejected', code: 'needs_person' },
  RequestNotAcceptableError: { kind: 'rejected', code: 'configuration' },
  VersionMismatchError: { kind: 'rejected', code: 'configuration' },
};

const errorsSchema = z.object({
  errors: z
    .array(z.object({ type: z.string(), message: z.string().default(''), context: z.string().nullish() }))
    .min(1),
});

function toldBy(answer: HttpAnswer): z.infer<typeof errorsSchema>['errors'][number] | undefined {
  if (answer.kind !== 'answered' || answer.status < 400) return undefined;
  return errorsSchema.safeParse(answer.json).data?.errors[0];
}
