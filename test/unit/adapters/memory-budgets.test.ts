import { expect, test } from 'vitest';
import { memoryBudgets } from '../../../shared/adapters/memory-budgets.ts';

function budgets(most?: number) {
  const time = { now: 1_000 };
  return { time, kept: memoryBudgets(() => time.now, most) };
}

test('a channel is blocked until its time has come, and no other one is', () => {
  const { time, kept } = budgets();
  kept.note('chn_a', 2_000);
  expect([kept.blockedUntil('chn_a'), kept.blockedUntil('chn_b')]).toEqual([2_000, undefined]);
  time.now = 2_000;
  expect(kept.blockedUntil('chn_a')).toBeUndefined();
});

test('of two waits the longer one counts, and one that has passed is none', () => {
  const { kept } = budgets();
  kept.note('chn_a', 3_000);
  kept.note('chn_a', 2_000);
  kept.note('chn_b', 999);
  expect([kept.blockedUntil('chn_a'), kept.blockedUntil('chn_b')]).toEqual([3_000, undefined]);
});

test('when it is full it forgets what has passed, then what ends first', () => {
  const { time, kept } = budgets(2);
  kept.note('chn_a', 1_500);
  kept.note('chn_b', 9_000);
  time.now = 2_000;
  kept.note('chn_c', 8_000);
  expect(kept.blockedUntil('chn_b')).toBe(9_000);
  kept.note('chn_d', 8_500);
  const left = ['chn_a', 'chn_b', 'chn_c', 'chn_d'].map(kept.blockedUntil);
  expect(left).toEqual([undefined, 9_000, undefined, 8_500]);
});
