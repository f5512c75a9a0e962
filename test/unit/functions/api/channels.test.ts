import { describe, expect, test } from 'vitest';
import { channelRoutes } from '../../../../functions/api/channels.ts';
import type { AnyProvider } from '../../../../shared/ports.ts';
import { givenBrand, givenChannel, rules, strayId } from '../../../support/api-steps.ts';
import { apiWorld, fakeProvider } from '../../../support/api-world.ts';
import { aDelivery, anId, aPost } from '../../../support/builders.ts';

const setup = async (provider: Partial<AnyProvider> = {}) => {
  const world = await apiWorld({ routes: channelRoutes, providers: [fakeProvider(provider)] });
  const brand = await givenBrand(world);
  const connect = (body: object = {}, brandId = brand.id, key = 'admin') =>
    world.request('POST', `/v1/brands/${brandId}/channels`, {
      key,
      body: {
        network: 'fakenet',
        name: 'Bakery',
        credential: { host: 'bakery', token: 'good-1' },
        ...body,
      },
    });
  return { world, brand, connect };
};

describe('connecting a channel', () => {
  test('answers who the network says it is, and never the credential', async () => {
    const { world, brand, connect } = await setup();
    const reply = await connect({ options: { visibility: 'quiet' } });
    expect(reply.status).toBe(201);
    expect(reply.headers.location).toBe(`/v1/channels/${reply.body.id}`);
    expect(reply.headers.etag).toBe('"1"');
    expect(reply.body).toMatchObject({
      brandId: brand.id,
      network: 'fakenet',
      account: { id: 'bakery', handle: '@bakery', url: 'https://bakery/' },
      health: 'connected',
      options: { visibility: 'quiet' },
      limits: { text: 100, unit: 'characters' },
      shared: false,
    });
    expect(reply.text).not.toContain('good-1');
    const stored = await world.deps.channels.get(world.agency.id, reply.body.id);
    expect(
      JSON.parse(
        await world.deps.vault.open(world.agency, reply.body.id, 'credential', stored?.credential ?? ''),
      ),
    ).toEqual({ host: 'bakery', token: 'good-1' });
    expect(world.seen.audit.map(({ act, target }) => [act, target])).toEqual([
      ['channel.connect', reply.body.id],
    ]);
  });

  test('shows the limit that the account’s own instance told', async () => {
    const { connect } = await setup({
      verify: async () => ({
        kind: 'verified',
        account: { id: '1', handle: '@a', url: 'https://a/' },
        facts: { maxCharacters: 5_000 },
      }),
    });
    expect((await connect()).body.limits).toEqual({ text: 5_000, unit: 'characters' });
  });

  test('names unknown, missing and wrong fields of credential and options by path', async () => {
    const { connect } = await setup();
    const credential = await connect({ credential: { host: 'bakery', tokn: 'x' } });
    expect(credential.status).toBe(422);
    expect(rules(credential)).toEqual(
      expect.arrayContaining([
        ['required', '/credential/token'],
        ['unknown_field', '/credential/tokn'],
      ]),
    );
    const options = await connect({ options: { visibility: 'loud', colour: 'red' } });
    expect(rules(options)).toEqual(
      expect.arrayContaining([
        ['invalid_value', '/options/visibility'],
        ['unknown_field', '/options/colour'],
      ]),
    );
    const field = await connect({ colour: 'red' });
    expect(field.body.findings).toMatchObject([{ rule: 'unknown_field', path: '/colour' }]);
    const network = await connect({ network: 'elsewhere' });
    expect(network.body.findings).toMatchObject([{ rule: 'unknown_network', path: '/network' }]);
  });

  test('refuses a credential that the network refuses, and one that it cannot be asked about', async () => {
    const { world, brand, connect } = await setup();
    const refused = await connect({ credential: { host: 'bakery', token: 'bad' } });
    expect(refused.status).toBe(422);
    expect(refused.body.findings).toMatchObject([{ rule: 'credential_refused', path: '/credential' }]);
    const away = await setup({ verify: async () => ({ kind: 'unreachable', reason: 'no route' }) });
    const unreachable = await away.connect();
    expect(unreachable.status).toBe(422);
    expect(unreachable.body.findings).toMatchObject([{ rule: 'network_unreachable', path: '/credential' }]);
    expect(await world.deps.channels.list(world.agency.id, brand.id)).toEqual([]);
  });

  test('refuses an account that stands in the brand already, also when asked twice at once', async () => {
    const { connect } = await setup();
    const replies = await Promise.all([connect(), connect({ name: 'Again' })]);
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 409]);
    const third = await connect({ shared: true });
    expect(third.status).toBe(409);
    expect(third.body.channelId).toBe(replies.find(({ status }) => status === 201)?.body.id);
  });

  test('takes an account of another brand only when it is shared', async () => {
    const { world, connect } = await setup();
    const other = await givenBrand(world, { id: anId('brd', 'other'), name: 'Other' });
    expect((await connect()).status).toBe(201);
    expect((await connect({}, other.id)).status).toBe(409);
    const shared = await connect({ shared: true }, other.id);
    expect(shared.status).toBe(201);
    expect(shared.body.shared).toBe(true);
  });

  test('goes on after a crash between the claim of the account and the channel', async () => {
    const { world, connect } = await setup();
    const { create } = world.deps.channels;
    Object.assign(world.deps.channels, {
      create: async () => {
        throw new Error('lost');
      },
    });
    expect((await connect()).status).toBe(500);
    Object.assign(world.deps.channels, { create });
    expect((await connect()).status).toBe(201);
  });

  test('needs an admin, and a brand that the key may see', async () => {
    const { world, connect, brand } = await setup();
    expect((await connect({}, brand.id, 'editor')).status).toBe(403);
    expect((await connect({}, strayId('brd'))).status).toBe(404);
    await world.addKey('elsewhere', { scope: 'admin', brandIds: [strayId('brd')] });
    expect((await connect({}, brand.id, 'elsewhere')).status).toBe(404);
  });
});

describe('reading channels', () => {
  test('lists a brand’s channels by name', async () => {
    const { world, brand } = await setup();
    await givenChannel(world, {
      id: anId('chn', 'b'),
      name: 'B',
      account: { id: 'b', handle: 'b', url: 'https://b/' },
    });
    await givenChannel(world, {
      id: anId('chn', 'a'),
      name: 'A',
      account: { id: 'a', handle: 'a', url: 'https://a/' },
    });
    const reply = await world.request('GET', `/v1/brands/${brand.id}/channels`, { key: 'reader' });
    expect(reply.body.items.map(({ name }: { name: string }) => name)).toEqual(['A', 'B']);
    expect(reply.text).not.toContain('good-1');
  });

  test('answers unknown, malformed and invisible ids alike', async () => {
    const { world } = await setup();
    const channel = await givenChannel(world);
    await world.addKey('elsewhere', { scope: 'reader', brandIds: [strayId('brd')] });
    const replies = [
      await world.request('GET', `/v1/channels/${strayId('chn')}`),
      await world.request('GET', '/v1/channels/chn_x%23POST'),
      await world.request('GET', `/v1/channels/${channel.id}`, { key: 'elsewhere' }),
    ];
    expect(replies.map(({ status, body }) => [status, body.detail])).toEqual(
      Array(3).fill([404, 'There is no such channel.']),
    );
    expect((await world.request('GET', `/v1/channels/${channel.id}`, { key: 'reader' })).status).toBe(200);
  });
});

describe('changing a channel', () => {
  test('merges options and keeps what is not named', async () => {
    const { world } = await setup({
      options: fakeProvider().options,
    });
    const channel = await givenChannel(world, { options: { visibility: 'quiet' } });
    const renamed = await world.request('PATCH', `/v1/channels/${channel.id}`, {
      body: { name: 'New name' },
      headers: { 'if-match': '"1"' },
    });
    expect(renamed.body).toMatchObject({ name: 'New name', options: { visibility: 'quiet' }, version: 2 });
    const cleared = await world.request('PATCH', `/v1/channels/${channel.id}`, {
      body: { options: { visibility: null } },
    });
    expect(cleared.body.options).toEqual({});
    const stale = await world.request('PATCH', `/v1/channels/${channel.id}`, {
      body: { name: 'Late' },
      headers: { 'if-match': '"1"' },
    });
    expect(stale.status).toBe(412);
  });

  test('reconnects with a good credential of the same account and releases what waited', async () => {
    const { world } = await setup();
    const channel = await givenChannel(world, { health: 'expired', healthReason: 'revoked' });
    world.time.now = Date.UTC(2026, 10, 30, 8, 10);
    const held = aPost({
      agencyId: world.agency.id,
      deliveries: [
        aDelivery({
          channelId: channel.id,
          network: 'fakenet',
          state: 'held',
          holds: [{ code: 'channel_expired', by: 'system', since: world.time.now }],
        }),
      ],
      attentionAt: aDelivery().dueAt,
    });
    await world.deps.posts.create(held);
    const reply = await world.request('PATCH', `/v1/channels/${channel.id}`, {
      body: { credential: { host: 'bakery', token: 'good-2' } },
    });
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({ health: 'connected' });
    expect(reply.body.healthReason).toBeUndefined();
    const after = await world.deps.posts.get(world.agency.id, held.id);
    expect(after?.deliveries[0]?.state).toBe('scheduled');
  });

  test('refuses a credential of another account and one that the network refuses', async () => {
    const { world } = await setup();
    const channel = await givenChannel(world);
    const other = await world.request('PATCH', `/v1/channels/${channel.id}`, {
      body: { credential: { host: 'florist', token: 'good-9' } },
    });
    expect(other.status).toBe(409);
    const refused = await world.request('PATCH', `/v1/channels/${channel.id}`, {
      body: { credential: { host: 'bakery', token: 'bad' } },
    });
    expect(refused.status).toBe(422);
    expect(await world.deps.channels.get(world.agency.id, channel.id)).toEqual(channel);
  });

  test('tells a change at the same time as a conflict', async () => {
    const { world } = await setup();
    const channel = await givenChannel(world);
    Object.assign(world.deps.channels, { replace: async () => undefined });
    const reply = await world.request('PATCH', `/v1/channels/${channel.id}`, { body: { name: 'X' } });
    expect(reply.status).toBe(409);
  });
});
