import { describe, expect, test } from 'vitest';
import { holdRoutes } from '../../../../functions/api/holds.ts';
import { deliveryId } from '../../../../shared/domain/ids.ts';
import { HOUR, toRfc3339 } from '../../../../shared/domain/time.ts';
import { givenBrand, givenChannel, strayId } from '../../../support/api-steps.ts';
import { apiWorld } from '../../../support/api-world.ts';
import { aDelivery, aHold, anId, aPost, DUE_AT } from '../../../support/builders.ts';

const setup = async () => {
  const world = await apiWorld({ routes: holdRoutes, now: DUE_AT + HOUR / 2 });
  const brand = await givenBrand(world);
  const channel = await givenChannel(world);
  await world.addKey('limited', { scope: 'editor', brandIds: [brand.id] });
  await world.addKey('elsewhere', { scope: 'editor', brandIds: [strayId('brd')] });
  const place = (scope: object, more: object = {}, key = 'editor') =>
    world.request('POST', '/v1/holds', { key, body: { scope, reason: 'The client asked.', ...more } });
  return { world, brand, channel, place };
};

describe('placing a hold', () => {
  test('says when it took effect, what it stops and what had begun', async () => {
    const { world, brand, channel, place } = await setup();
    const deliveries = [
      aDelivery({ channelId: channel.id, dueAt: DUE_AT + HOUR }),
      aDelivery({ n: 2, channelId: anId('chn', 'two'), dueAt: DUE_AT, state: 'publishing' }),
    ];
    const { post } = await world.deps.posts.create(aPost({ deliveries }));
    const until = '2026-12-01T09:00:00+01:00';
    const reply = await place({ brandId: brand.id }, { until });
    expect(reply.status).toBe(201);
    expect(reply.headers.location).toBe(`/v1/holds/${reply.body.id}`);
    expect(reply.body).toMatchObject({
      scope: { brandId: brand.id },
      reason: 'The client asked.',
      by: { name: 'editor' },
      since: toRfc3339(world.time.now),
      until: '2026-12-01T08:00:00Z',
      effectiveAt: toRfc3339(world.time.now),
      held: 1,
      inFlight: [deliveryId(post.id, 2)],
    });
  });

  test('refuses other shapes, other people’s brands and channels, and readers', async () => {
    const { place, brand, channel } = await setup();
    const shapes = await Promise.all([
      place({}),
      place({ agency: false }),
      place({ brandId: brand.id, channelId: channel.id }),
      place({ brandId: brand.id }, { colour: 'red' }),
      place({ brandId: brand.id }, { reason: ' ' }),
      place({ brandId: brand.id }, { until: '2020-01-01T00:00:00Z' }),
    ]);
    expect(shapes.map(({ status }) => status)).toEqual(Array(6).fill(422));
    expect((await place({ brandId: strayId('brd') })).status).toBe(404);
    expect((await place({ channelId: strayId('chn') })).status).toBe(404);
    expect((await place({ brandId: brand.id }, {}, 'elsewhere')).status).toBe(404);
    expect((await place({ channelId: channel.id }, {}, 'elsewhere')).status).toBe(404);
    expect((await place({ brandId: brand.id }, {}, 'reader')).status).toBe(403);
  });

  test('a key for some brands cannot stop the agency', async () => {
    const { place, channel } = await setup();
    expect((await place({ agency: true }, {}, 'limited')).status).toBe(403);
    expect((await place({ channelId: channel.id }, {}, 'limited')).status).toBe(201);
    expect((await place({ agency: true })).status).toBe(201);
  });
});

describe('reading holds', () => {
  test('lists those in force, oldest first, as far as the key sees them', async () => {
    const { world, channel } = await setup();
    const holds = [
      aHold({ id: anId('hld', 'brand'), since: DUE_AT }),
      aHold({ id: anId('hld', 'agency'), scope: { agency: true }, since: DUE_AT - 1 }),
      aHold({ id: anId('hld', 'channel'), scope: { channelId: channel.id }, since: DUE_AT + 1 }),
      aHold({ id: anId('hld', 'over'), until: DUE_AT }),
    ];
    for (const hold of holds) await world.deps.holds.put(hold);
    const list = async (key: string) =>
      (await world.request('GET', '/v1/holds', { key })).body.items.map(({ id }: { id: string }) => id);
    const inForce = ['agency', 'brand', 'channel'].map((name) => anId('hld', name));
    expect(await list('reader')).toEqual(inForce);
    expect(await list('limited')).toEqual(inForce);
    expect(await list('elsewhere')).toEqual([anId('hld', 'agency')]);
  });

  test('answers unknown, malformed and invisible ids alike', async () => {
    const { world } = await setup();
    await world.deps.holds.put(aHold());
    const replies = [
      await world.request('GET', `/v1/holds/${strayId('hld')}`),
      await world.request('GET', '/v1/holds/all'),
      await world.request('GET', `/v1/holds/${anId('hld')}`, { key: 'elsewhere' }),
      await world.request('POST', `/v1/holds/${anId('hld')}/release`, { key: 'elsewhere' }),
    ];
    expect(replies.map(({ status, body }) => [status, body.detail])).toEqual(
      Array(4).fill([404, 'There is no such hold.']),
    );
    expect((await world.request('GET', `/v1/holds/${anId('hld')}`, { key: 'limited' })).status).toBe(200);
  });
});

describe('lifting a hold', () => {
  const withOverdue = async () => {
    const { world, channel } = await setup();
    await world.deps.holds.put(aHold());
    const held = aDelivery({
      channelId: channel.id,
      network: 'fakenet',
      state: 'held',
      holds: [{ code: 'brand_held', by: 'Editor', since: DUE_AT - HOUR }],
    });
    const { post } = await world.deps.posts.create(aPost({ deliveries: [held], attentionAt: DUE_AT }));
    const release = (body?: object, key = 'editor') =>
      world.request('POST', `/v1/holds/${anId('hld')}/release`, { key, ...(body ? { body } : {}) });
    return { world, post, release };
  };

  test('a dry run tells what is overdue and changes nothing', async () => {
    const { world, post, release } = await withOverdue();
    const reply = await release({ dryRun: true });
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({
      dryRun: true,
      overdue: [{ deliveryId: deliveryId(post.id, 1), dueAt: toRfc3339(DUE_AT), then: 'send' }],
    });
    expect(reply.body.releasedAt).toBeUndefined();
    expect(await world.deps.holds.active(world.agency.id)).toHaveLength(1);
  });

  test('a release is told with its actor, works once, and needs no body', async () => {
    const { world, post, release } = await withOverdue();
    expect((await release(undefined, 'reader')).status).toBe(403);
    expect((await release({ dry: true })).status).toBe(422);
    const reply = await release();
    expect(reply.body).toMatchObject({ dryRun: false, releasedBy: { name: 'editor' } });
    expect((await world.deps.posts.get(world.agency.id, post.id))?.deliveries[0]?.state).toBe('scheduled');
    expect((await release()).status).toBe(409);
    const read = await world.request('GET', `/v1/holds/${anId('hld')}`);
    expect(read.body.releasedAt).toBe(toRfc3339(world.time.now));
  });
});
