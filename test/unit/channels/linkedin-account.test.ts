import { describe, expect, onTestFinished, test } from 'vitest';
import { linkedin } from '../../../shared/channels/linkedin.ts';
import { DAY } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../../support/builders.ts';
import {
  ACCESS_TOKEN,
  type FakeLinkedinOptions,
  fakeLinkedin,
  MEMBER,
  PAGE,
} from '../../support/fake-networks/linkedin.ts';
import { startServer } from '../../support/fake-networks/server.ts';
import { providerContext } from '../../support/provider-context.ts';

const page = { id: PAGE, handle: 'Bakery Krume', url: 'https://www.linkedin.com/company/bakery-krume' };
const member = { id: MEMBER, handle: 'Ada Krume', url: 'https://www.linkedin.com/in/ada-krume' };
const app = { clientId: 'app-1', clientSecret: 'secret-1' };

async function setup(options: FakeLinkedinOptions = {}) {
  const network = await fakeLinkedin(options);
  onTestFinished(network.close);
  const provider = linkedin(network.url);
  const verify = (author: string) =>
    provider.verify({ accessToken: ACCESS_TOKEN, author }, providerContext());
  const who = (author: string) => ({
    credential: { accessToken: ACCESS_TOKEN, author },
    account: author === PAGE ? page : member,
    facts: { page: author === PAGE },
  });
  const measure = (author: string, externalIds: readonly string[]) =>
    provider.metrics?.fetch({ ...who(author), externalIds }, providerContext());
  const followers = (author: string) => provider.metrics?.followers(who(author), providerContext());
  const remove = (author: string, externalId: string) =>
    provider.remove?.({ ...who(author), externalId }, providerContext());
  return { network, provider, verify, measure, followers, remove };
}

describe('verifying', () => {
  test('reads a page that the member may post for', async () => {
    const { verify } = await setup();
    expect(await verify(PAGE)).toEqual({ kind: 'verified', account: page, facts: { page: true } });
    expect(await verify('urn:li:organization:99')).toMatchObject({ kind: 'refused' });
  });

  test('reads the member, by whichever permission the app has', async () => {
    const { verify } = await setup();
    expect(await verify(MEMBER)).toEqual({ kind: 'verified', account: member, facts: { page: false } });
    expect(await verify('urn:li:person:other')).toMatchObject({ kind: 'refused' });
    const plain = await setup({ app: 'self-serve' });
    expect(await plain.verify(MEMBER)).toMatchObject({
      kind: 'verified',
      account: { id: MEMBER, handle: 'Ada Krume', url: 'https://www.linkedin.com/' },
    });
    expect(await plain.verify(PAGE)).toMatchObject({ kind: 'refused' });
  });

  test('says when the version of the API has ended', async () => {
    const { network, verify } = await setup();
    const body = {
      status: 426,
      code: 'NONEXISTENT_VERSION',
      message: 'Requested version 202609 is not active',
    };
    network.fault({ kind: 'answer', status: 426, body });
    expect(await verify(PAGE)).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('not active'),
    });
  });
});

describe('logging in', () => {
  const tokens = { accessToken: ACCESS_TOKEN, expiresAt: DUE_AT + 60 * DAY };
  const expiresAt = new Date(DUE_AT + 60 * DAY).toISOString().replace('.000', '');
  const choice = (account: typeof page) => ({
    account,
    credential: { accessToken: ACCESS_TOKEN, expiresAt, author: account.id },
  });

  test('offers the member and every page that he may post for', async () => {
    const { provider } = await setup();
    expect(await provider.login?.choices({ tokens, app }, providerContext())).toEqual({
      kind: 'choices',
      choices: [choice(member), choice(page)],
    });
  });

  test('offers more pages than LinkedIn tells of at once, and knows the last of them later', async () => {
    const urn = (n: number) => `urn:li:organization:${n + 1_000}`;
    const otherRoles = Array.from({ length: 230 }, (_, n) => ({
      organization: urn(n),
      role: 'CONTENT_ADMINISTRATOR',
    }));
    const { network, provider, verify } = await setup({ otherRoles });
    const told = await provider.login?.choices({ tokens, app }, providerContext());
    const ids = told?.kind === 'choices' ? told.choices.map(({ account }) => account.id) : [];
    expect(ids).toEqual([MEMBER, ...otherRoles.map(({ organization }) => organization), PAGE]);
    // LinkedIn takes no longer address: https://learn.microsoft.com/linkedin/shared/api-guide/concepts/query-tunneling
    for (const { url } of network.requests) expect(url.href.length).toBeLessThan(4_096);
    expect(await verify(PAGE)).toMatchObject({ kind: 'verified', account: { id: PAGE } });
  });

  test('offers the member alone where the app may not see pages', async () => {
    const { provider } = await setup({ app: 'self-serve' });
    const told = await provider.login?.choices({ tokens, app }, providerContext());
    expect(told).toMatchObject({ kind: 'choices', choices: [{ account: { id: MEMBER } }] });
  });

  test('waits when LinkedIn does not answer', async () => {
    const { network, provider } = await setup();
    network.fault({ kind: 'answer', status: 503, body: {} });
    expect(await provider.login?.choices({ tokens, app }, providerContext())).toMatchObject({
      kind: 'unavailable',
    });
  });
});

describe('renewing', () => {
  test('keeps the author, and needs a refresh token', async () => {
    const server = await startServer(() => ({
      status: 200,
      body: {
        access_token: 'access-2',
        expires_in: 5_184_000,
        refresh_token: 'refresh-1',
        token_type: 'Bearer',
      },
    }));
    onTestFinished(server.close);
    const { renewal } = linkedin(server.url);
    const ending = { accessToken: 'a', refreshToken: 'refresh-1', author: PAGE };
    const context = providerContext({ now: () => DUE_AT });
    expect(await renewal?.refresh?.(ending, app, context)).toEqual({
      kind: 'refreshed',
      credential: {
        accessToken: 'access-2',
        refreshToken: 'refresh-1',
        expiresAt: new Date(DUE_AT + 60 * DAY).toISOString().replace('.000', ''),
        author: PAGE,
      },
    });
    const [request] = server.requests;
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toMatchObject({
      grant_type: 'refresh_token',
      client_id: 'app-1',
      client_secret: 'secret-1',
    });
    const bare = { accessToken: 'a', author: PAGE };
    expect(await renewal?.refresh?.(bare, app, context)).toMatchObject({ kind: 'unauthorized' });
  });
});

describe('metrics', () => {
  test.each(['share', 'ugcPost'] as const)('of a page’s posts come together, as %s', async (kind) => {
    const { network, measure } = await setup({ kind });
    const ids = [network.write('One').urn, network.write('Two').urn];
    const metrics = await measure(PAGE, ids);
    if (!(metrics instanceof Map)) return expect.fail(JSON.stringify(metrics));
    const told = {
      impressions: 500,
      reach: 400,
      reactions: 11,
      replies: 3,
      shares: 2,
      clicks: 20,
      saves: null,
    };
    expect(ids.map((id) => metrics.get(id))).toEqual([
      expect.objectContaining(told),
      expect.objectContaining(told),
    ]);
    expect(network.requests).toHaveLength(1);
  });

  test('of a page’s post that nobody has seen are 0, for LinkedIn leaves those out', async () => {
    const { network, measure } = await setup();
    const { urn } = network.write('unseen');
    const metrics = await measure(PAGE, [urn, 'urn:li:share:7']);
    if (!(metrics instanceof Map)) return expect.fail(JSON.stringify(metrics));
    expect(metrics.get(urn)).toMatchObject({ impressions: 0, reactions: 0, videoViews: null });
    expect(metrics.get('urn:li:share:7')).toBe('removed');
  });

  test('of a member’s post come one by one', async () => {
    const { network, measure } = await setup();
    const { urn } = network.write('Mine', DUE_AT, MEMBER);
    const metrics = await measure(MEMBER, [urn]);
    if (!(metrics instanceof Map)) return expect.fail(JSON.stringify(metrics));
    const told = {
      impressions: 90,
      reach: 70,
      reactions: 5,
      replies: 1,
      shares: 2,
      saves: null,
      clicks: null,
    };
    expect(metrics.get(urn)).toMatchObject(told);
    expect(network.requests).toHaveLength(7);
  });

  test('of a member without the permission are all null', async () => {
    const { network, measure, followers } = await setup({ app: 'self-serve' });
    const { urn } = network.write('Mine', DUE_AT, MEMBER);
    const metrics = await measure(MEMBER, [urn]);
    if (!(metrics instanceof Map)) return expect.fail(JSON.stringify(metrics));
    expect(Object.values(metrics.get(urn) ?? {}).every((value) => value === null)).toBe(true);
    expect(await followers(MEMBER)).toBeNull();
  });

  test('have followers of both kinds', async () => {
    const { followers } = await setup();
    expect(await followers(PAGE)).toBe(1_234);
    expect(await followers(MEMBER)).toBe(56);
  });
});

describe('removing', () => {
  test('of a member’s post cannot know whether it was there', async () => {
    const { network, remove } = await setup();
    const { urn } = network.write('Mine', DUE_AT, MEMBER);
    expect(await remove(MEMBER, urn)).toEqual({ kind: 'removed' });
    expect(network.posts.size).toBe(0);
    expect(network.requests.map(({ method }) => method)).toEqual(['DELETE']);
  });
});
