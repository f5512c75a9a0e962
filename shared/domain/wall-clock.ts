import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';
import type { Instant } from './time.ts';

/** An IANA zone name (`Europe/Berlin`); offsets such as `+01:00` are refused: they know no daylight saving. */
export const timeZoneSchema = z.string().refine(isTimeZone, 'must be an IANA time zone like Europe/Berlin');

function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A wall-clock time in a zone; where the clocks go back, an offset or `disambiguation` says which is meant. */
export const wallClockInput = z.strictObject({
  local: z
    .string()
    .regex(
      /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?$/,
      'must be a local time like 2026-11-30T09:00',
    ),
  timeZone: timeZoneSchema.optional(),
  disambiguation: z.enum(['earlier', 'later']).optional(),
});

/** A promise that was made in local time: kept so that it can be moved when a brand changes its zone. */
export type WallClock = { readonly local: string; readonly timeZone: string };

/** Where a local time lands: one instant, none (the clocks jumped over it) or two (they went back). */
export type Landing =
  | { kind: 'exact'; at: Instant }
  | { kind: 'gap'; before: Instant; after: Instant }
  | { kind: 'overlap'; earlier: Instant; later: Instant }
  | { kind: 'invalid' };

/**
 * Reads a local time in a zone. In a gap `before` and `after` are the two nearest instants whose local time
 * exists: the last whole second before the jump, and the jump itself.
 */
export function land(wall: WallClock): Landing {
  let local: Temporal.PlainDateTime;
  try {
    local = Temporal.PlainDateTime.from(wall.local, { overflow: 'reject' });
  } catch {
    return { kind: 'invalid' };
  }
  const earlier = local.toZonedDateTime(wall.timeZone, { disambiguation: 'earlier' });
  const later = local.toZonedDateTime(wall.timeZone, { disambiguation: 'later' });
  if (earlier.epochMilliseconds === later.epochMilliseconds)
    return { kind: 'exact', at: earlier.epochMilliseconds };
  if (earlier.toPlainDateTime().equals(local)) {
    return { kind: 'overlap', earlier: earlier.epochMilliseconds, later: later.epochMilliseconds };
  }
  const jump = earlier.getTimeZoneTransition('next')?.epochMilliseconds ?? later.epochMilliseconds;
  return { kind: 'gap', before: jump - 1_000, after: jump };
}

/** `2026-11-30T09:00:00+01:00`: an instant as people in that zone read it. */
export function toLocal(at: Instant, timeZone: string): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  return `${zoned.toPlainDateTime().toString({ smallestUnit: 'second' })}${zoned.offset}`;
}
