import { describe, expect, test } from 'vitest';
import { simulateAcrossThreads } from './across-threads.ts';
import { simulate } from './many-seeds.ts';
import { MUTANTS, type Mutant } from './mutants.ts';
import { runSeed } from './run-seed.ts';

const SEEDS = 1_000;

describe('the seeded simulation', () => {
  test(`keeps every promise in ${SEEDS} worlds of crashes, lost answers, wrong clocks and people`, async () => {
    const total = await simulateAcrossThreads({ first: 1, seeds: SEEDS });
    expect(total).toMatchObject({ lost: 0, duplicate: 0, stuck: 0, early: 0, afterCancel: 0, afterHold: 0 });
    expect(total.failingSeeds).toBeUndefined();
    expect(total.crashes).toBeGreaterThan(SEEDS);
    expect(total.published).toBeGreaterThan(SEEDS);
    expect(total.uncertain).toBeLessThanOrEqual(Math.max(2, total.crashes / 1_000));
  }, 300_000);

  test('replays a seed exactly: the same timeline, line by line', async () => {
    for (const seed of [7, 43, 320]) {
      const once: string[] = [];
      const again: string[] = [];
      const first = await runSeed(seed, { listen: (line) => once.push(line) });
      const second = await runSeed(seed, { listen: (line) => again.push(line) });
      expect(again).toEqual(once);
      expect(second.traceHash).toBe(first.traceHash);
    }
  });

  test.each([7847, 8065])('keeps every promise in world %i, which once found one broken', async (first) => {
    expect((await simulate({ first, seeds: 1 })).failingSeeds).toBeUndefined();
  });

  test('tells one seed from another', async () => {
    expect((await runSeed(1)).traceHash).not.toBe((await runSeed(2)).traceHash);
  });
});

describe('T23 without one protection the simulation fails within a thousand seeds', () => {
  test.each(Object.keys(MUTANTS) as Mutant[])(
    '%s',
    async (mutant) => {
      const total = await simulate({ first: 1, seeds: 1_000, mutant, untilFailure: true });
      expect(total.failingSeeds).toHaveLength(1);
    },
    180_000,
  );
});
