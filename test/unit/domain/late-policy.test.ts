import { expect, test } from 'vitest';
import { judgeLateness, latePolicySchema, maxLateMs } from '../../../shared/domain/late-policy.ts';

test.each([
  ['PT1H', 3_600_000],
  ['PT0S', 0],
  ['P1D', 86_400_000],
  ['P2DT3H4M5S', 183_845_000],
  ['PT90M', 5_400_000],
  [null, Number.POSITIVE_INFINITY],
])('%s allows %i ms', (maxLate, ms) => {
  expect(maxLateMs(latePolicySchema.parse({ maxLate, otherwise: 'miss' }))).toBe(ms);
});

test.each(['', 'P', 'PT', 'P1DT', '1H', 'PT1.5H', 'P1W', '-PT1H'])('"%s" is no duration', (maxLate) => {
  expect(latePolicySchema.safeParse({ maxLate, otherwise: 'miss' }).success).toBe(false);
});

test('what is late by exactly the allowance still goes', () => {
  const policy = { maxLate: 'PT1H', otherwise: 'hold' } as const;
  expect(judgeLateness(policy, 0, 3_600_000)).toBe('send');
  expect(judgeLateness(policy, 0, 3_600_001)).toBe('hold');
});
