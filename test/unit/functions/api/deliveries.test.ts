import { describe, expect, test } from 'vitest';
import { deliveryRoutes } from '../../../../functions/api/deliveries.ts';
import type { Delivery } from '../../../../shared/domain/delivery.ts';
import { deliveryId } from '../../../../shared/domain/ids.ts';
import { HOUR } from '../../../../shared/domain/time.ts';
import { everyPage, givenBrand, givenChannel, strayId } from '../../../support/api-steps.ts';
import { apiWorld } from '../../../support/api-world.ts';
import { aDelivery, aHold, anId, aPost, DUE_AT } from '../../../support/builders.ts';

const setup = async () => {
  const world = await apiWorld({ routes: deliveryRoutes, now: DUE_AT + 60_000 });
  const brand = await givenBrand(world);
  const channel = await givenChannel(world);
  const given = async (over: Partial<Delivery>, name = 'post') => {
    const delivery = aDelivery({ channelId: channel.id, network: 'fakenet', ...over });
    const { post } = await world.deps.posts.create(aPost({ id: anId('post', name), deliveries: [delivery] }));
    return { post, id: deliveryId(post.id, delivery.n) };
  };
  const act = (id: string, verb: string, body?: unknown, key = 'editor') =>
    world.request('POST', `/v1/deliveries/${id}/${verb}`, { key, ...(body === undefined ? {} : { body }) });
  return { world, brand, channel, given, act };
};

describe('listing deliveries', () => {
  test('gives each once, at its own time, whatever the size of the pages', async () => {
    const { world } = await setup();
    for (let n = 0; n < 5; n++) {
      const deliveries = [1, 2, 3, 4].map((m) =>
        aDelivery({ n: m, channelId: anId('chn', `${m}`), dueAt: DUE_AT + (m === 4 ? 2 : n % 2) * HOUR }),
      );
      await world.deps.posts.create(aPost({ id: anId('post', `p${n}`), deliveries }));
    }
    const whole = await everyPage(world, '/v1/deliveries?limit=100', 'reader');
    expect(whole.items).toHaveLength(20);
    expect(new Set(whole.items.map(({ id }) => id)).size).toBe(20);
    const times = whole.items.map(({ dueAt }) => dueAt);
    expect(times).toEqual(times.toSorted());
    for (const limit of [1, 2, 3, 7]) {
      const { items, pages } = await everyPage(world, `/v1/deliveries?limit=${limit}`);
      expect(items).toEqual(whole.items);
      expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(limit);
    }
  });

  test('filters by state, brand, channel and due time, and says whose each is', async () => {
    const { world, brand, given } = await setup();
    const failed = await given({ state: 'failed', code: 'rejected' }, 'failed');
    const later = await given({ dueAt: DUE_AT + HOUR, channelId: anId('chn', 'two') }, 'later');
    const list = async (query: string) =>
      (await world.request('GET', `/v1/deliveries?${query}`)).body.items.map(({ id }: { id: string }) => id);
    expect(await list('state=failed,missed')).toEqual([failed.id]);
    expect(await list(`brand=${brand.id}&state=scheduled`)).toEqual([later.id]);
    expect(await list(`channel=${anId('chn', 'two')}`)).toEqual([later.id]);
    expect(await list(`from=${new Date(DUE_AT + 1).toISOString()}`)).toEqual([later.id]);
    const { body } = await world.request('GET', '/v1/deliveries?state=failed');
    expect(body.items[0]).toMatchObject({ postId: failed.post.id, brandId: brand.id, code: 'rejected' });
  });

  test('refuses an unknown state, too large a page and an unknown brand; leaves drafts out', async () => {
    const { world } = await setup();
    await world.deps.posts.create(aPost({ draft: true }));
    expect((await world.request('GET', '/v1/deliveries')).body.items).toEqual([]);
    for (const query of ['state=late', 'limit=101', `brand=${strayId('brd')}`, 'colour=red']) {
      expect((await world.request('GET', `/v1/deliveries?${query}`)).status).toBe(422);
    }
  });
});

describe('one delivery', () => {
  test('answers unknown, malformed and invisible ids alike', async () => {
    const { world, given } = await setup();
    const { id, post } = await given({ state: 'failed' });
    await world.addKey('elsewhere', { scope: 'admin', brandIds: [strayId('brd')] });
    const replies = [
      await world.request('GET', `/v1/deliveries/${deliveryId(strayId('post'), 1)}`),
      await world.request('GET', `/v1/deliveries/${deliveryId(post.id, 2)}`),
      await world.request('GET', '/v1/deliveries/dlv_1'),
      await world.request('GET', `/v1/deliveries/${id}`, { key: 'elsewhere' }),
      await world.request('POST', `/v1/deliveries/${id}/retry`, { key: 'elsewhere' }),
    ];
    expect(replies.map(({ status, body }) => [status, body.detail])).toEqual(
      Array(5).fill([404, 'There is no such delivery.']),
    );
    const seen = await world.request('GET', `/v1/deliveries/${id}`, { key: 'reader' });
    expect(seen.body).toMatchObject({ id, postId: post.id, state: 'failed' });
  });

  test('what failed is sent again when a person says so; a reader may not', async () => {
    const { given, act, world } = await setup();
    const { id } = await given({ state: 'failed', code: 'rejected', reason: 'Too long.' });
    expect((await act(id, 'retry', undefined, 'reader')).status).toBe(403);
    const reply = await act(id, 'retry');
    expect([reply.status, reply.body.state]).toEqual([200, 'scheduled']);
    expect(world.seen.armed.length + world.seen.publishMessages.length).toBeGreaterThan(0);
  });

  test('what is uncertain is never retried, only resolved', async () => {
    const { given, act } = await setup();
    const { id } = await given({ state: 'uncertain', doubtSince: DUE_AT });
    expect((await act(id, 'retry')).status).toBe(409);
    const wrong = await act(id, 'resolve', { outcome: 'not_published' });
    expect([wrong.status, wrong.body.findings[0].path]).toEqual([422, '/then']);
    expect((await act(id, 'resolve', { outcome: 'published', url: 'ftp://x' })).status).toBe(422);
    expect((await act(id, 'resolve', {})).status).toBe(422);
    const published = await act(id, 'resolve', { outcome: 'published', url: 'https://fakenet.example/7' });
    expect(published.body).toMatchObject({
      state: 'published',
      url: 'https://fakenet.example/7',
      attempts: 1,
    });
    expect((await act(id, 'resolve', { outcome: 'published' })).status).toBe(409);
  });

  test('one that is not out is sent or given up, as the person says', async () => {
    const { given, act } = await setup();
    const first = await given({ state: 'uncertain', doubtSince: DUE_AT }, 'first');
    const second = await given({ state: 'uncertain', doubtSince: DUE_AT }, 'second');
    const sent = await act(first.id, 'resolve', { outcome: 'not_published', then: 'send' });
    const failed = await act(second.id, 'resolve', { outcome: 'not_published', then: 'fail' });
    expect([sent.body.state, failed.body.state]).toEqual(['scheduled', 'failed']);
  });

  test('says how often it was tried, the try that went well included', async () => {
    const { world, given } = await setup();
    const shown: number[] = [];
    const cases = [
      { state: 'scheduled' },
      { state: 'publishing' },
      { state: 'published', startedAt: DUE_AT, publishedAt: DUE_AT },
      { state: 'published', startedAt: DUE_AT, publishedAt: DUE_AT, attempts: 2 },
      { state: 'failed', attempts: 8 },
    ] as const;
    for (const [n, over] of cases.entries()) {
      const { id } = await given(over, `tried ${n}`);
      shown.push((await world.request('GET', `/v1/deliveries/${id}`)).body.attempts);
    }
    expect(shown).toEqual([0, 1, 1, 3, 8]);
  });

  test('a held one is released, unless a hold still stands', async () => {
    const { world, given, act } = await setup();
    const { id } = await given({ state: 'held', holds: [{ code: 'late', by: 'system', since: DUE_AT }] });
    const hold = aHold();
    await world.deps.holds.put(hold);
    const refused = await act(id, 'release');
    expect([refused.status, refused.body.holds]).toEqual([409, ['brand_held']]);
    await world.deps.holds.release({ ...hold, releasedAt: DUE_AT });
    expect((await act(id, 'release')).body.state).toBe('scheduled');
  });

  test('a hold that has ended by itself is not shown beside one that still stands', async () => {
    const { world, given } = await setup();
    const paused = { code: 'channel_paused', by: 'Eva', since: DUE_AT, until: DUE_AT + HOUR } as const;
    const held = { code: 'brand_held', by: 'Eva', since: DUE_AT } as const;
    const { id } = await given({ state: 'held', holds: [paused, held] });
    const codes = async () =>
      (await world.request('GET', `/v1/deliveries/${id}`)).body.holds.map(
        ({ code }: { code: string }) => code,
      );
    world.time.now = DUE_AT + HOUR - 1;
    expect(await codes()).toEqual(['channel_paused', 'brand_held']);
    world.time.now = DUE_AT + HOUR;
    expect(await codes()).toEqual(['brand_held']);
  });

  test('only what is published is taken off the network', async () => {
    const { given, act } = await setup();
    const { id } = await given({ state: 'scheduled' });
    expect((await act(id, 'remove')).status).toBe(409);
  });
});
