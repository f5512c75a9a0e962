import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';
import { HOUR, type Instant } from './time.ts';

/**
 * What becomes of a delivery that could not go out at its time. `maxLate` is an ISO 8601 duration of hours,
 * minutes and seconds (days count as 24 h), or null: however late. `otherwise`: what happens beyond it.
 */
export const latePolicySchema = z.strictObject({
  maxLate: z
    .string()
    .regex(/^P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?$/, 'must be an ISO 8601 duration like PT1H')
    .nullable(),
  otherwise: z.enum(['miss', 'hold']),
});
export type LatePolicy = z.infer<typeof latePolicySchema>;

export const DEFAULT_LATE_POLICY: LatePolicy = { maxLate: 'PT1H', otherwise: 'miss' };

/** Milliseconds a delivery may be late, Infinity for `maxLate: null`. */
export function maxLateMs(policy: LatePolicy): number {
  if (policy.maxLate === null) return Number.POSITIVE_INFINITY;
  return Temporal.Duration.from(policy.maxLate).total({ unit: 'milliseconds' });
}

/** What the policy says of sending at `at` what was promised for `dueAt`. */
export function judgeLateness(policy: LatePolicy, dueAt: Instant, at: Instant): 'send' | 'miss' | 'hold' {
  return at - dueAt <= maxLateMs(policy) ? 'send' : policy.otherwise;
}

/** The longest lateness that a publication is looked for around its due time without a pointer of its own. */
export const POINTER_AFTER = HOUR / 2;
