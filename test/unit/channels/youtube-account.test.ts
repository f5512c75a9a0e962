import { expect, onTestFinished, test } from 'vitest';
import { toMetrics } from '../../../shared/channels/youtube/metrics.ts';
import { youtube } from '../../../shared/channels/youtube.ts';
import { HOUR } from '../../../shared/domain/time.ts';
import { startServer } from '../../support/fake-networks/server.ts';
import {
  ACCESS_TOKEN,
  CHANNEL_ID,
  type FakeYoutubeOptions,
  fakeYoutube,
  refusal,
} from '../../support/fake-networks/youtube.ts';
import { providerContext } from '../../support/provider-context.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const APP = { clientId: 'app-1', clientSecret: 'secret-1' };
const credential = { accessToken: ACCESS_TOKEN };
const account = { id: CHANNEL_ID, handle: '@bakery', url: `https://www.youtube.com/channel/${CHANNEL_ID}` };

async function setup(options: FakeYoutubeOptions = {}) {
  const network = await fakeYoutube(options);
  onTestFinished(network.close);
  return { network, provider: youtube(network.url), context: providerContext({ now: () => NOW }) };
}

test('a channel is named by its handle, and whether it may be long', async () => {
  const allowed = await setup();
  expect(await allowed.provider.verify(credential, allowed.context)).toEqual({
    kind: 'verified',
    account,
    facts: { longUploads: true },
  });
  const eligible = await setup({ longUploadsStatus: 'eligible' });
  expect(await eligible.provider.verify(credential, eligible.context)).toMatchObject({
    facts: { longUploads: false },
  });
});

test('an account without a channel is refused, a spent quota is not', async () => {
  const { provider, context } = await setup({ hasChannel: false });
  expect(await provider.verify(credential, context)).toEqual({
    kind: 'refused',
    reason: 'this Google account has no YouTube channel',
  });
  const spent = await setup();
  spent.network.fault({ kind: 'answer', ...refusal(403, 'quotaExceeded') });
  expect(await spent.provider.verify(credential, spent.context)).toMatchObject({ kind: 'unreachable' });
});

test('a login is one channel, or none', async () => {
  const tokens = { accessToken: ACCESS_TOKEN, refreshToken: '1//r', expiresAt: NOW + HOUR };
  const { provider, context } = await setup();
  expect(await provider.login?.choices({ tokens, app: APP }, context)).toEqual({
    kind: 'choices',
    choices: [
      {
        account,
        credential: { accessToken: ACCESS_TOKEN, refreshToken: '1//r', expiresAt: '2026-11-22T13:00:00Z' },
      },
    ],
  });
  const empty = await setup({ hasChannel: false });
  expect(await empty.provider.login?.choices({ tokens, app: APP }, empty.context)).toEqual({
    kind: 'choices',
    choices: [],
  });
  const wrong = { tokens: { accessToken: 'wrong' }, app: APP };
  expect(await provider.login?.choices(wrong, context)).toMatchObject({ kind: 'unauthorized' });
});

test('a login asks for a refresh token', () => {
  expect(youtube().login).toMatchObject({
    parameters: { access_type: 'offline', prompt: 'consent' },
    tokenUrl: 'https://oauth2.googleapis.com/token',
    pkce: true,
  });
});

test('an access token is renewed, and its refresh token stays', async () => {
  const server = await startServer(() => ({
    status: 200,
    body: { access_token: 'ya29.new', expires_in: 3599, token_type: 'Bearer' },
  }));
  onTestFinished(server.close);
  const { renewal } = youtube('https://api.example', `${server.url}/token`);
  const old = { accessToken: 'ya29.old', refreshToken: '1//r', expiresAt: '2026-11-22T12:00:00Z' };
  expect(renewal?.expiresAt(old)).toBe(NOW);
  expect(renewal?.expiresAt(credential)).toBeUndefined();
  const context = providerContext({ now: () => NOW });
  expect(await renewal?.refresh?.(old, APP, context)).toEqual({
    kind: 'refreshed',
    credential: { accessToken: 'ya29.new', refreshToken: '1//r', expiresAt: '2026-11-22T12:59:59Z' },
  });
  expect(new URLSearchParams(server.requests[0]?.body).get('refresh_token')).toBe('1//r');
  expect(await renewal?.refresh?.(credential, APP, context)).toMatchObject({ kind: 'unauthorized' });
  expect(await renewal?.refresh?.(old, undefined, context)).toMatchObject({ kind: 'unavailable' });
});

test('hidden counts are null, not 0', () => {
  expect(toMetrics({ viewCount: 0, likeCount: undefined, commentCount: 2 })).toMatchObject({
    views: 0,
    reactions: null,
    replies: 2,
    shares: null,
  });
});

test('subscribers are told, unless they are hidden', async () => {
  const shown = await setup();
  const who = { credential, account, facts: {} };
  expect(await shown.provider.metrics?.followers(who, shown.context)).toBe(1_230);
  const hidden = await setup({ hiddenSubscribers: true });
  expect(await hidden.provider.metrics?.followers(who, hidden.context)).toBeNull();
});

test('a removal that is not allowed is refused with YouTube’s words', async () => {
  const { network, provider, context } = await setup();
  network.fault({ kind: 'answer', ...refusal(403, 'forbidden') });
  const asked = { credential, account, facts: {}, externalId: 'vid00000001' };
  expect(await provider.remove?.(asked, context)).toEqual({
    kind: 'rejected',
    code: 'needs_person',
    reason: 'HTTP 403: Refused: forbidden.',
  });
  // A missing page of a proxy does not mean that the video is gone.
  network.fault({ kind: 'answer', status: 404, body: '<h1>Not Found</h1>' });
  expect((await provider.remove?.(asked, context))?.kind).not.toBe('absent');
});
