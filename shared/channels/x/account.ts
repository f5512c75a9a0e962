import * as z from 'zod';
import type { Account, ChannelFacts } from '../../domain/channel.ts';
import { tokensToCredential } from '../oauth.ts';
import { unverified } from '../outcome.ts';
import type { Context, HttpAnswer, Login, Renewal, Verified } from '../provider.ts';
import { renewalByRefreshToken } from '../token-renewal.ts';
import { call, successJson, toFailure, toRefusal, type XAccess, type XCredential } from './api.ts';
import { LONG_TEXT, LONG_VIDEO_SECONDS, NAME, TEXT, VIDEO_SECONDS } from './post.ts';

const me = z.object({
  data: z.object({
    id: z.string(),
    username: z.string(),
    /** `None`, `Basic`, `Premium` or `PremiumPlus`; told to the account itself only. */
    subscription_type: z.string().optional().catch(undefined),
  }),
});

/** Reads whose token it is, and what its subscription allows. */
export async function verifyX(access: XAccess, context: Context): Promise<Verified> {
  const answer = await readMe(access, context);
  const user = me.safeParse(successJson(answer)).data?.data;
  if (user === undefined) return unverified(toRefusal(answer, context.now()));
  const { id, username, subscription_type: subscription = 'None' } = user;
  const subscribes = subscription !== 'None';
  const facts: ChannelFacts = {
    maxCharacters: subscribes ? LONG_TEXT : TEXT,
    maxVideoSeconds: subscribes ? LONG_VIDEO_SECONDS : VIDEO_SECONDS,
  };
  return { kind: 'verified', account: toAccount(id, username), facts };
}

const readMe = (access: XAccess, context: Context): Promise<HttpAnswer> =>
  context.http(call(access, 'GET', '/2/users/me?user.fields=subscription_type'));

const toAccount = (id: string, username: string): Account => ({
  id,
  handle: username,
  url: `https://x.com/${username}`,
});

/** https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code */
export const xLogin = (api: string): Login<XCredential> => ({
  authorizeUrl: 'https://x.com/i/oauth2/authorize',
  tokenUrl: `${api}/2/oauth2/token`,
  scopes: ['tweet.read', 'tweet.write', 'users.read', 'media.write', 'offline.access'],
  clientAuth: 'basic',
  pkce: true,
  async choices({ tokens }, context) {
    const credential = tokensToCredential(tokens);
    const answer = await readMe({ api, credential }, context);
    const user = me.safeParse(successJson(answer)).data?.data;
    if (user === undefined) return toFailure(answer, context.now());
    return { kind: 'choices', choices: [{ account: toAccount(user.id, user.username), credential }] };
  },
});

export const xRenewal = (api: string): Renewal<XCredential> => renewalByRefreshToken(NAME, xLogin(api));
