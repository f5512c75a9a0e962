import { expect, it } from 'vitest';
import { expiringCache } from '../../../shared/adapters/aws/expiring-cache.ts';

function setup(entries = 2) {
  let now = 0;
  let made = 0;
  const cache = expiringCache<number>({ entries, ms: 1_000, monotonic: () => now });
  return {
    get: (key: string) => cache.get(key, async () => (made += 1)),
    cache,
    made: () => made,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

it('makes a value once while it is fresh, and anew after its time', async () => {
  const { get, pass } = setup();
  expect([await get('a'), await get('a')]).toEqual([1, 1]);
  pass(1_001);
  expect(await get('a')).toBe(2);
});

it('forgets the one not asked for longest when there are too many', async () => {
  const { get, made } = setup(2);
  await get('a');
  await get('b');
  await get('a');
  await get('c');
  await get('a');
  expect(made()).toBe(3);
  await get('b');
  expect(made()).toBe(4);
});

it('does not keep a failure', async () => {
  const { cache } = setup();
  await expect(cache.get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await cache.get('a', async () => 7)).toBe(7);
});
