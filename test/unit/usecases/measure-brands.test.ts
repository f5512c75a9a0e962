import { expect, test } from 'vitest';
import { HOUR } from '../../../shared/domain/time.ts';
import type { Deps } from '../../../shared/ports.ts';
import { measureBrands } from '../../../shared/usecases/measure-brands.ts';
import { sweep } from '../../../shared/usecases/sweep.ts';
import { world } from '../../simulation/world.ts';
import { aBrand, anId } from '../../support/builders.ts';
import { asFunction } from '../../support/held-to-rights.ts';

type Sent = { message: { kind: string; brandId?: string; brandIds?: string[]; since?: number; at?: number } };

async function brands(count: number) {
  const it = await world();
  const ids = [it.brand.id];
  for (let n = 1; n < count; n += 1) {
    const brand = aBrand({ ...it.brand, id: anId('brd', `further ${n}`) });
    await it.deps.brands.create(brand);
    ids.push(brand.id);
  }
  const { sent } = it.deps.measureQueue as unknown as { sent: Sent[] };
  return { ...it, ids, sent };
}
const messageFor = (it: { agency: { id: string }; ids: string[] }) =>
  ({ kind: 'brands', agencyId: it.agency.id, brandIds: it.ids, since: 0, at: 1 }) as const;

test('a sweep hands brands on by tens, and begins where the last one ended', async () => {
  const it = await brands(12);
  const first = it.clock.now();
  expect(await asFunction('measure', () => sweep(it.deps))).toBe(12);
  expect(it.sent.map(({ message }) => message.brandIds?.length)).toEqual([10, 2]);
  expect(it.sent.flatMap(({ message }) => message.brandIds ?? []).toSorted()).toEqual(it.ids.toSorted());
  expect(it.sent[0]?.message).toMatchObject({ since: 0, at: first });
  await it.clock.run(first + HOUR);
  await sweep(it.deps);
  expect(it.sent[2]?.message).toMatchObject({ since: first, at: first + HOUR });
});

test('a sweep that could not hand all on is done again from where the one before it ended', async () => {
  const it = await brands(12);
  let left = 1;
  const send: Deps['measureQueue']['send'] = async (...given) => {
    left -= 1;
    if (left < 0) throw new Error('the queue is away');
    await it.deps.measureQueue.send(...given);
  };
  await expect(sweep({ ...it.deps, measureQueue: { send } })).rejects.toThrow('away');
  await sweep(it.deps);
  expect(it.sent.map(({ message }) => message.since)).toEqual([0, 0, 0]);
});

test('a brand that fails gets a message of its own, and the others are measured', async () => {
  const it = await brands(3);
  const calendar: Deps['posts']['calendar'] = async (agencyId, brandId, ...rest) => {
    if (brandId === it.ids[1]) throw new Error('something in this brand is broken');
    return it.deps.posts.calendar(agencyId, brandId, ...rest);
  };
  await measureBrands({ ...it.deps, posts: { ...it.deps.posts, calendar } }, messageFor(it), 1);
  expect(it.sent.map(({ message }) => [message.kind, message.brandId])).toEqual([['brand', it.ids[1]]]);
});

test('brands that did not end together are taken apart', async () => {
  const it = await brands(3);
  await asFunction('measure', () => measureBrands(it.deps, messageFor(it), 2));
  expect(it.sent.map(({ message }) => message.brandId).toSorted()).toEqual(it.ids.toSorted());
});
