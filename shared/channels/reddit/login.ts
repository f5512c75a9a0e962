import * as z from 'zod';
import { tokensToCredential } from '../oauth.ts';
import { ok, unverified } from '../outcome.ts';
import type { Context, Login, Renewal, Verified } from '../provider.ts';
import { renewalByRefreshToken } from '../token-renewal.ts';
import { call, type RedditCredential, type RedditHosts, toFailure } from './api.ts';
import { toRefusal } from './errors.ts';

/** https://github.com/reddit-archive/reddit/wiki/OAuth2; `edit` is what deleting needs. */
export const redditLogin = (hosts: RedditHosts): Login<RedditCredential> => ({
  authorizeUrl: `${hosts.login}/api/v1/authorize`,
  tokenUrl: `${hosts.login}/api/v1/access_token`,
  scopes: ['identity', 'read', 'submit', 'flair', 'history', 'mysubreddits', 'edit'],
  // Else there is no refresh token.
  parameters: { duration: 'permanent' },
  clientAuth: 'basic',
  pkce: false,
  async choices({ tokens }, context) {
    const held = tokensToCredential(tokens);
    const answer = await context.http(call(hosts, held, 'GET', '/api/v1/me?raw_json=1'));
    const me = ok(answer, accountEntity);
    if (me === undefined) return toFailure(answer, context.now());
    return {
      kind: 'choices',
      choices: [{ account: accountOf(me), credential: { ...held, username: me.name } }],
    };
  },
});

/** Reddit says no more than "400" to a refresh token that was taken back; an app that it refuses gets a 401. */
export const redditRenewal = (hosts: RedditHosts): Renewal<RedditCredential> =>
  renewalByRefreshToken('Reddit', redditLogin(hosts), (reason) => reason.startsWith('HTTP 400'));

/** Whose token it is; the name that stands in the User-Agent must be this account's. */
export async function verifyReddit(
  hosts: RedditHosts,
  credential: RedditCredential,
  context: Context,
): Promise<Verified> {
  const answer = await context.http(call(hosts, credential, 'GET', '/api/v1/me?raw_json=1'));
  const me = ok(answer, accountEntity);
  if (me === undefined) return unverified(toRefusal(answer, context.now()));
  if (me.is_suspended === true) return { kind: 'refused', reason: 'Reddit has suspended this account' };
  if (me.name.toLowerCase() !== credential.username.toLowerCase()) {
    return { kind: 'refused', reason: `the token is of u/${me.name}, not of u/${credential.username}` };
  }
  return { kind: 'verified', account: accountOf(me), facts: {} };
}

const accountEntity = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  is_suspended: z.boolean().optional().catch(undefined),
});

const accountOf = ({ id, name }: z.infer<typeof accountEntity>) => ({
  id: `t2_${id}`,
  handle: name,
  url: `https://www.reddit.com/user/${encodeURIComponent(name)}/`,
});
