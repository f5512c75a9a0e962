import {
  allowInsecureRequests,
  authorizationCodeGrantRequest,
  type ClientAuth,
  calculatePKCECodeChallenge,
  customFetch,
  nopkce,
  refreshTokenGrantRequest,
  skipStateCheck,
  type TokenEndpointRequestOptions,
  validateAuthResponse,
} from 'oauth4webapi';
import * as z from 'zod';
import { type Instant, SECOND, toRfc3339 } from '../domain/time.ts';
import { measureFailure, reasonOf } from './outcome.ts';
import type { App, Context, HttpAnswer, Login, MeasureFailure, Tokens } from './provider.ts';

type Received = { kind: 'tokens'; tokens: Tokens };
/** The part of a login that the token endpoint is asked by. */
export type TokenEndpoint = Pick<Login<unknown>, 'tokenUrl' | 'clientAuth' | 'clientIdName'>;

/** Where the browser is sent to (RFC 6749 §4.1.1, with the challenge of RFC 7636 §4.3 where the network takes one). */
export async function authorizationUrl(
  login: Login<unknown>,
  app: Pick<App, 'clientId' | 'scopes'>,
  request: { redirectUri: string; state: string; codeVerifier: string },
): Promise<string> {
  const url = new URL(login.authorizeUrl);
  const scopes = app.scopes ?? login.scopes;
  const parameters = {
    response_type: 'code',
    [login.clientIdName ?? 'client_id']: app.clientId,
    redirect_uri: request.redirectUri,
    ...(scopes.length === 0 ? {} : { scope: scopes.join(login.scopeSeparator ?? ' ') }),
    state: request.state,
    ...(login.pkce
      ? {
          code_challenge: await calculatePKCECodeChallenge(request.codeVerifier),
          code_challenge_method: 'S256',
        }
      : {}),
    ...login.parameters,
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  // Some networks read a plus in a scope as a plus; every one reads %20 as a space. A real plus is %2B here.
  url.search = url.search.replaceAll('+', '%20');
  return url.href;
}

/**
 * The tokens for a code. A code is good for one exchange: never call it twice with the same one. `refused` is the
 * network's no to this code or to the app; after `unavailable` nobody knows whether the code was taken.
 * The caller has checked `state`.
 */
export async function exchangeCode(
  login: TokenEndpoint & Pick<Login<unknown>, 'pkce'>,
  app: App,
  granted: { code: string; redirectUri: string; codeVerifier: string },
  context: Context,
): Promise<Received | MeasureFailure | { kind: 'refused'; reason: string }> {
  const { redirectUri, codeVerifier } = granted;
  const answer = await ask(login, context, (server, options) => {
    const client = { client_id: app.clientId };
    const callback = validateAuthResponse(
      server,
      client,
      new URLSearchParams({ code: granted.code }),
      skipStateCheck,
    );
    const verifier = login.pkce ? codeVerifier : nopkce;
    return authorizationCodeGrantRequest(
      server,
      client,
      authOf(login, app),
      callback,
      redirectUri,
      verifier,
      options,
    );
  });
  const tokens = tokensIn(answer, context.now());
  if (tokens !== undefined) return { kind: 'tokens', tokens };
  if (answer.kind !== 'answered' || mayPass(answer.status)) return measureFailure(answer, context.now());
  return { kind: 'refused', reason: reasonOf(answer) };
}

/**
 * New tokens for a refresh token, which may be dead from then on: keep what comes before using it. The old refresh
 * token stays where the network sends none. `unauthorized` only when the network says that the grant itself is over;
 * a refused app is `unavailable`, since no login of a client mends it.
 */
export async function refreshTokens(
  login: TokenEndpoint,
  app: App,
  refreshToken: string,
  context: Context,
): Promise<Received | MeasureFailure> {
  const answer = await ask(login, context, (server, options) =>
    refreshTokenGrantRequest(server, { client_id: app.clientId }, authOf(login, app), refreshToken, options),
  );
  const tokens = tokensIn(answer, context.now());
  if (tokens !== undefined) return { kind: 'tokens', tokens: { refreshToken, ...tokens } };
  if (answer.kind !== 'answered' || mayPass(answer.status)) return measureFailure(answer, context.now());
  if (isOver(answer.json)) return { kind: 'unauthorized', reason: reasonOf(answer) };
  return { kind: 'unavailable', reason: reasonOf(answer) };
}

/** The part of a credential that tokens are; instants as RFC 3339. */
export function tokensToCredential({ accessToken, refreshToken, expiresAt }: Tokens): {
  accessToken: string;
  refreshToken?: string;
  expiresAt?: string;
} {
  return {
    accessToken,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(expiresAt === undefined ? {} : { expiresAt: toRfc3339(expiresAt) }),
  };
}

/**
 * Reads a token answer as networks really send it: `expires_in` also as text, no `token_type`, the whole in `data`
 * (an object, or the only one of a list). Undefined when no access token is in it.
 */
export function tokensOf(json: unknown, now: Instant): Tokens | undefined {
  const { data } = wrappedAnswer.safeParse(json).data ?? {};
  const told = tokenAnswer.safeParse(json).data ?? tokenAnswer.safeParse(data).data;
  if (told === undefined) return undefined;
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds, permissions } = told;
  return {
    accessToken,
    ...(refreshToken === undefined ? {} : { refreshToken }),
    ...(seconds === undefined ? {} : { expiresAt: now + Math.floor(seconds) * SECOND }),
    ...(permissions === undefined ? {} : { granted: permissions }),
  };
}

const tokenAnswer = z.looseObject({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional().catch(undefined),
  // 0 is how some say "never"
  expires_in: z.coerce.number().positive().max(1e9).optional().catch(undefined),
  // Instagram's: https://developers.facebook.com/documentation/instagram-platform/instagram-api-with-instagram-login/business-login
  permissions: z
    .union([z.array(z.string()), z.string().transform((list) => list.split(/[\s,]+/))])
    .optional()
    .catch(undefined),
});
const wrappedAnswer = z.looseObject({
  data: z.union([z.array(z.unknown()).transform(([first]) => first), z.unknown()]),
});

type Server = { readonly issuer: string; readonly token_endpoint: string };
type Options = TokenEndpointRequestOptions;

/**
 * Lets the library write the request and our own way out send it. The answer is read by `tokensOf`, not by the
 * library: it insists on what many networks leave out.
 */
async function ask(
  { tokenUrl }: TokenEndpoint,
  context: Context,
  write: (server: Server, options: Options) => Promise<unknown>,
): Promise<HttpAnswer> {
  let answer: HttpAnswer | undefined;
  await write(
    { issuer: tokenUrl, token_endpoint: tokenUrl },
    {
      [customFetch]: async (url: string, { headers, body }) => {
        const { 'user-agent': _library, ...rest } = headers;
        answer = await context.http({ method: 'POST', url, headers: rest, body: body.toString() });
        return new Response(null, { status: 204 });
      },
      [allowInsecureRequests]: isLoopback(tokenUrl),
    },
  );
  if (answer === undefined) throw new Error('The token request was not sent.');
  return answer;
}

/** Only a test's or the laptop's network speaks plain http, and the guard of our way out says no to it elsewhere. */
const isLoopback = (url: string): boolean =>
  ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(url).hostname);

/** How the app shows itself, RFC 6749 §2.3.1. */
function authOf({ clientAuth, clientIdName }: TokenEndpoint, { clientId, clientSecret }: App): ClientAuth {
  return (_server, _client, body, headers) => {
    if (clientAuth === 'basic') {
      const pair = `${formEncoded(clientId)}:${formEncoded(clientSecret)}`;
      headers.set('authorization', `Basic ${Buffer.from(pair).toString('base64')}`);
      return;
    }
    body.set(clientIdName ?? 'client_id', clientId);
    body.set('client_secret', clientSecret);
  };
}

/** Leaves `-`, `_` and `.` as they are: there are networks that compare before decoding. */
const formEncoded = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);

const tokensIn = (answer: HttpAnswer, now: Instant): Tokens | undefined =>
  answer.kind === 'answered' && answer.status >= 200 && answer.status < 300
    ? tokensOf(answer.json, now)
    : undefined;

const mayPass = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** RFC 6749 §5.2 `invalid_grant`, and what networks say instead of it. */
const OVER = new Set([
  'invalid_grant',
  'invalid_token',
  'invalid_refresh_token', // https://docs.slack.dev/authentication/using-token-rotation
  'token_expired',
  'token_revoked',
  'access_denied',
]);
const errorAnswer = z.looseObject({ error: z.string(), error_description: z.string().catch('') });

function isOver(json: unknown): boolean {
  const told = errorAnswer.safeParse(json).data;
  if (told === undefined) return false;
  if (OVER.has(told.error)) return true;
  // X and LinkedIn call a dead refresh token an invalid request, and only the words tell.
  const words = told.error_description;
  return told.error === 'invalid_request' && /token/i.test(words) && /invalid|expired|revoked/i.test(words);
}
