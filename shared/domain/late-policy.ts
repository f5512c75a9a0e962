import * as z from 'zod';
import { type Delivery, isWithPerson } from './delivery.ts';
import { DAY, HOUR, type Instant, MINUTE, SECOND } from './time.ts';

/** Days, hours, minutes, seconds. A library for this alone would be a tenth of each function's bundle. */
const DURATION = /^P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/**
 * What becomes of a delivery that could not go out at its time. `maxLate` is an ISO 8601 duration of hours,
 * minutes and seconds (days count as 24 h), or null: however late. `otherwise`: what happens beyond it.
 */
export const latePolicySchema = z.strictObject({
  maxLate: z.string().regex(DURATION, 'must be an ISO 8601 duration like PT1H').nullable(),
  otherwise: z.enum(['miss', 'hold']),
});
export type LatePolicy = z.infer<typeof latePolicySchema>;

export const DEFAULT_LATE_POLICY: LatePolicy = { maxLate: 'PT1H', otherwise: 'miss' };

/** Milliseconds a delivery may be late, Infinity for `maxLate: null`. */
export function maxLateMs(policy: LatePolicy): number {
  if (policy.maxLate === null) return Number.POSITIVE_INFINITY;
  const [, days, hours, minutes, seconds] = DURATION.exec(policy.maxLate) ?? [];
  const of = (count: string | undefined, unit: number): number => Number(count ?? 0) * unit;
  return of(days, DAY) + of(hours, HOUR) + of(minutes, MINUTE) + of(seconds, SECOND);
}

/** What the policy says of sending at `at` what was promised for `dueAt`. */
export function judgeLateness(policy: LatePolicy, dueAt: Instant, at: Instant): 'send' | 'miss' | 'hold' {
  return at - dueAt <= maxLateMs(policy) ? 'send' : policy.otherwise;
}

/** What of a delivery the late policy looks at. */
export type Promised = Pick<Delivery, 'dueAt' | 'byHand' | 'startedAt' | 'askedAt' | 'handle'>;

/** The same for a delivery: what a person sent by hand, or has begun in time and is not over, is never too late. */
export function lateVerdict(delivery: Promised, policy: LatePolicy, at: Instant): 'send' | 'miss' | 'hold' {
  const { dueAt, byHand, startedAt } = delivery;
  const begun = startedAt !== undefined || isWithPerson(delivery);
  return byHand || begun ? 'send' : judgeLateness(policy, dueAt, at);
}

/** The longest lateness that a publication is looked for around its due time without a pointer of its own. */
export const POINTER_AFTER = HOUR / 2;
