import { describe, expect, test } from 'vitest';
import type { HoldScope } from '../../../shared/domain/hold.ts';
import type { Http } from '../../../shared/ports.ts';
import { placeHold, releaseHold } from '../../../shared/usecases/hold.ts';
import { releaseChannel } from '../../../shared/usecases/release-channel.ts';
import { retryDelivery } from '../../../shared/usecases/settle-by-hand.ts';
import { world } from '../../simulation/world.ts';
import { anActor } from '../../support/builders.ts';
import { asFunction } from '../../support/held-to-rights.ts';

type World = Awaited<ReturnType<typeof world>>;

const place = (it: World, scope: HoldScope, untilMs?: number) =>
  placeHold(it.deps, {
    agencyId: it.agency.id,
    actor: anActor(),
    input: {
      scope,
      reason: 'crisis',
      ...(untilMs === undefined ? {} : { until: new Date(untilMs).toISOString() }),
    },
  });

describe('several holds at once', () => {
  test('when one is released, the delivery waits for the end of the other, and says so', async () => {
    const it = await world();
    const post = await it.queue({ on: ['find'] });
    const end = it.clock.now() + 1_200_000;
    await place(it, { brandId: it.brand.id }, end);
    const { hold } = await place(it, { agency: true });
    await it.pass(300);
    expect((await it.delivery(post.id)).holds.map(({ code }) => code)).toEqual(['brand_held', 'agency_held']);
    await releaseHold(it.deps, {
      agencyId: it.agency.id,
      actor: anActor(),
      holdId: hold.id,
      dryRun: false,
    });
    const held = await it.delivery(post.id);
    expect(held.holds.map(({ code }) => code)).toEqual(['brand_held']);
    expect(held.nextAttemptAt).toBe(end);
    await it.pass(910);
    const delivery = await it.delivery(post.id);
    expect(delivery.state).toBe('published');
    expect((delivery.startedAt ?? 0) - end).toBeGreaterThanOrEqual(0);
    expect((delivery.startedAt ?? 0) - end).toBeLessThan(2_000);
  });

  test('a release says of what another hold still stops that it stays, and of the rest that it goes', async () => {
    const it = await world();
    const post = await it.queue({ on: ['find', 'idem'] });
    const paused = (await it.delivery(post.id, 1)).channelId;
    await place(it, { channelId: paused });
    const { hold } = await place(it, { brandId: it.brand.id });
    await it.pass(300);
    const release = (dryRun: boolean) =>
      releaseHold(it.deps, { agencyId: it.agency.id, actor: anActor(), holdId: hold.id, dryRun });
    const told = (await release(true)).overdue.map(({ then }) => then).sort();
    expect(told).toEqual(['send', 'stay']);
    expect((await release(false)).overdue.map(({ then }) => then).sort()).toEqual(told);
    await it.pass(60);
    expect((await it.delivery(post.id, 1)).state).toBe('held');
    expect((await it.delivery(post.id, 2)).state).toBe('published');
  });
});

test('what a person sends again days after its time is named by a hold while it goes out', async () => {
  const it = await world();
  it.networks.find.script.push('refuse');
  const post = await it.queue({ on: ['find'] });
  await it.pass(70);
  await it.clock.run(it.clock.now() + 4 * 86_400_000);
  const { http } = it.deps;
  const inFlight: string[] = [];
  const listening: Http = (request, beforeSend) =>
    http(request, async () => {
      const go = (await beforeSend?.()) ?? true;
      inFlight.push(...(await place(it, { agency: true })).inFlight);
      return go;
    });
  Object.assign(it.deps, { http: listening });
  const failed = await it.deps.posts.get(it.agency.id, post.id);
  if (!failed) throw new Error('no head');
  await retryDelivery(it.deps, { agency: it.agency, actor: anActor(), post: failed, n: 1 });
  await it.pass(10);
  expect(it.networks.find.accepted).toHaveLength(1);
  expect(inFlight).toEqual([`dlv_${post.id.slice(5)}_01`]);
});

test('what goes out on several channels when a hold of days ends is named by the next hold', async () => {
  const it = await world();
  await place(it, { agency: true }, it.clock.now() + 4 * 86_400_000);
  const post = await it.queue({
    on: ['find', 'idem'],
    more: { latePolicy: { maxLate: null, otherwise: 'miss' } },
  });
  await it.pass(70);
  const { http } = it.deps;
  const inFlight = new Set<string>();
  const listening: Http = (request, beforeSend) =>
    http(request, async () => {
      for (const id of (await place(it, { brandId: it.brand.id })).inFlight) inFlight.add(id);
      return (await beforeSend?.()) ?? true;
    });
  Object.assign(it.deps, { http: listening });
  await it.clock.run(it.clock.now() + 4 * 86_400_000);
  expect(it.networks.find.accepted).toHaveLength(1);
  expect(it.networks.idem.accepted).toHaveLength(1);
  expect([...inFlight].sort()).toEqual([1, 2].map((n) => `dlv_${post.id.slice(5)}_0${n}`));
});

test('a refusal of the old login that comes after reconnecting neither expires the channel nor holds for long', async () => {
  const it = await world();
  it.networks.idem.script.push('unauthorized');
  const { http } = it.deps;
  const meanwhile: Http = async (request, beforeSend) => {
    const answer = await http(request, beforeSend);
    if (answer.kind !== 'answered' || answer.status !== 401) return answer;
    const fresh = { ...it.channels.idem, credential: '{"token":"new"}' };
    const connected = await it.deps.channels.replace(fresh, 1);
    if (!connected) throw new Error('not written');
    await asFunction('api', () => releaseChannel(it.deps, { agencyId: it.agency.id, channel: connected }));
    return answer;
  };
  Object.assign(it.deps, { http: meanwhile });
  const post = await it.queue({ on: ['idem'] });
  await it.pass(90);
  expect((await it.delivery(post.id)).state).toBe('published');
  expect((await it.deps.channels.get(it.agency.id, it.channels.idem.id))?.health).toBe('connected');
  expect(it.events.filter(({ type }) => type === 'channel.expired')).toEqual([]);
});
