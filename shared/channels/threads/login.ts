import * as z from 'zod';
import { graphId } from '../graph.ts';
import {
  type GraphMe,
  type GraphTokenCredential,
  graphRenewal,
  graphTokenCredential,
  longLivedChoice,
} from '../graph-tokens.ts';
import type { Login, Renewal } from '../provider.ts';

export const threadsCredential = graphTokenCredential;
export type ThreadsCredential = GraphTokenCredential;

/** https://developers.facebook.com/docs/threads/threads-profiles */
export const threadsMe: GraphMe = {
  fields: 'id,username',
  account: z.object({ id: graphId, username: z.string().min(1) }).transform(({ id, username }) => ({
    id,
    handle: username,
    url: `https://www.threads.com/@${username}`,
  })),
};

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
  choices: longLivedChoice(hosts.graph, version, 'th_exchange_token', threadsMe, 'threads_content_publish'),
});

export const threadsRenewal = (graph: string): Renewal<ThreadsCredential> =>
  graphRenewal(`${graph}/refresh_access_token`, 'th_refresh_token');
