import { createHash } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  authorizationUrl,
  exchangeCode,
  refreshTokens,
  tokensOf,
  tokensToCredential,
} from '../../../shared/channels/oauth.ts';
import type { Login } from '../../../shared/channels/provider.ts';
import { HOUR, SECOND } from '../../../shared/domain/time.ts';
import { type Reply, startServer } from '../../support/fake-networks/server.ts';
import { providerContext } from '../../support/provider-context.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const APP = { clientId: 'app-1', clientSecret: 'se-cr_et/+ü' };
const VERIFIER = 'v'.repeat(43);
const REDIRECT = 'https://api.example/v1/connect/callback';

async function setup(reply: Reply, login: Partial<Login<unknown>> = {}) {
  const server = await startServer(() => reply);
  onTestFinished(server.close);
  const whole: Login<unknown> = {
    authorizeUrl: 'https://network.example/authorize',
    tokenUrl: `${server.url}/token`,
    scopes: ['read', 'write'],
    pkce: true,
    choices: async () => ({ kind: 'choices', choices: [] }),
    ...login,
  };
  const context = providerContext({ now: () => NOW });
  return {
    server,
    exchange: () =>
      exchangeCode(whole, APP, { code: 'c/1', redirectUri: REDIRECT, codeVerifier: VERIFIER }, context),
    refresh: () => refreshTokens(whole, APP, 'old-refresh', context),
    form: () => Object.fromEntries(new URLSearchParams(server.requests[0]?.body)),
    headers: () => server.requests[0]?.headers ?? {},
  };
}

const ok = (body: unknown): Reply => ({ status: 200, body });
const whole = { access_token: 'at', token_type: 'bearer', refresh_token: 'rt', expires_in: 7200 };

describe('the authorization URL', () => {
  const login: Login<unknown> = {
    authorizeUrl: 'https://network.example/authorize?v=1',
    tokenUrl: 'https://network.example/token',
    scopes: ['read', 'write'],
    parameters: { prompt: 'consent' },
    pkce: true,
    choices: async () => ({ kind: 'choices', choices: [] }),
  };
  const request = { redirectUri: REDIRECT, state: 'a+b', codeVerifier: VERIFIER };

  test('carries the challenge of RFC 7636, scopes, state and what the network wants besides', async () => {
    const url = new URL(await authorizationUrl(login, APP, request));
    expect(Object.fromEntries(url.searchParams)).toEqual({
      v: '1',
      response_type: 'code',
      client_id: 'app-1',
      redirect_uri: REDIRECT,
      scope: 'read write',
      state: 'a+b',
      code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
      code_challenge_method: 'S256',
      prompt: 'consent',
    });
    expect(url.search).not.toContain('+');
  });

  test('asks for what the app may ask for, where that is said', async () => {
    const url = new URL(await authorizationUrl(login, { ...APP, scopes: ['write'] }, request));
    expect(url.searchParams.get('scope')).toBe('write');
  });

  test('keeps to the network that has other names and no challenge', async () => {
    const { parameters: _none, ...plain } = login;
    const other = { ...plain, pkce: false, scopeSeparator: ',' as const, clientIdName: 'client_key' };
    const url = new URL(await authorizationUrl(other, APP, request));
    expect(url.searchParams.get('scope')).toBe('read,write');
    expect(url.searchParams.get('client_key')).toBe('app-1');
    expect([...url.searchParams.keys()]).not.toContain('client_id');
    expect([...url.searchParams.keys()]).not.toContain('code_challenge');
  });
});

describe('exchanging a code', () => {
  test('sends the grant with the app in the body and reads the tokens', async () => {
    const { exchange, form, headers } = await setup(ok(whole));
    expect(await exchange()).toEqual({
      kind: 'tokens',
      tokens: { accessToken: 'at', refreshToken: 'rt', expiresAt: NOW + 2 * HOUR },
    });
    expect(form()).toEqual({
      grant_type: 'authorization_code',
      code: 'c/1',
      redirect_uri: REDIRECT,
      code_verifier: VERIFIER,
      client_id: 'app-1',
      client_secret: APP.clientSecret,
    });
    expect(headers()['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    expect(headers().accept).toBe('application/json');
    expect(headers()['user-agent']).toMatch(/^Sendeplan/);
  });

  test('shows the app by Basic where the network wants that, unreserved characters as they are', async () => {
    const { exchange, form, headers } = await setup(ok(whole), { clientAuth: 'basic', pkce: false });
    await exchange();
    const pair = Buffer.from(String(headers().authorization).replace('Basic ', ''), 'base64').toString();
    expect(pair).toBe('app-1:se-cr_et%2F%2B%C3%BC');
    expect(Object.keys(form()).sort()).toEqual(['code', 'grant_type', 'redirect_uri']);
  });

  test('calls the app as the network calls it', async () => {
    const { exchange, form } = await setup(ok(whole), { clientIdName: 'client_key' });
    await exchange();
    expect(form()).toMatchObject({ client_key: 'app-1' });
    expect(form()).not.toHaveProperty('client_id');
  });

  test.each([
    ['a code that is over', { status: 400, body: { error: 'invalid_grant', error_description: 'used' } }],
    ['a wrong secret', { status: 401, body: { error: 'invalid_client' } }],
    ['a refusal under 200', ok({ ok: false, error: 'invalid_code' })],
    ['an answer without a token', ok({ token_type: 'bearer' })],
  ])('is refused for %s', async (_case, reply) => {
    const { exchange } = await setup(reply);
    expect(await exchange()).toMatchObject({ kind: 'refused' });
  });

  test('is unavailable when the network is down, and rate limited when it says so', async () => {
    expect(await (await setup({ status: 503 })).exchange()).toMatchObject({ kind: 'unavailable' });
    const limited = await setup({ status: 429, headers: { 'retry-after': '30' } });
    expect(await limited.exchange()).toEqual({ kind: 'rateLimited', retryAt: NOW + 30 * SECOND });
  });

  test('is unavailable when the answer is lost', async () => {
    const { exchange, server } = await setup(ok(whole));
    server.fault({ kind: 'drop' });
    expect(await exchange()).toMatchObject({ kind: 'unavailable' });
  });
});

describe('refreshing', () => {
  test('brings the new refresh token', async () => {
    const { refresh, form } = await setup(ok(whole));
    expect(await refresh()).toMatchObject({ kind: 'tokens', tokens: { refreshToken: 'rt' } });
    expect(form()).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'old-refresh',
      client_id: 'app-1',
      client_secret: APP.clientSecret,
    });
  });

  test('keeps the old refresh token when none comes back', async () => {
    const { refresh } = await setup(ok({ access_token: 'at', token_type: 'bearer' }));
    expect(await refresh()).toEqual({
      kind: 'tokens',
      tokens: { accessToken: 'at', refreshToken: 'old-refresh' },
    });
  });

  test.each([
    ['invalid_grant', { error: 'invalid_grant' }],
    [
      'a token that is called an invalid request',
      {
        error: 'invalid_request',
        error_description: 'Value passed for the token was invalid.',
      },
    ],
  ])('is unauthorized for %s', async (_case, body) => {
    const { refresh } = await setup({ status: 400, body });
    expect(await refresh()).toMatchObject({ kind: 'unauthorized' });
  });

  test.each([
    ['a refused app', { status: 401, body: { error: 'invalid_client' } }],
    ['a request that lacks something', { status: 400, body: { error: 'invalid_request' } }],
    ['an answer that nobody can read', { status: 200, body: '<html></html>' }],
    ['a broken network', { status: 502 }],
  ])('is unavailable, not unauthorized, for %s', async (_case, reply) => {
    const { refresh } = await setup(reply);
    expect(await refresh()).toMatchObject({ kind: 'unavailable' });
  });

  test('never says a token or a secret in its reason', async () => {
    const { refresh, server } = await setup({ status: 400, body: { error: 'invalid_grant' } });
    const said = JSON.stringify(await refresh());
    expect(server.requests).toHaveLength(1);
    expect(said).not.toContain('old-refresh');
    expect(said).not.toContain(APP.clientSecret);
  });
});

describe('a token answer', () => {
  test.each([
    ['expires_in as text', { access_token: 'at', expires_in: '3600' }, { expiresAt: NOW + HOUR }],
    ['expires_in 0', { access_token: 'at', expires_in: 0 }, {}],
    ['null for what there is not', { access_token: 'at', refresh_token: null, expires_in: null }, {}],
    ['wrapped in data', { data: { access_token: 'at' }, message: 'ok' }, {}],
    [
      'what was granted',
      { data: [{ access_token: 'at', permissions: 'read,write' }] },
      { granted: ['read', 'write'] },
    ],
    ['what was granted as a list', { access_token: 'at', permissions: ['read'] }, { granted: ['read'] }],
    ['a list in data', { data: [{ access_token: 'at', user_id: '7' }] }, {}],
  ])('is read with %s', (_case, json, rest) => {
    expect(tokensOf(json, NOW)).toEqual({ accessToken: 'at', ...rest });
  });

  test.each([[undefined], [null], ['at'], [[]], [{ access_token: '' }], [{ data: [] }]])(
    'is none in %j',
    (json) => {
      expect(tokensOf(json, NOW)).toBeUndefined();
    },
  );

  test('becomes the credential of a channel', () => {
    expect(tokensToCredential({ accessToken: 'at', refreshToken: 'rt', expiresAt: NOW })).toEqual({
      accessToken: 'at',
      refreshToken: 'rt',
      expiresAt: '2026-11-22T12:00:00Z',
    });
    expect(tokensToCredential({ accessToken: 'at' })).toEqual({ accessToken: 'at' });
  });
});
