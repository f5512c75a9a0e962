import * as z from 'zod';
import { graphReadFailure } from './graph.ts';
import { tokensOf, tokensToCredential } from './oauth.ts';
import type { Context, MeasureFailure, Renewal, Tokens } from './provider.ts';
import { endOf, tokenFields } from './token-renewal.ts';

/** Of Instagram Login and of Threads, which keep their tokens alike: a long-lived one of 60 days. */
export const graphTokenCredential = z.strictObject({
  accessToken: tokenFields.accessToken,
  expiresAt: tokenFields.expiresAt,
});
export type GraphTokenCredential = z.infer<typeof graphTokenCredential>;

/** A token for a token: a long-lived one for a short one, or a fresh one. Meta wants both in the query. */
export async function newToken(
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

export const graphCredentialOf = (tokens: Tokens): GraphTokenCredential => {
  const { accessToken, expiresAt } = tokensToCredential(tokens);
  return { accessToken, ...(expiresAt === undefined ? {} : { expiresAt }) };
};

/** A token that is a day old, and has not ended, is good for another 60 days; after that only a new login helps. */
export const graphRenewal = (url: string, grantType: string): Renewal<GraphTokenCredential> => ({
  expiresAt: endOf,
  async refresh({ accessToken }, _app, context) {
    const fresh = await newToken(url, { grant_type: grantType }, accessToken, context);
    return 'kind' in fresh ? fresh : { kind: 'refreshed', credential: graphCredentialOf(fresh) };
  },
});
