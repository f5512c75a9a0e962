import { MINUTE, SECOND } from './time.ts';

/** At most so many sends of one delivery by itself. */
export const MAX_SENDS = 8;

const DELAYS = [10 * SECOND, 30 * SECOND, 2 * MINUTE, 5 * MINUTE];
const LATER = 10 * MINUTE;

/**
 * How long to wait before the next send, in ms, after `attempts` that were certainly not sent.
 * @param unit a random number from 0 (inclusive) to 1: spreads the delay by ±20 %
 */
export function backoff(attempts: number, unit: number): number {
  const base = DELAYS[attempts - 1] ?? LATER;
  return Math.round(base * (0.8 + 0.4 * unit));
}
