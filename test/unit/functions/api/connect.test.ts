import { describe, expect, test } from 'vitest';
import { channelSchema } from '../../../../functions/api/channel-view.ts';
import { loginSchema, newLoginSchema } from '../../../../functions/api/login-view.ts';
import { MINUTE } from '../../../../shared/domain/time.ts';
import { givenBrand, strayId } from '../../../support/api-steps.ts';
import { anAgency, anId } from '../../../support/builders.ts';
import { connectingWorld } from '../../../support/connecting.ts';
import { OAUTH_APP } from '../../../support/fake-networks/oauth.ts';

describe('beginning a login', () => {
  test('gives an address with state and challenge, good for a quarter of an hour', async () => {
    const { world, begin, setApp, network } = await connectingWorld();
    await setApp();
    const reply = await begin();
    expect(reply.status).toBe(201);
    expect(reply.headers.location).toBe(`/v1/connect/${reply.body.id}`);
    expect(reply.body).toMatchObject({
      network: 'oauthnet',
      status: 'waiting',
      expiresAt: '2026-11-29T12:15:00Z',
    });
    const url = new URL(reply.body.url);
    expect(url.origin + url.pathname).toBe(`${network.url}/authorize`);
    expect(url.searchParams.get('client_id')).toBe(OAUTH_APP.clientId);
    expect(url.searchParams.get('redirect_uri')).toBe('https://api.agency.example/v1/connect/callback');
    const state = url.searchParams.get('state') ?? '';
    const stored = await world.deps.logins.get(world.agency.id, reply.body.id);
    expect(JSON.stringify(stored)).not.toContain(state);
    expect(reply.text).not.toContain(OAUTH_APP.clientSecret);
  });

  test('needs an app, a network that one logs in at, and a channel of the same brand and network', async () => {
    const { world, begin, setApp, connected } = await connectingWorld();
    expect((await begin()).status).toBe(409);
    await setApp();
    expect((await begin({ reconnect: strayId('chn') })).body.findings).toMatchObject([
      { rule: 'unknown_channel', path: '/reconnect' },
    ]);
    const channel = await connected();
    const other = await givenBrand(world, { id: anId('brd', 'other') });
    const elsewhere = await world.request('POST', `/v1/brands/${other.id}/channels/connect`, {
      body: { network: 'oauthnet', reconnect: channel.id },
    });
    expect(elsewhere.body.findings).toMatchObject([{ rule: 'unknown_channel' }]);
    expect((await begin({}, 'editor')).status).toBe(403);
    expect((await begin({ returnUrl: 'javascript:alert(1)' })).status).toBe(422);
  });
});

test('answers are exactly what the routes promise', async () => {
  const { world, setApp, begin, dance } = await connectingWorld();
  await setApp();
  const begun = await begin({ options: { visibility: 'quiet' } });
  expect(newLoginSchema.parse(begun.body)).toEqual(begun.body);
  const { login, status } = await dance(['bakery', 'florist']);
  expect(loginSchema.parse(status)).toEqual(status);
  const done = await world.request('POST', `/v1/connect/${login.id}/choose`, { body: { choice: 'bakery' } });
  expect(channelSchema.parse(done.body)).toEqual(done.body);
  const after = (await world.request('GET', `/v1/connect/${login.id}`)).body;
  expect(loginSchema.parse(after)).toEqual(after);
  const failed = (await dance([])).status;
  expect(loginSchema.parse(failed)).toEqual(failed);
});

describe('coming back', () => {
  test('with one account connects it at once, and says so', async () => {
    const { world, setApp, dance, credentialOf, network } = await connectingWorld();
    await setApp();
    const { page, status } = await dance(['bakery'], { returnUrl: 'https://agency.example/done?a=1&b=2' });
    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    expect(page.text).toContain('@bakery');
    expect(page.text).toContain('href="https://agency.example/done?a=1&amp;b=2"');
    expect(status).toMatchObject({ status: 'connected' });
    const channel = await world.deps.channels.get(world.agency.id, status.channelId);
    expect(channel).toMatchObject({
      name: '@bakery',
      account: { id: 'bakery' },
      health: 'connected',
      ends: { renews: true },
      createdBy: { name: 'admin' },
    });
    expect(await credentialOf(status.channelId)).toMatchObject({
      accessToken: 'access-2',
      accountId: 'bakery',
    });
    expect(network.tokenRequests()).toHaveLength(1);
    const shown = await world.request('GET', `/v1/channels/${status.channelId}`);
    expect(shown.body.endsAt).toBe('2026-11-29T14:00:00Z');
    expect(shown.text + page.text).not.toContain('access-');
  });

  test('shows pages without scripts, in the reader’s language', async () => {
    const { setApp, begin, visit, network } = await connectingWorld();
    await setApp();
    const { url } = (await begin({ name: '<b>Bäcker</b>' })).body;
    const page = await visit(network.logIn(url, ['bakery']), { 'accept-language': 'de' });
    expect(page.text).toContain('Verbunden');
    expect(page.text).toContain('&lt;b&gt;Bäcker&lt;/b&gt;');
    expect(page.text).not.toMatch(/<script|<b>/);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.headers['referrer-policy']).toBe('no-referrer');
    expect(page.headers['cache-control']).toBe('no-store');
  });

  test('works once: a second visit is refused and asks the network nothing', async () => {
    const { setApp, begin, visit, network } = await connectingWorld();
    await setApp();
    const back = network.logIn((await begin()).body.url, ['bakery']);
    const pages = await Promise.all([visit(back), visit(back), visit(back)]);
    expect(pages.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect((await visit(back)).text).toContain('used already');
    expect(network.tokenRequests()).toHaveLength(1);
  });

  test.each([
    ['no state', () => ''],
    ['a state that nobody gave', () => `${anAgency().id}.${'x'.repeat(43)}`],
    ['another agency’s state', (state: string) => state.replace(/^agy_\w+/, anId('agy', 'other'))],
    ['half a state', (state: string) => state.slice(0, -1)],
  ])('with %s is a page that says so', async (_case, change) => {
    const { setApp, begin, visit, network } = await connectingWorld();
    await setApp();
    const back = network.logIn((await begin()).body.url, ['bakery']);
    back.searchParams.set('state', change(back.searchParams.get('state') ?? ''));
    const page = await visit(back);
    expect(page.status).toBe(404);
    expect(page.text).toContain('There is no such login.');
    expect(network.tokenRequests()).toHaveLength(0);
  });

  test('too late is refused, and the API says that it is over', async () => {
    const { world, setApp, begin, visit, network } = await connectingWorld();
    await setApp();
    const login = (await begin()).body;
    world.time.now += 15 * MINUTE;
    const page = await visit(network.logIn(login.url, ['bakery']));
    expect([page.status, page.text.includes('over')]).toEqual([409, true]);
    expect((await world.request('GET', `/v1/connect/${login.id}`)).body.status).toBe('expired');
    expect(network.tokenRequests()).toHaveLength(0);
  });

  test.each([
    ['most networks'],
    ['LinkedIn, before the login', 'user_cancelled_login'],
    ['LinkedIn, behind it', 'user_cancelled_authorize'],
  ])('after a no of the person, as %s say it, connects nothing', async (_who, error = 'access_denied') => {
    const { world, setApp, begin, visit, network, brand } = await connectingWorld();
    await setApp();
    const login = (await begin()).body;
    const back = network.logIn(login.url, ['bakery']);
    back.searchParams.delete('code');
    back.searchParams.set('error', error);
    const page = await visit(back, { 'accept-language': 'de' });
    expect([page.status, page.text.includes('abgelehnt')]).toEqual([403, true]);
    const status = (await world.request('GET', `/v1/connect/${login.id}`)).body;
    expect(status).toMatchObject({ status: 'failed', problem: { code: 'forbidden' } });
    expect(await world.deps.channels.list(world.agency.id, brand.id)).toEqual([]);
  });

  test('with a code that the network refuses, or when it is away, says why', async () => {
    const { world, setApp, begin, visit, network, brand } = await connectingWorld();
    await setApp();
    const wrong = network.logIn((await begin()).body.url, ['bakery']);
    wrong.searchParams.set('code', 'stolen');
    const refused = await visit(wrong);
    expect([refused.status, refused.text.includes('expired or used')]).toEqual([409, true]);
    const other = network.logIn((await begin()).body.url, ['bakery']);
    network.fault({ kind: 'answer', status: 503 });
    expect((await visit(other)).status).toBe(503);
    const shown = network.logIn((await begin()).body.url, ['bakery']);
    shown.searchParams.delete('code');
    shown.searchParams.set('error', 'server_error');
    shown.searchParams.set('error_description', '<script>alert(1)</script>');
    const page = await visit(shown);
    expect(page.text).toContain('&lt;script&gt;');
    expect(await world.deps.channels.list(world.agency.id, brand.id)).toEqual([]);
  });

  test('without any account that could be connected says so', async () => {
    const { setApp, dance } = await connectingWorld();
    await setApp();
    const { page, status } = await dance([]);
    expect([page.status, page.text.includes('no account')]).toEqual([409, true]);
    expect(status.status).toBe('failed');
  });

  test('with an account that stands elsewhere is the same 409 as with a credential', async () => {
    const { world, setApp, dance } = await connectingWorld();
    await setApp();
    await dance(['bakery']);
    const again = await dance(['bakery']);
    expect([again.page.status, again.page.text.includes('already')]).toEqual([409, true]);
    const other = await givenBrand(world, { id: anId('brd', 'other') });
    const begun = await world.request('POST', `/v1/brands/${other.id}/channels/connect`, {
      body: { network: 'oauthnet' },
    });
    expect(begun.status).toBe(201);
  });
});
