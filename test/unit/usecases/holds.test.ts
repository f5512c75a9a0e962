import { describe, expect, test } from 'vitest';
import type { Http, Log } from '../../../shared/ports.ts';
import { deleteChannel } from '../../../shared/usecases/delete-channel.ts';
import { placeHold, releaseHold } from '../../../shared/usecases/hold.ts';
import { releaseChannel } from '../../../shared/usecases/release-channel.ts';
import { retryDelivery } from '../../../shared/usecases/settle-by-hand.ts';
import { world } from '../../simulation/world.ts';
import { anActor } from '../../support/builders.ts';

type World = Awaited<ReturnType<typeof world>>;

const hold = (it: World, until?: string) =>
  placeHold(it.deps, {
    agencyId: it.agency.id,
    actor: anActor(),
    input: { scope: { brandId: it.brand.id }, reason: 'crisis', ...(until === undefined ? {} : { until }) },
  });

const release = (it: World, holdId: string, dryRun = false) =>
  releaseHold(it.deps, { agencyId: it.agency.id, actor: anActor(), holdId, dryRun });

describe('a hold', () => {
  test('stops what is due, and counts what it will stop', async () => {
    const it = await world();
    const post = await it.queue({ on: ['find', 'blind'] });
    const placed = await hold(it);
    expect(placed).toMatchObject({ held: 2, inFlight: [] });
    await it.pass(600);
    expect(it.networks.find.accepted).toHaveLength(0);
    expect(await it.delivery(post.id)).toMatchObject({ state: 'held', holds: [{ code: 'brand_held' }] });
  });

  test('names what is going out at that moment', async () => {
    const it = await world();
    const http = it.deps.http;
    const placed: Awaited<ReturnType<typeof hold>>[] = [];
    const listening: Http = (request, beforeSend) =>
      http(request, async () => {
        const go = (await beforeSend?.()) ?? true;
        if (placed.length === 0) placed.push(await hold(it));
        return go;
      });
    Object.assign(it.deps, { http: listening });
    const post = await it.queue({ on: ['find'] });
    await it.pass(120);
    expect(placed[0]?.inFlight).toEqual([`dlv_${post.id.slice(5)}_01`]);
    expect((await it.delivery(post.id)).state).toBe('published');
  });

  test('released in time, lets the delivery go', async () => {
    const it = await world();
    const post = await it.queue({ on: ['find'] });
    const { hold: placed } = await hold(it);
    await it.pass(600);
    const told = await release(it, placed.id);
    expect(told.overdue).toMatchObject([{ then: 'send' }]);
    await it.pass(60);
    expect((await it.delivery(post.id)).state).toBe('published');
    expect(it.networks.find.accepted).toHaveLength(1);
  });

  test('a dry run tells what a release would do, and does nothing', async () => {
    const it = await world();
    const post = await it.queue({ on: ['find'] });
    const { hold: placed } = await hold(it);
    await it.pass(2 * 3_600);
    expect((await release(it, placed.id, true)).overdue).toMatchObject([{ then: 'miss' }]);
    await it.pass(120);
    expect((await it.delivery(post.id)).state).toBe('held');
  });

  test('released too late, the late policy misses it, and it is told', async () => {
    const lines: unknown[] = [];
    const silent = () => undefined;
    const info: Log['info'] = (message, fields) => lines.push({ message, ...fields });
    const it = await world({ deps: { log: { info, warn: silent, error: silent } } });
    const post = await it.queue({ on: ['find'] });
    const { hold: placed } = await hold(it);
    await it.pass(2 * 3_600);
    lines.length = 0;
    await release(it, placed.id);
    await it.pass(120);
    expect(await it.delivery(post.id)).toMatchObject({ state: 'missed', code: 'too_late' });
    expect(it.networks.find.accepted).toHaveLength(0);
    expect(it.events.map(({ type }) => type)).toEqual(['delivery.missed']);
    // The line that the dashboard counts.
    expect(lines).toEqual([
      {
        message: 'delivery.settled',
        agencyId: it.agency.id,
        brandId: it.brand.id,
        deliveryId: `dlv_${post.id.slice(5)}_01`,
        network: 'find',
        state: 'missed',
        outcome: 'gate',
        code: 'too_late',
      },
    ]);
  });

  test('released too late under "hold", waits for a person, who may send it', async () => {
    const it = await world();
    const post = await it.queue({
      on: ['find'],
      more: { latePolicy: { maxLate: 'PT10M', otherwise: 'hold' } },
    });
    const { hold: placed } = await hold(it);
    await it.pass(3_600);
    await release(it, placed.id);
    await it.pass(3 * 3_600);
    expect(await it.delivery(post.id)).toMatchObject({ state: 'held', holds: [{ code: 'late' }] });
    const head = await it.deps.posts.get(it.agency.id, post.id);
    if (!head) throw new Error('no head');
    await retryDelivery(it.deps, { agency: it.agency, actor: anActor(), post: head, n: 1 });
    await it.pass(60);
    expect((await it.delivery(post.id)).state).toBe('published');
  });

  test('that ends by itself lets go at its end', async () => {
    const it = await world();
    const post = await it.queue({ on: ['find'] });
    await hold(it, new Date(it.clock.now() + 600_000).toISOString());
    await it.pass(590);
    expect((await it.delivery(post.id)).state).toBe('held');
    await it.pass(60);
    const delivery = await it.delivery(post.id);
    expect(delivery.state).toBe('published');
    expect((delivery.startedAt ?? 0) - delivery.dueAt).toBeLessThan(600_000);
  });

  test('of one channel leaves its siblings alone', async () => {
    const it = await world();
    const post = await it.queue({ on: ['find', 'blind'] });
    await placeHold(it.deps, {
      agencyId: it.agency.id,
      actor: anActor(),
      input: { scope: { channelId: it.channels.blind.id }, reason: 'pause' },
    });
    await it.pass(300);
    expect((await it.delivery(post.id, 1)).state).toBe('published');
    expect(await it.delivery(post.id, 2)).toMatchObject({
      state: 'held',
      holds: [{ code: 'channel_paused' }],
    });
  });

  test('of more than a month keeps its channel from being deleted, unless what it holds is cancelled', async () => {
    const it = await world();
    const post = await it.queue({ on: ['find'] });
    await hold(it);
    await it.pass(120);
    await it.clock.run(it.clock.now() + 31 * 86_400_000);
    const remove = (cancel: boolean) =>
      deleteChannel(it.deps, { actor: anActor(), channel: it.channels.find, cancel });
    const deliveries = [`dlv_${post.id.slice(5)}_01`];
    await expect(remove(false)).rejects.toMatchObject({ code: 'conflict', data: { deliveries } });
    await remove(true);
    expect((await it.delivery(post.id)).state).toBe('cancelled');
  });

  test('whose release was missed by a delivery that was just being held is caught by rescue', async () => {
    const it = await world();
    const post = await it.queue({ on: ['find'] });
    const { hold: placed } = await hold(it);
    await it.pass(120);
    // The release happens, but nobody looks at the held delivery.
    await it.deps.holds.release({ ...placed, releasedAt: it.clock.now(), releasedBy: anActor() });
    await it.pass(3_700);
    expect(['published', 'missed']).toContain((await it.delivery(post.id)).state);
  });
});

describe('a channel whose credential is refused', () => {
  test('holds its deliveries, is marked once, and goes on after reconnecting', async () => {
    const it = await world();
    it.networks.idem.script.push('unauthorized');
    const first = await it.queue({ on: ['idem'] });
    await it.pass(90);
    expect(await it.delivery(first.id)).toMatchObject({
      state: 'held',
      holds: [{ code: 'channel_expired' }],
    });
    const expired = await it.deps.channels.get(it.agency.id, it.channels.idem.id);
    expect(expired?.health).toBe('expired');
    expect(expired?.healthAt).toBeGreaterThan(0);
    expect(expired?.healthAt).toBeLessThanOrEqual(it.clock.now());
    expect(it.events.filter(({ type }) => type === 'channel.expired')).toHaveLength(1);

    if (!expired) throw new Error('no channel');
    const { healthReason: _reason, ...rest } = expired;
    const connected = await it.deps.channels.replace({ ...rest, health: 'connected' }, expired.version);
    if (!connected) throw new Error('not written');
    await releaseChannel(it.deps, { agencyId: it.agency.id, channel: connected });
    await it.pass(60);
    expect((await it.delivery(first.id)).state).toBe('published');
  });
});
