import { expect, test } from 'vitest';
import { reslotBrand } from '../../../shared/usecases/reslot-brand.ts';
import { world } from '../../simulation/world.ts';
import { anActor } from '../../support/builders.ts';

test('a brand that moves to another zone leaves alone what is late already, and moves the rest', async () => {
  const it = await world({ brand: { timeZone: 'Europe/Berlin' } });
  it.networks.find.script.push('unreachable', 'unreachable');
  const post = await it.queue({
    on: ['find', 'idem'],
    more: {
      dueAt: { local: '2026-11-30T08:01' },
      variants: { idem: { dueAt: { local: '2026-11-30T18:00' } } },
    },
  });
  await it.clock.run(it.clock.now() + 61_000);
  const { state, dueAt } = await it.delivery(post.id);
  expect(state).toBe('retrying');
  await reslotBrand(it.deps, {
    agencyId: it.agency.id,
    brandId: it.brand.id,
    timeZone: 'America/New_York',
    mode: 'keep-local',
    actor: anActor(),
  });
  await it.pass(300);
  expect(await it.delivery(post.id)).toMatchObject({ state: 'published', dueAt });
  expect((await it.delivery(post.id, 2)).dueAt).toBe(Date.parse('2026-11-30T23:00:00Z'));
});
