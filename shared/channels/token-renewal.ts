import * as z from 'zod';
import type { Instant } from '../domain/time.ts';
import { refreshTokens, type TokenEndpoint, tokensToCredential } from './oauth.ts';
import type { Renewal } from './provider.ts';

/** The part of a credential that tokens are; some networks add for whom they are. */
export const tokenFields = {
  accessToken: z.string().trim().min(1).max(4_096).describe('What the network gave for the login'),
  refreshToken: z
    .string()
    .max(4_096)
    .optional()
    .describe('What new access tokens are fetched by; without it the channel ends with this one'),
  expiresAt: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('When the access token ends; absent: not by itself'),
};
type TokenCredential = z.infer<z.ZodObject<typeof tokenFields>>;

/** When a token says that it ends. */
export const endOf = ({ expiresAt }: Pick<TokenCredential, 'expiresAt'>): Instant | undefined =>
  expiresAt === undefined ? undefined : Date.parse(expiresAt);

/**
 * Renewing by a refresh token (RFC 6749 §6), which may be dead from then on; what else stands in the credential stays.
 * `isOver`: does a refusal in the network's own words mean that only a new login helps?
 */
export const renewalByRefreshToken = <Credential extends TokenCredential>(
  name: string,
  endpoint: TokenEndpoint,
  isOver: (reason: string) => boolean = () => false,
): Renewal<Credential> => ({
  expiresAt: endOf,
  renews: ({ refreshToken }) => refreshToken !== undefined,
  async refresh({ accessToken: _old, expiresAt: _end, refreshToken, ...rest }, app, context) {
    if (refreshToken === undefined) {
      return { kind: 'unauthorized', reason: 'there is no refresh token: log in again' };
    }
    // No login of a client mends that.
    if (app === undefined) {
      return { kind: 'unavailable', reason: `the app of the agency at ${name} is not known` };
    }
    const renewed = await refreshTokens(endpoint, app, refreshToken, context);
    if (renewed.kind === 'unavailable' && isOver(renewed.reason)) {
      return { kind: 'unauthorized', reason: renewed.reason };
    }
    if (renewed.kind !== 'tokens') return renewed;
    const credential = { ...rest, ...tokensToCredential(renewed.tokens) } as unknown as Credential;
    return { kind: 'refreshed', credential };
  },
});
