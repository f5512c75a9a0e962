import * as z from 'zod';
import type { Account } from '../../domain/channel.ts';
import { type Graph, graphGet, graphId, graphOk, graphReadFailure } from '../graph.ts';
import { tokensOf, tokensToCredential } from '../oauth.ts';
import type { Context, HttpAnswer, Login, MeasureFailure, Renewal, Tokens, Verified } from '../provider.ts';

export const instagramCredential = z.strictObject({
  /** A long-lived one, of Instagram Login: 60 days. */
  accessToken: z.string().trim().min(1).max(4_096),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
});
export type InstagramCredential = z.infer<typeof instagramCredential>;

const user = z.object({ user_id: graphId, username: z.string().min(1) });
/** The reference shows a list of one, the API answers with the one itself. */
const me = z.union([user, z.object({ data: z.tuple([user]) }).transform(({ data }) => data[0])]);

/** Whose token it is, https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/get-started */
async function readMe(graph: Graph, context: Context): Promise<Account | { answer: HttpAnswer }> {
  const answer = await context.http(graphGet(graph, 'me', { fields: 'user_id,username' }));
  const known = graphOk(answer, me);
  if (known === undefined) return { answer };
  const { user_id: id, username } = known;
  return { id, handle: username, url: `https://www.instagram.com/${username}/` };
}

export async function verifyInstagram(graph: Graph, context: Context): Promise<Verified> {
  const account = await readMe(graph, context);
  if (!('answer' in account)) return { kind: 'verified', account, facts: {} };
  const failure = graphReadFailure(account.answer, context.now());
  if (failure.kind === 'rateLimited') return { kind: 'unreachable', reason: 'too many requests' };
  const { answer } = account;
  const refused = answer.kind === 'answered' && answer.status >= 400 && answer.status < 500;
  return { kind: refused ? 'refused' : 'unreachable', reason: failure.reason };
}

/** https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/business-login */
export const instagramLogin = (
  hosts: { graph: string; api: string; www: string },
  version: string,
): Login<InstagramCredential> => ({
  authorizeUrl: `${hosts.www}/oauth/authorize`,
  tokenUrl: `${hosts.api}/oauth/access_token`,
  scopes: [
    'instagram_business_basic',
    'instagram_business_content_publish',
    'instagram_business_manage_comments',
    'instagram_business_manage_insights',
  ],
  scopeSeparator: ',',
  pkce: false,
  async choices({ tokens, app }, context) {
    const query = { grant_type: 'ig_exchange_token', client_secret: app.clientSecret };
    const longLived = await newToken(`${hosts.graph}/access_token`, query, tokens.accessToken, context);
    if ('kind' in longLived) return longLived;
    const graph = { base: `${hosts.graph}/${version}`, accessToken: longLived.accessToken };
    const account = await readMe(graph, context);
    if ('answer' in account) return graphReadFailure(account.answer, context.now());
    return { kind: 'choices', choices: [{ account, credential: credentialOf(longLived) }] };
  },
});

/** A token that is a day old, and has not ended, is good for another 60 days; after that only a new login helps. */
export const instagramRenewal = (graph: string): Renewal<InstagramCredential> => ({
  expiresAt: ({ expiresAt }) => (expiresAt === undefined ? undefined : Date.parse(expiresAt)),
  async refresh({ accessToken }, _app, context) {
    const query = { grant_type: 'ig_refresh_token' };
    const fresh = await newToken(`${graph}/refresh_access_token`, query, accessToken, context);
    return 'kind' in fresh ? fresh : { kind: 'refreshed', credential: credentialOf(fresh) };
  },
});

async function newToken(
  url: string,
  query: Readonly<Record<string, string>>,
  token: string,
  context: Context,
): Promise<Tokens | MeasureFailure> {
  const search = new URLSearchParams({ ...query, access_token: token });
  const answer = await context.http({ method: 'GET', url: `${url}?${search}` });
  const tokens =
    answer.kind === 'answered' && answer.status < 300 ? tokensOf(answer.json, context.now()) : undefined;
  return tokens ?? graphReadFailure(answer, context.now());
}

const credentialOf = (tokens: Tokens): InstagramCredential => {
  const { accessToken, expiresAt } = tokensToCredential(tokens);
  return { accessToken, ...(expiresAt === undefined ? {} : { expiresAt }) };
};
