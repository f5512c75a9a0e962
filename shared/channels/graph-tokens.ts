import * as z from 'zod';
import type { Account } from '../domain/channel.ts';
import { type Graph, graphGet, graphOk, graphReadFailure, graphStepFailure } from './graph.ts';
import { tokensOf, tokensToCredential } from './oauth.ts';
import { unverified } from './outcome.ts';
import type { Context, Login, MeasureFailure, Renewal, Tokens, Verified } from './provider.ts';
import { endOf, tokenFields } from './token-renewal.ts';

/** Of Instagram Login and of Threads, which keep their tokens alike: a long-lived one of 60 days. */
export const graphTokenCredential = z.strictObject({
  accessToken: tokenFields.accessToken,
  expiresAt: tokenFields.expiresAt,
});
export type GraphTokenCredential = z.infer<typeof graphTokenCredential>;

/** A token for a token: a long-lived one for a short one, or a fresh one. Meta wants both in the query. */
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

const graphCredentialOf = (tokens: Tokens): GraphTokenCredential => {
  const { accessToken, expiresAt } = tokensToCredential(tokens);
  return { accessToken, ...(expiresAt === undefined ? {} : { expiresAt }) };
};

/** How whose a token is is asked for, and read. */
export type GraphMe = { readonly fields: string; readonly account: z.ZodType<Account> };

export async function verifyMe(graph: Graph, me: GraphMe, context: Context): Promise<Verified> {
  const answer = await context.http(graphGet(graph, 'me', { fields: me.fields }));
  const account = graphOk(answer, me.account);
  return account === undefined
    ? unverified(graphStepFailure(answer, context.now()))
    : { kind: 'verified', account, facts: {} };
}

/**
 * A person may keep single rights and log in all the same. Without the one to publish the channel would be held at its
 * first post. https://developers.facebook.com/documentation/facebook-login/guides/permissions/handle-declined
 */
export const notGranted = (right: string): MeasureFailure => ({
  kind: 'unauthorized',
  reason: `the right to publish was not given (${right}): log in again and leave it on`,
});

/**
 * A login's one account, with a long-lived token for the short one. `host`: the API's address without its version.
 * `needed`: without which nothing can be published, where the network tells what was given.
 */
export const longLivedChoice =
  (
    host: string,
    version: string,
    grantType: string,
    me: GraphMe,
    needed: string,
  ): Login<GraphTokenCredential>['choices'] =>
  async ({ tokens, app }, context) => {
    if (tokens.granted?.includes(needed) === false) return notGranted(needed);
    const query = { grant_type: grantType, client_secret: app.clientSecret };
    const longLived = await newToken(`${host}/access_token`, query, tokens.accessToken, context);
    if ('kind' in longLived) return longLived;
    const graph = { base: `${host}/${version}`, accessToken: longLived.accessToken };
    const answer = await context.http(graphGet(graph, 'me', { fields: me.fields }));
    const account = graphOk(answer, me.account);
    return account === undefined
      ? graphReadFailure(answer, context.now())
      : { kind: 'choices', choices: [{ account, credential: graphCredentialOf(longLived) }] };
  };

/** A token that is a day old, and has not ended, is good for another 60 days; after that only a new login helps. */
export const graphRenewal = (url: string, grantType: string): Renewal<GraphTokenCredential> => ({
  expiresAt: endOf,
  async refresh({ accessToken }, _app, context) {
    const fresh = await newToken(url, { grant_type: grantType }, accessToken, context);
    return 'kind' in fresh ? fresh : { kind: 'refreshed', credential: graphCredentialOf(fresh) };
  },
});
