import { describe, expect, test } from 'vitest';
import { metricRoutes } from '../../../../functions/api/metrics.ts';
import type { Delivery } from '../../../../shared/domain/delivery.ts';
import { type Metric, type Snapshot, told } from '../../../../shared/domain/metrics.ts';
import { DAY, HOUR, MINUTE } from '../../../../shared/domain/time.ts';
import { givenBrand, givenChannel, strayId } from '../../../support/api-steps.ts';
import { apiWorld } from '../../../support/api-world.ts';
import { aDelivery, anId, aPost, DUE_AT } from '../../../support/builders.ts';

const setup = async () => {
  const world = await apiWorld({ routes: metricRoutes, now: DUE_AT + 5 * DAY });
  const brand = await givenBrand(world);
  const channel = await givenChannel(world, { name: 'Bakery, "fresh"' });
  const published = async (
    name: string,
    over: Partial<Delivery> = {},
    snapshots: readonly { at: number; known: Partial<Record<Metric, number>> | 'removed' }[] = [],
  ) => {
    const delivery = aDelivery({
      channelId: channel.id,
      network: 'fakenet',
      state: 'published',
      publishedAt: over.dueAt ?? DUE_AT,
      ...over,
    });
    const post = aPost({ id: anId('post', name), deliveries: [delivery] });
    await world.deps.posts.create(post);
    const kept = snapshots.map(({ at, known }, index): Snapshot => {
      const age = (['1h', '24h', 'now'] as const)[index] ?? 'now';
      return { n: 1, age, at, metrics: known === 'removed' ? known : told(known) };
    });
    if (kept.length > 0) await world.deps.posts.putAsked(world.agency.id, post.id, kept);
    return post;
  };
  const ask = (query = '', options: { key?: string; headers?: Record<string, string> } = {}) =>
    world.request('GET', `/v1/brands/${brand.id}/metrics${query}`, { key: 'reader', ...options });
  return { world, brand, channel, published, ask };
};

describe('a brand’s numbers', () => {
  test('count each publication by its newest measurement, null where nobody told', async () => {
    const { published, ask } = await setup();
    await published('one', {}, [
      { at: DUE_AT + HOUR, known: { reactions: 1, shares: 1 } },
      { at: DUE_AT + DAY, known: { reactions: 5, shares: 2 } },
    ]);
    await published('two', {}, [
      { at: DUE_AT + HOUR, known: { reactions: 3 } },
      { at: DUE_AT + DAY, known: 'removed' },
    ]);
    await published('unmeasured');
    const { status, body } = await ask();
    expect(status).toBe(200);
    expect(body.timeZone).toBe('Europe/Berlin');
    expect(body.items).toEqual([
      {
        publications: 3,
        measured: 2,
        metrics: told({ reactions: 8, shares: 2 }),
        interactions: 10,
      },
    ]);
  });

  test('never add up reach', async () => {
    const { published, ask } = await setup();
    await published('one', {}, [{ at: DUE_AT + HOUR, known: { reach: 100, views: 10 } }]);
    expect((await ask()).body.items[0].metrics).toEqual(told({ reach: 100, views: 10 }));
    await published('two', {}, [{ at: DUE_AT + HOUR, known: { reach: 50, views: 5 } }]);
    expect((await ask()).body.items[0].metrics).toEqual(told({ views: 15 }));
  });

  test('stand by day in the brand’s zone and by channel', async () => {
    const { published, ask, channel } = await setup();
    const lateEvening = Date.UTC(2026, 10, 30, 23, 30);
    await published('evening', { dueAt: lateEvening }, [{ at: lateEvening + HOUR, known: { reactions: 1 } }]);
    await published('morning', { dueAt: DUE_AT });
    await published('other', { dueAt: DUE_AT, channelId: anId('chn', 'gone'), network: 'mastodon' });
    const days = (await ask('?by=day')).body.items;
    expect(
      days.map(({ day, publications }: { day: string; publications: number }) => [day, publications]),
    ).toEqual([
      ['2026-11-30', 2],
      ['2026-12-01', 1],
    ]);
    const both = (await ask('?by=day,channel')).body.items;
    expect(both).toHaveLength(3);
    expect(both.at(-1)).toMatchObject({
      day: '2026-12-01',
      channelId: channel.id,
      channel: 'Bakery, "fresh"',
      network: 'fakenet',
      metrics: { reactions: 1 },
    });
    const gone = both.find(({ network }: { network: string }) => network === 'mastodon');
    expect(gone.channel).toBeUndefined();
  });

  test('belong to the instant of publication, not to the promise', async () => {
    const { published, ask, world } = await setup();
    await published('on time', { dueAt: DUE_AT - 10 * MINUTE, publishedAt: DUE_AT - 10 * MINUTE });
    await published('just late', { dueAt: DUE_AT - 10 * MINUTE, publishedAt: DUE_AT + MINUTE });
    const veryLate = await published('very late', { dueAt: DUE_AT - 2 * DAY, publishedAt: DUE_AT + MINUTE });
    await world.deps.posts.addPointer(veryLate, DUE_AT + MINUTE);
    const from = new Date(DUE_AT).toISOString();
    expect((await ask(`?from=${from}`)).body.items[0].publications).toBe(2);
    const { body } = await ask(`?to=${from}`);
    expect(body.items[0].publications).toBe(1);
  });

  test('are one row of nothing when nothing was published, and none by day', async () => {
    const { ask } = await setup();
    expect((await ask()).body.items).toEqual([
      { publications: 0, measured: 0, metrics: told({}), interactions: null },
    ]);
    expect((await ask('?by=day')).body.items).toEqual([]);
  });

  test('come as CSV by Accept or format, unknown numbers as empty cells', async () => {
    const { published, ask, channel } = await setup();
    await published('one', {}, [{ at: DUE_AT + HOUR, known: { reactions: 0, shares: 2 } }]);
    const reply = await ask('?by=channel', { headers: { accept: 'text/csv' } });
    expect(reply.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(reply.text.split('\r\n')).toEqual([
      'day,channelId,channel,network,publications,measured,impressions,views,reach,reactions,replies,shares,saves,clicks,videoViews,interactions',
      `,${channel.id},"Bakery, ""fresh""",fakenet,1,1,,,,0,,2,,,,2`,
      '',
    ]);
    expect((await ask('?by=channel&format=csv')).text).toBe(reply.text);
    const browser = await ask('', { headers: { accept: 'text/html,application/json;q=0.9,*/*;q=0.8' } });
    expect(browser.body.items).toHaveLength(1);
  });

  test('refuse ranges that are turned round or too long, unknown groupings and unknown brands', async () => {
    const { world, ask } = await setup();
    const wrong = await Promise.all([
      ask('?from=2026-11-30T00:00:00Z&to=2026-11-29T00:00:00Z'),
      ask('?from=2026-01-01T00:00:00Z&to=2026-12-01T00:00:00Z'),
      ask('?by=network'),
      ask('?format=xml'),
      ask('?colour=red'),
    ]);
    expect(wrong.map(({ status, body }) => [status, body.findings[0].path])).toEqual([
      [422, '/from'],
      [422, '/from'],
      [422, '/by/0'],
      [422, '/format'],
      [422, '/colour'],
    ]);
    expect((await world.request('GET', `/v1/brands/${strayId('brd')}/metrics`)).status).toBe(404);
    await world.addKey('elsewhere', { scope: 'reader', brandIds: [strayId('brd')] });
    expect((await ask('', { key: 'elsewhere' })).status).toBe(404);
  });
});
