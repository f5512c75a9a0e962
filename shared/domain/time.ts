/**
 * Instants inside the code are epoch milliseconds in UTC, in fields named `…At`; they become RFC 3339
 * strings only at the edges (HTTP, events, e-mail). Nothing here reads the clock: it comes in by `Clock`.
 */
export type Instant = number;

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** `2026-11-30T08:00:00Z`, with milliseconds only where there are any. */
export function toRfc3339(instant: Instant): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}
