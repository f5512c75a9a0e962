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

export const instagramCredential = graphTokenCredential;
export type InstagramCredential = GraphTokenCredential;

const user = z.object({ user_id: graphId, username: z.string().min(1) });

/** https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/get-started */
export const instagramMe: GraphMe = {
  fields: 'user_id,username',
  // The reference shows a list of one, the API answers with the one itself.
  account: z
    .union([user, z.object({ data: z.tuple([user]) }).transform(({ data }) => data[0])])
    .transform(({ user_id: id, username }) => ({
      id,
      handle: username,
      url: `https://www.instagram.com/${username}/`,
    })),
};

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
  choices: longLivedChoice(
    hosts.graph,
    version,
    'ig_exchange_token',
    instagramMe,
    'instagram_business_content_publish',
  ),
});

export const instagramRenewal = (graph: string): Renewal<InstagramCredential> =>
  graphRenewal(`${graph}/refresh_access_token`, 'ig_refresh_token');
