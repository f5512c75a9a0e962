import { expect, test } from 'vitest';
import { world } from '../../simulation/world.ts';

test('a failure is told under one id, also when a sibling fails later', async () => {
  const it = await world();
  it.networks.idem.script.push('refuse');
  it.networks.blind.script.push('unreachable', 'unreachable', 'refuse');
  const post = await it.queue({ on: ['idem', 'blind'] });
  await it.pass(600);
  for (const n of [1, 2]) expect((await it.delivery(post.id, n)).state).toBe('failed');
  const ids = new Map<string, Set<string>>();
  for (const { id, data } of it.events) {
    for (const { deliveryId } of data.deliveries as { deliveryId: string }[]) {
      ids.set(deliveryId, (ids.get(deliveryId) ?? new Set()).add(id));
    }
  }
  expect([...ids.values()].map(({ size }) => size)).toEqual([1, 1]);
});
