import * as z from 'zod';
import type { Instant } from '../../domain/time.ts';
import { measureFailure, reasonOf } from '../outcome.ts';
import type { HttpAnswer, HttpRequest, MeasureFailure } from '../provider.ts';
import { tokenFields } from '../token-renewal.ts';

/** `api` takes the requests of an account, `login` its tokens. */
export type RedditHosts = { readonly api: string; readonly login: string };

export const REDDIT_HOSTS: RedditHosts = {
  api: 'https://oauth.reddit.com',
  login: 'https://www.reddit.com',
};

export const redditCredential = z.strictObject({
  accessToken: tokenFields.accessToken.describe('Of the account, for an app that Reddit has approved'),
  refreshToken: tokenFields.refreshToken.describe('Renews the access token, which ends within a day'),
  expiresAt: tokenFields.expiresAt.describe('When the access token ends'),
  username: z
    .string()
    .regex(/^[\w-]{2,24}$/, 'must be the name of an account, without u/')
    .describe('Name of the account, without u/: Reddit wants it in every request’s User-Agent'),
});
export type RedditCredential = z.infer<typeof redditCredential>;

/**
 * A request as an account. Bodies are forms, but for the few that Reddit wants as JSON.
 * Reddit stops clients whose User-Agent is not their own: platform, app, version and account,
 * https://github.com/reddit-archive/reddit/wiki/API#rules
 */
export function call(
  { api }: Pick<RedditHosts, 'api'>,
  { accessToken, username }: Pick<RedditCredential, 'accessToken'> & { readonly username?: string },
  method: HttpRequest['method'],
  path: string,
  body?: { readonly form: Readonly<Record<string, string>> } | { readonly json: unknown },
): HttpRequest {
  const headers = {
    authorization: `Bearer ${accessToken}`,
    accept: 'application/json',
    'user-agent': userAgent(username),
  };
  const url = `${api}${path}`;
  if (body === undefined) return { method, url, headers };
  const [type, text] =
    'form' in body
      ? ['application/x-www-form-urlencoded', new URLSearchParams(body.form).toString()]
      : ['application/json', JSON.stringify(body.json)];
  return { method, url, headers: { ...headers, 'content-type': type }, body: text };
}

const userAgent = (username?: string): string =>
  `server:sendeplan:0.1${username === undefined ? '' : ` (by /u/${username})`}`;

/** True when the token lacks a right: a 403 that only another login mends (RFC 6750 §3.1). */
export const lacksScope = (answer: HttpAnswer): boolean =>
  answer.kind === 'answered' &&
  answer.status === 403 &&
  (answer.headers['www-authenticate'] ?? '').includes('insufficient_scope');

/** What an answer to a read means that is no success. */
export function toFailure(answer: HttpAnswer, now: Instant): MeasureFailure {
  return answer.kind === 'answered' && lacksScope(answer)
    ? { kind: 'unauthorized', reason: reasonOf(answer) }
    : measureFailure(answer, now);
}

/** A post as listings show it, https://www.reddit.com/dev/api/#fullnames, as far as it is read. */
const linkEntity = z.object({
  /** `t3_…` */
  name: z.string().regex(/^t3_\w+$/),
  title: z.string(),
  subreddit: z.string(),
  permalink: z.string(),
  created_utc: z.number(),
  author: z.string().optional().catch(undefined),
  score: z.number().optional().catch(undefined),
  num_comments: z.number().optional().catch(undefined),
  num_crossposts: z.number().optional().catch(undefined),
  /** Who took it off: `deleted` (the author), `moderator`, `automod_filtered`, `reddit` …; null while it stands. */
  removed_by_category: z.string().nullish().catch(null),
});
export type LinkEntity = z.infer<typeof linkEntity>;

/** A listing of such posts; things of other kinds are left out. */
export const linkListing = z
  .object({ data: z.object({ children: z.array(z.object({ data: z.unknown() })) }) })
  .transform(({ data }) => data.children.flatMap((child) => linkEntity.safeParse(child.data).data ?? []));

export const urlOf = ({ permalink }: Pick<LinkEntity, 'permalink'>): string =>
  new URL(permalink, 'https://www.reddit.com').href;

/** Deleted by its author, or taken off by somebody with the right to: its address shows nothing of it. */
export const isRemoved = ({ author, removed_by_category }: LinkEntity): boolean =>
  author === '[deleted]' || (removed_by_category ?? null) !== null;
