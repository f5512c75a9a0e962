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

export const threadsCredential = graphTokenCredential;
export type ThreadsCredential = GraphTokenCredential;

const user = z.object({ id: graphId, username: z.string().min(1) });

/** Whose token it is, https://developers.facebook.com/docs/threads/threads-profiles */
async function readMe(graph: Graph, context: Context): Promise<Account | { answer: HttpAnswer }> {
  const answer = await context.http(graphGet(graph, 'me', { fields: 'id,username' }));
  const known = graphOk(answer, user);
  if (known === undefined) return { answer };
  return { id: known.id, handle: known.username, url: `https://www.threads.com/@${known.username}` };
}

export async function verifyThreads(graph: Graph, context: Context): Promise<Verified> {
  const account = await readMe(graph, context);
  if (!('answer' in account)) return { kind: 'verified', account, facts: {} };
  return unverified(graphStepFailure(account.answer, context.now()));
}

/** https://developers.facebook.com/docs/threads/get-started/get-access-tokens-and-permissions */
export const threadsLogin = (
  hosts: { graph: string; www: string },
  version: string,
): Login<ThreadsCredential> => ({
  authorizeUrl: `${hosts.www}/oauth/authorize`,
  tokenUrl: `${hosts.graph}/oauth/access_token`,
  scopes: [
    'threads_basic',
    'threads_content_publish',
    'threads_manage_replies',
    'threads_read_replies',
    'threads_manage_insights',
    'threads_delete',
  ],
  scopeSeparator: ',',
  pkce: false,
  async choices({ tokens, app }, context) {
    const query = { grant_type: 'th_exchange_token', client_secret: app.clientSecret };
    const longLived = await newToken(`${hosts.graph}/access_token`, query, tokens.accessToken, context);
    if ('kind' in longLived) return longLived;
    const graph = { base: `${hosts.graph}/${version}`, accessToken: longLived.accessToken };
    const account = await readMe(graph, context);
    if ('answer' in account) return graphReadFailure(account.answer, context.now());
    return { kind: 'choices', choices: [{ account, credential: graphCredentialOf(longLived) }] };
  },
});

export const threadsRenewal = (graph: string): Renewal<ThreadsCredential> =>
  graphRenewal(`${graph}/refresh_access_token`, 'th_refresh_token');
