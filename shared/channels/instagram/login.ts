import * as z from 'zod';
import type { Account } from '../../domain/channel.ts';
import { type Graph, graphGet, graphId, graphOk, graphReadFailure, graphStepFailure } from '../graph.ts';
import {
  type GraphTokenCredential,
  graphCredentialOf,
  graphRenewal,
  graphTokenCredential,
  newToken,
} from '../graph-tokens.ts';
import { unverified } from '../outcome.ts';
import type { Context, HttpAnswer, Login, Renewal, Verified } from '../provider.ts';

export const instagramCredential = graphTokenCredential;
export type InstagramCredential = GraphTokenCredential;

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
  return unverified(graphStepFailure(account.answer, context.now()));
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
    return { kind: 'choices', choices: [{ account, credential: graphCredentialOf(longLived) }] };
  },
});

export const instagramRenewal = (graph: string): Renewal<InstagramCredential> =>
  graphRenewal(`${graph}/refresh_access_token`, 'ig_refresh_token');
