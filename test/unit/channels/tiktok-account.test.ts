import { expect, onTestFinished, test } from 'vitest';
import { toMetrics } from '../../../shared/channels/tiktok/metrics.ts';
import { tiktok } from '../../../shared/channels/tiktok.ts';
import { DAY } from '../../../shared/domain/time.ts';
import { startServer } from '../../support/fake-networks/server.ts';
import { ACCESS_TOKEN, fakeTiktok, OPEN_ID, refusal } from '../../support/fake-networks/tiktok.ts';
import { providerContext } from '../../support/provider-context.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const APP = { clientId: 'key-1', clientSecret: 'secret-1' };
const credential = { accessToken: ACCESS_TOKEN };
const account = { id: OPEN_ID, handle: 'bakery', url: 'https://www.tiktok.com/@bakery' };
const who = { credential, account, facts: {} };

async function setup() {
  const network = await fakeTiktok();
  onTestFinished(network.close);
  return { network, provider: tiktok(network.url), context: providerContext({ now: () => NOW }) };
}

test('an account is known by its open id, and what it may post is kept as facts', async () => {
  const { provider, context } = await setup();
  expect(await provider.verify(credential, context)).toEqual({
    kind: 'verified',
    account,
    facts: { privacies: 'public,friends,private', maxVideoSeconds: 300 },
  });
});

test('an account whose cap is reached today is not refused for good', async () => {
  const { network, provider, context } = await setup();
  network.fault({ kind: 'answer', ...refusal(200, 'spam_risk_too_many_posts') }, ({ url }) =>
    url.pathname.includes('creator_info'),
  );
  expect(await provider.verify(credential, context)).toMatchObject({ kind: 'unreachable' });
  network.fault({ kind: 'answer', ...refusal(401, 'scope_not_authorized') });
  expect(await provider.verify(credential, context)).toMatchObject({ kind: 'refused' });
});

test('a login is one account', async () => {
  const { provider, context } = await setup();
  const tokens = { accessToken: ACCESS_TOKEN, refreshToken: 'rft.1', expiresAt: NOW + DAY };
  expect(await provider.login?.choices({ tokens, app: APP }, context)).toEqual({
    kind: 'choices',
    choices: [
      {
        account,
        credential: { accessToken: ACCESS_TOKEN, refreshToken: 'rft.1', expiresAt: '2026-11-23T12:00:00Z' },
      },
    ],
  });
  const wrong = { tokens: { accessToken: 'wrong' }, app: APP };
  expect(await provider.login?.choices(wrong, context)).toMatchObject({ kind: 'unauthorized' });
});

test('an app shows itself by its client key, and the new refresh token replaces the old one', async () => {
  const server = await startServer(() => ({
    status: 200,
    body: { access_token: 'act.new', refresh_token: 'rft.new', expires_in: 86_400, open_id: OPEN_ID },
  }));
  onTestFinished(server.close);
  const { renewal, login } = tiktok(server.url);
  expect(login).toMatchObject({ clientIdName: 'client_key', scopeSeparator: ',', pkce: false });
  const old = { accessToken: 'act.old', refreshToken: 'rft.old', expiresAt: '2026-11-22T12:00:00Z' };
  expect(renewal?.expiresAt(old)).toBe(NOW);
  const context = providerContext({ now: () => NOW });
  expect(await renewal?.refresh?.(old, APP, context)).toEqual({
    kind: 'refreshed',
    credential: { accessToken: 'act.new', refreshToken: 'rft.new', expiresAt: '2026-11-23T12:00:00Z' },
  });
  const [asked] = server.requests;
  expect(asked?.url.pathname).toBe('/v2/oauth/token/');
  expect(Object.fromEntries(new URLSearchParams(asked?.body))).toEqual({
    client_key: 'key-1',
    client_secret: 'secret-1',
    grant_type: 'refresh_token',
    refresh_token: 'rft.old',
  });
  expect(await renewal?.refresh?.(credential, APP, context)).toMatchObject({ kind: 'unauthorized' });
});

test('what TikTok cannot measure is left out, and photos are never called removed', async () => {
  const { network, provider, context } = await setup();
  const ask = (...externalIds: string[]) => provider.metrics?.fetch({ ...who, externalIds }, context);
  expect(await ask('v_pub_file~v2-1.7000001')).toEqual(new Map());
  expect(network.requests).toEqual([]);
  expect(await ask('photo/74', 'v_pub_file~v2-1.7000001', '75')).toEqual(new Map([['75', 'removed']]));
  const [asked] = network.requests;
  expect(asked?.json).toEqual({ filters: { video_ids: ['74', '75'] } });
});

test('counts that are not told are null, and followers are told', async () => {
  expect(toMetrics({ view_count: 0, like_count: undefined })).toMatchObject({
    views: 0,
    videoViews: 0,
    reactions: null,
    saves: null,
  });
  const { provider, context } = await setup();
  expect(await provider.metrics?.followers(who, context)).toBe(4_321);
});

test('nothing can be taken off again', () => {
  expect(tiktok().remove).toBeUndefined();
});
