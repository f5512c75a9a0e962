import { describe, expect, onTestFinished, test } from 'vitest';
import { x } from '../../../shared/channels/x.ts';
import { DAY, HOUR } from '../../../shared/domain/time.ts';
import { attempt } from '../../support/attempt.ts';
import { DUE_AT } from '../../support/builders.ts';
import { startServer } from '../../support/fake-networks/server.ts';
import { ACCESS_TOKEN, type FakeXOptions, fakeX, USER_ID } from '../../support/fake-networks/x.ts';
import { anAttachment } from '../../support/media.ts';
import { providerContext } from '../../support/provider-context.ts';
import { aPublishRequest } from '../../support/provider-request.ts';

const account = { id: USER_ID, handle: 'bakery', url: 'https://x.com/bakery' };
const credential = { accessToken: ACCESS_TOKEN };

async function setup(options: FakeXOptions = {}) {
  const network = await fakeX(options);
  onTestFinished(network.close);
  const provider = x(network.url);
  const measure = (externalIds: readonly string[]) =>
    provider.metrics?.fetch({ credential, account, facts: {}, externalIds }, providerContext());
  return { network, provider, measure };
}

describe('verifying', () => {
  test('reads what the account’s subscription allows', async () => {
    const plain = await setup();
    expect(await plain.provider.verify(credential, providerContext())).toEqual({
      kind: 'verified',
      account,
      facts: { maxCharacters: 280, maxVideoSeconds: 1_200 },
    });
    const premium = await setup({ subscription: 'Premium' });
    expect(await premium.provider.verify(credential, providerContext())).toMatchObject({
      facts: { maxCharacters: 25_000, maxVideoSeconds: 7_500 },
    });
  });

  test('says that the credits are used up, and that X does not answer', async () => {
    const { network, provider } = await setup();
    network.fault({ kind: 'answer', status: 402, body: { detail: 'No credits left' } });
    expect(await provider.verify(credential, providerContext())).toEqual({
      kind: 'refused',
      reason: 'HTTP 402: No credits left',
    });
    network.fault({ kind: 'answer', status: 429, body: {} });
    expect((await provider.verify(credential, providerContext())).kind).toBe('unreachable');
  });
});

describe('metrics', () => {
  test('have clicks of young posts only, and ask no further for old ones', async () => {
    const { network, measure } = await setup();
    const young = network.write('Young');
    const old = network.write('Old', DUE_AT - 40 * DAY);
    const metrics = await measure([old.id, young.id]);
    if (!(metrics instanceof Map)) return expect.fail(JSON.stringify(metrics));
    const told = { impressions: 900, reactions: 12, replies: 4, shares: 4, saves: 2, reach: null };
    expect(metrics.get(young.id)).toMatchObject({ ...told, clicks: 7, videoViews: null });
    expect(metrics.get(old.id)).toMatchObject({ ...told, clicks: null });
    const fields = network.requests.map(({ url }) => [
      url.searchParams.get('ids'),
      url.searchParams.get('post.fields')?.includes('non_public_metrics'),
    ]);
    expect(fields).toEqual([
      [young.id, true],
      [old.id, false],
    ]);
  });

  test('of a post that X keeps the clicks of are asked for without them', async () => {
    const { network, measure } = await setup({ now: () => DUE_AT + 31 * DAY });
    const { id } = network.write('Mine', DUE_AT);
    const metrics = await measure([id]);
    if (!(metrics instanceof Map)) return expect.fail(JSON.stringify(metrics));
    expect(metrics.get(id)).toMatchObject({ reactions: 12, clicks: null });
    expect(network.requests).toHaveLength(2);
  });

  test('of a video have its views', async () => {
    const { network, provider, measure } = await setup();
    const media = [anAttachment('film', { type: 'video/mp4', bytes: 1_000 })];
    const channel = { id: 'chn_one', account, facts: {} };
    const request = aPublishRequest(credential, { variant: { text: 'Look', media }, channel });
    await attempt(provider, request, providerContext());
    const metrics = await measure(network.published());
    if (!(metrics instanceof Map)) return expect.fail(JSON.stringify(metrics));
    expect(metrics.get(network.published()[0])).toMatchObject({ videoViews: 55 });
  });

  test('stop where the credits are used up, and are not told', async () => {
    const { network, measure } = await setup();
    network.fault({ kind: 'answer', status: 402, body: {} });
    expect(await measure(['7'])).toMatchObject({ kind: 'unavailable' });
  });

  test('have the account’s followers', async () => {
    const { provider } = await setup();
    const who = { credential, account, facts: {} };
    expect(await provider.metrics?.followers(who, providerContext())).toBe(84);
  });
});

describe('a credential', () => {
  const app = { clientId: 'app-1', clientSecret: 'secret-1' };
  const tokenServer = async () => {
    const server = await startServer(({ body }) =>
      new URLSearchParams(body).get('refresh_token') === 'refresh-1'
        ? {
            status: 200,
            body: {
              token_type: 'bearer',
              expires_in: 7_200,
              access_token: 'access-2',
              refresh_token: 'refresh-2',
              scope: 'tweet.read',
            },
          }
        : {
            status: 400,
            body: { error: 'invalid_request', error_description: 'Value passed for the token was invalid.' },
          },
    );
    onTestFinished(server.close);
    return server;
  };
  const ending = { accessToken: 'access-1', refreshToken: 'refresh-1', expiresAt: '2026-11-30T08:00:00Z' };

  test('is renewed by its refresh token, which is a new one then', async () => {
    const server = await tokenServer();
    const { renewal } = x(server.url);
    expect(renewal?.expiresAt(ending)).toBe(Date.UTC(2026, 10, 30, 8));
    expect(renewal?.expiresAt(credential)).toBeUndefined();
    const context = providerContext({ now: () => DUE_AT });
    expect(await renewal?.refresh?.(ending, app, context)).toEqual({
      kind: 'refreshed',
      credential: {
        accessToken: 'access-2',
        refreshToken: 'refresh-2',
        expiresAt: new Date(DUE_AT + 2 * HOUR).toISOString().replace('.000', ''),
      },
    });
    const [request] = server.requests;
    expect(request?.url.pathname).toBe('/2/oauth2/token');
    expect(request?.headers.authorization).toBe(`Basic ${btoa('app-1:secret-1')}`);
  });

  test('without a refresh token or an app is not renewed', async () => {
    const { renewal } = x('http://127.0.0.1:1');
    expect(await renewal?.refresh?.(credential, app, providerContext())).toMatchObject({
      kind: 'unauthorized',
    });
    expect(await renewal?.refresh?.(ending, undefined, providerContext())).toMatchObject({
      kind: 'unavailable',
    });
  });

  test('of a login is for the one account that logged in', async () => {
    const { provider } = await setup();
    const login = { tokens: { accessToken: ACCESS_TOKEN, refreshToken: 'r', expiresAt: DUE_AT }, app };
    expect(await provider.login?.choices(login, providerContext())).toEqual({
      kind: 'choices',
      choices: [
        {
          account,
          credential: {
            accessToken: ACCESS_TOKEN,
            refreshToken: 'r',
            expiresAt: new Date(DUE_AT).toISOString().replace('.000', ''),
          },
        },
      ],
    });
    expect(provider.login).toMatchObject({ pkce: true, clientAuth: 'basic' });
    expect(provider.login?.scopes).toContain('offline.access');
  });
});
