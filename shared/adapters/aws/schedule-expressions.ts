import type { Brand } from '../../domain/brand.ts';
import { type Instant, MINUTE } from '../../domain/time.ts';

/** Schedules fire up to a minute late; this early, the queue's delay has time to do the seconds. */
const EARLY_MS = 5 * MINUTE;

/** Name of the one-time schedule of a post's instant: never updated, never used for another instant. */
export function wakeScheduleName(wake: { postId: string; at: Instant }): string {
  return `${wake.postId}-${wake.at.toString(36)}`;
}

/** `at(2026-11-30T07:55:00)` in UTC: five minutes before the minute in which the wake is due. */
export function wakeExpression(at: Instant): string {
  const firesAt = Math.floor(at / MINUTE) * MINUTE - EARLY_MS;
  return `at(${new Date(firesAt).toISOString().slice(0, 19)})`;
}

export function reportScheduleName(brandId: string): string {
  return `report-${brandId}`;
}

/** `cron(30 8 ? * MON *)`: every week at the brand's weekday and time, to be read in its time zone. */
export function weeklyExpression({ weekday, time }: Pick<Brand['report'], 'weekday' | 'time'>): string {
  const [hour, minute] = time.split(':').map(Number);
  return `cron(${minute} ${hour} ? * ${weekday.slice(0, 3).toUpperCase()} *)`;
}
