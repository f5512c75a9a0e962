import { expect, test } from 'vitest';
import { reviveAfterBoot } from '../../../shared/usecases/boot.ts';
import { world } from '../../simulation/world.ts';

test('after a boot what is due is woken oldest first, over all shards', async () => {
  const it = await world();
  it.publishQueue.consume(async () => undefined);
  const posts = [];
  for (let index = 0; index < 30; index += 1) {
    posts.push(await it.queue({ on: ['find'], inSeconds: 600 - index * 10, text: `Post ${index}` }));
  }
  await it.clock.run(it.clock.now() + 900_000);
  it.publishQueue.sent.length = 0;
  await reviveAfterBoot(it.deps);
  const woken = it.publishQueue.sent.flatMap(({ message }) => (message.kind === 'wake' ? [message.at] : []));
  expect(woken).toHaveLength(30);
  expect(woken).toEqual(woken.toSorted((a, b) => a - b));
});

test('after a boot alerts that were noted and not mailed are asked for again', async () => {
  const sent: unknown[] = [];
  const reportQueue = { send: async (message: unknown) => void sent.push(message) };
  const it = await world({ deps: { reportQueue } });
  it.networks.idem.script.push('refuse');
  await it.queue({ on: ['idem'] });
  await it.pass(120);
  sent.length = 0;
  await reviveAfterBoot(it.deps);
  expect(sent).toEqual([{ kind: 'alert', agencyId: it.agency.id, brandId: it.brand.id }]);
});
