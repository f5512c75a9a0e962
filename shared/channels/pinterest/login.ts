import * as z from 'zod';
import type { ChannelFacts } from '../../domain/channel.ts';
import { tokensToCredential } from '../oauth.ts';
import { ok, unverified } from '../outcome.ts';
import type { Context, HttpAnswer, Login, Renewal, Verified } from '../provider.ts';
import { renewalByRefreshToken } from '../token-renewal.ts';
import { call, type PinterestCredential, toFailure, toRefusal } from './api.ts';

/**
 * https://developers.pinterest.com/docs/getting-started/set-up-authentication-and-authorization/
 * Refresh tokens are continuous: 60 days, and a new one with each refresh. Apps from before 2025-09-25 get these only
 * when they ask for them; such an app is replaced by a new one.
 */
export const pinterestLogin = (api: string): Login<PinterestCredential> => ({
  authorizeUrl: 'https://www.pinterest.com/oauth/',
  tokenUrl: `${api}/v5/oauth/token`,
  scopes: ['boards:read', 'boards:write', 'pins:read', 'pins:write', 'user_accounts:read'],
  scopeSeparator: ',',
  clientAuth: 'basic',
  pkce: false,
  async choices({ tokens }, context) {
    const credential = tokensToCredential(tokens);
    const answer = await context.http(call(api, credential, 'GET', '/user_account'));
    const account = accountIn(answer);
    if (account === undefined) return toFailure(answer, context.now());
    return { kind: 'choices', choices: [{ account, credential }] };
  },
});

/** Pinterest answers with codes of its own, not with OAuth's: a 400 is about the token, a 401 about the app. */
export const pinterestRenewal = (api: string): Renewal<PinterestCredential> =>
  renewalByRefreshToken('Pinterest', pinterestLogin(api), (reason) => reason.startsWith('HTTP 400'));

/** Whose token it is, and which boards there are. */
export async function verifyPinterest(
  api: string,
  credential: PinterestCredential,
  context: Context,
): Promise<Verified> {
  const answer = await context.http(call(api, credential, 'GET', '/user_account'));
  const account = accountIn(answer);
  if (account === undefined) return unverified(toRefusal(answer, context.now()));
  const boards = await context.http(
    call(api, credential, 'GET', '/boards', { query: { page_size: String(MOST_BOARDS) } }),
  );
  const list = ok(boards, boardList);
  if (list === undefined) return unverified(toRefusal(boards, context.now()));
  return { kind: 'verified', account, facts: toFacts(list) };
}

const MOST_BOARDS = 250;
const LONGEST_LIST = 2_000;

const accountEntity = z.object({ id: z.string().optional(), username: z.string().min(1) });
const boardList = z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) });

function accountIn(answer: HttpAnswer) {
  const found = ok(answer, accountEntity);
  if (found === undefined) return undefined;
  const { id, username } = found;
  return {
    id: id ?? username,
    handle: username,
    url: `https://www.pinterest.com/${encodeURIComponent(username)}/`,
  };
}

/** The boards' ids and names, for people who fill in the option; the only one of an account needs not be named. */
function toFacts({ items }: z.infer<typeof boardList>): ChannelFacts {
  const [only, ...others] = items;
  const boards = items
    .map(({ id, name }) => `${id} ${name}`)
    .join(', ')
    .slice(0, LONGEST_LIST);
  return { boards, ...(only !== undefined && others.length === 0 ? { board: only.id } : {}) };
}
