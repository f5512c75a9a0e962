import { describe, expect, test } from 'vitest';
import { channelRoutes } from '../../../../functions/api/channels.ts';
import type { AnyProvider } from '../../../../shared/ports.ts';
import { givenBrand, givenChannel } from '../../../support/api-steps.ts';
import { apiWorld, fakeProvider } from '../../../support/api-world.ts';
import { aDelivery, anId, aPost } from '../../../support/builders.ts';

const setup = async (provider: Partial<AnyProvider> = {}) => {
  const world = await apiWorld({ routes: channelRoutes, providers: [fakeProvider(provider)] });
  const brand = await givenBrand(world);
  const connect = () =>
    world.request('POST', `/v1/brands/${brand.id}/channels`, {
      key: 'admin',
      body: { network: 'fakenet', name: 'Bakery', credential: { host: 'bakery', token: 'good-1' } },
    });
  return { world, brand, connect };
};

describe('verifying a channel', () => {
  test('a refusal expires the channel and is told once', async () => {
    const { world } = await setup({ verify: async () => ({ kind: 'refused', reason: 'revoked' }) });
    const channel = await givenChannel(world);
    const first = await world.request('POST', `/v1/channels/${channel.id}/verify`, { key: 'editor' });
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ result: 'refused', reason: 'revoked', health: 'expired' });
    await world.request('POST', `/v1/channels/${channel.id}/verify`);
    expect(world.seen.events).toHaveLength(1);
    expect(world.seen.events[0]).toMatchObject({ type: 'channel.expired', channelId: channel.id });
  });

  test('an unreachable network changes nothing', async () => {
    const { world } = await setup({ verify: async () => ({ kind: 'unreachable', reason: 'no route' }) });
    const channel = await givenChannel(world);
    const reply = await world.request('POST', `/v1/channels/${channel.id}/verify`);
    expect(reply.body).toMatchObject({ result: 'unreachable', reason: 'no route', health: 'connected' });
    expect(await world.deps.channels.get(world.agency.id, channel.id)).toEqual(channel);
  });

  test('an expired channel whose credential works again is connected', async () => {
    const { world } = await setup();
    const channel = await givenChannel(world, { health: 'expired', healthReason: 'down', healthAt: 1 });
    const reply = await world.request('POST', `/v1/channels/${channel.id}/verify`);
    expect(reply.body).toMatchObject({ result: 'verified', health: 'connected', version: 2 });
    const again = await world.request('POST', `/v1/channels/${channel.id}/verify`);
    expect(again.body.version).toBe(2);
  });

  test('a credential that became another account’s counts as refused', async () => {
    const { world } = await setup({
      verify: async () => ({
        kind: 'verified',
        account: { id: 'florist', handle: '@florist', url: 'https://florist/' },
        facts: {},
      }),
    });
    const channel = await givenChannel(world);
    const reply = await world.request('POST', `/v1/channels/${channel.id}/verify`);
    expect(reply.body).toMatchObject({ result: 'refused', health: 'expired', account: { id: 'bakery' } });
  });
});

describe('deleting a channel', () => {
  const withOpen = async () => {
    const { world, connect } = await setup();
    const channel = await givenChannel(world);
    const post = aPost({
      agencyId: world.agency.id,
      deliveries: [aDelivery({ channelId: channel.id, network: 'fakenet' })],
    });
    await world.deps.posts.create(post);
    return { world, channel, post, connect };
  };

  test('names open deliveries instead', async () => {
    const { world, channel, post } = await withOpen();
    const reply = await world.request('DELETE', `/v1/channels/${channel.id}`);
    expect(reply.status).toBe(409);
    expect(reply.body.deliveries).toEqual([`dlv_${post.id.slice(5)}_01`]);
    expect(await world.deps.channels.get(world.agency.id, channel.id)).toBeDefined();
  });

  test('cancels them when asked to, and the account is free again', async () => {
    const { world, channel, post, connect } = await withOpen();
    const reply = await world.request('DELETE', `/v1/channels/${channel.id}?cancel=true`);
    expect(reply.status).toBe(204);
    expect(await world.deps.channels.get(world.agency.id, channel.id)).toBeUndefined();
    const after = await world.deps.posts.get(world.agency.id, post.id);
    expect(after?.deliveries[0]?.state).toBe('cancelled');
    expect((await connect()).status).toBe(201);
  });

  test('waits for what is going out right now', async () => {
    const { world, channel } = await withOpen();
    const busy = aPost({
      id: anId('post', 'busy'),
      agencyId: world.agency.id,
      deliveries: [aDelivery({ channelId: channel.id, network: 'fakenet', state: 'publishing' })],
    });
    await world.deps.posts.create(busy);
    const reply = await world.request('DELETE', `/v1/channels/${channel.id}?cancel=true`);
    expect(reply.status).toBe(409);
    expect(reply.body.deliveries).toEqual([`dlv_${busy.id.slice(5)}_01`]);
    expect(await world.deps.channels.get(world.agency.id, channel.id)).toBeDefined();
  });
});
