import { createHash } from 'node:crypto';
import * as z from 'zod';
import { refreshTokens, tokensToCredential } from '../../../shared/channels/oauth.ts';
import { measureFailure } from '../../../shared/channels/outcome.ts';
import type { Context } from '../../../shared/channels/provider.ts';
import { HOUR, type Instant, SECOND } from '../../../shared/domain/time.ts';
import type { AnyProvider } from '../../../shared/ports.ts';
import { fakeProvider } from '../api-world.ts';
import { type FakeServer, type Received, type Reply, startServer } from './server.ts';

export const OAUTH_APP = { clientId: 'app-of-the-agency', clientSecret: 'top-secret-1' };

export type FakeOauth = FakeServer & {
  /** Logs a person in, as their browser would, and gives the address that it is sent back to. */
  readonly logIn: (authorizeUrl: string, as: readonly string[]) => URL;
  readonly tokenRequests: () => Received[];
  /** The person takes the app's rights away: every token of these accounts is void. */
  readonly revoke: () => void;
};

type Grant = { readonly accounts: readonly string[]; readonly expiresAt: Instant };
type Code = {
  readonly accounts: readonly string[];
  readonly redirectUri: string;
  readonly challenge: string;
};

/** A network with OAuth 2: PKCE is demanded, codes and refresh tokens are good for one use. */
export async function fakeOauth({
  now,
  lasts = 2 * HOUR,
  until = Number.POSITIVE_INFINITY,
}: {
  now: () => Instant;
  lasts?: number;
  /** Whatever is renewed ends then: the refresh token's own life goes on shrinking. */
  until?: Instant;
}): Promise<FakeOauth> {
  const codes = new Map<string, Code>();
  const access = new Map<string, Grant>();
  const refresh = new Map<string, readonly string[]>();
  let counter = 0;

  const issue = (accounts: readonly string[]): Reply => {
    counter += 1;
    const [accessToken, refreshToken] = [`access-${counter}`, `refresh-${counter}`];
    const expiresAt = Math.min(now() + lasts, until);
    if (expiresAt <= now()) return INVALID_GRANT;
    access.set(accessToken, { accounts, expiresAt });
    refresh.set(refreshToken, accounts);
    const body = {
      access_token: accessToken,
      refresh_token: refreshToken,
      expires_in: String(Math.floor((expiresAt - now()) / SECOND)),
    };
    return { status: 200, body };
  };
  const token = (form: URLSearchParams): Reply => {
    const { clientId, clientSecret } = OAUTH_APP;
    if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret) {
      return { status: 401, body: { error: 'invalid_client' } };
    }
    if (form.get('grant_type') === 'refresh_token') {
      const given = form.get('refresh_token') ?? '';
      const accounts = refresh.get(given);
      refresh.delete(given);
      return accounts ? issue(accounts) : INVALID_GRANT;
    }
    const given = form.get('code') ?? '';
    const code = codes.get(given);
    codes.delete(given);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isGood = code?.redirectUri === form.get('redirect_uri') && code.challenge === challenge;
    return isGood ? issue(code.accounts) : INVALID_GRANT;
  };

  const server = await startServer(({ method, url, body, headers }) => {
    if (method === 'POST' && url.pathname === '/token') return token(new URLSearchParams(body));
    const grant = access.get(String(headers.authorization).replace('Bearer ', ''));
    if (!grant || grant.expiresAt <= now()) return { status: 401, body: { error: 'invalid_token' } };
    return { status: 200, body: { accounts: grant.accounts } };
  });
  return {
    ...server,
    tokenRequests: () => server.requests.filter(({ url }) => url.pathname === '/token'),
    revoke: () => {
      access.clear();
      refresh.clear();
    },
    logIn: (authorizeUrl, accounts) => {
      const { searchParams } = new URL(authorizeUrl);
      const redirectUri = searchParams.get('redirect_uri') ?? '';
      counter += 1;
      const code = `code-${counter}`;
      codes.set(code, { accounts, redirectUri, challenge: searchParams.get('code_challenge') ?? '' });
      const back = new URL(redirectUri);
      back.searchParams.set('code', code);
      back.searchParams.set('state', searchParams.get('state') ?? '');
      // Networks add what they like.
      back.searchParams.set('authuser', '0');
      return back;
    },
  };
}

const INVALID_GRANT: Reply = {
  status: 400,
  body: { error: 'invalid_grant', error_description: 'expired or used' },
};

const oauthCredential = z.strictObject({
  accessToken: z.string(),
  refreshToken: z.string().optional(),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
  accountId: z.string(),
});
type OauthCredential = z.infer<typeof oauthCredential>;

/** The provider of that network. */
export function oauthProvider(url: string, over: Partial<AnyProvider> = {}): AnyProvider {
  const accountsOf = async (accessToken: string, context: Context) => {
    const headers = { authorization: `Bearer ${accessToken}` };
    return context.http({ method: 'GET', url: `${url}/accounts`, headers });
  };
  const account = (id: string) => ({ id, handle: `@${id}`, url: `https://network.example/${id}` });
  const told = z.object({ accounts: z.array(z.string()) });
  const login = {
    authorizeUrl: `${url}/authorize`,
    tokenUrl: `${url}/token`,
    scopes: ['read', 'write'],
    pkce: true,
  };
  return fakeProvider({
    id: 'oauthnet',
    name: 'Oauthnet',
    credential: oauthCredential,
    verify: async (credential: OauthCredential, context) => {
      const answer = await accountsOf(credential.accessToken, context);
      if (answer.kind !== 'answered') return { kind: 'unreachable', reason: answer.reason };
      const { data } = told.safeParse(answer.json);
      if (!data?.accounts.includes(credential.accountId)) return { kind: 'refused', reason: 'not any more' };
      return { kind: 'verified', account: account(credential.accountId), facts: {} };
    },
    login: {
      ...login,
      choices: async ({ tokens }, context) => {
        const answer = await accountsOf(tokens.accessToken, context);
        if (answer.kind !== 'answered') return measureFailure(answer, context.now());
        const { accounts } = told.parse(answer.json);
        const choices = accounts.map((accountId) => ({
          account: account(accountId),
          credential: { ...tokensToCredential(tokens), accountId },
        }));
        return { kind: 'choices', choices };
      },
    },
    renewal: {
      expiresAt: ({ expiresAt }: OauthCredential) =>
        expiresAt === undefined ? undefined : Date.parse(expiresAt),
      renews: ({ refreshToken }: OauthCredential) => refreshToken !== undefined,
      refresh: async ({ refreshToken, accountId }: OauthCredential, app, context) => {
        if (!app || refreshToken === undefined) return { kind: 'unavailable', reason: 'there is no app' };
        const renewed = await refreshTokens(login, app, refreshToken, context);
        if (renewed.kind !== 'tokens') return renewed;
        return { kind: 'refreshed', credential: { ...tokensToCredential(renewed.tokens), accountId } };
      },
    },
    ...over,
  });
}
