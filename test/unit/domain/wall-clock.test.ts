import { describe, expect, test } from 'vitest';
import { land, timeZoneSchema, toLocal } from '../../../shared/domain/wall-clock.ts';

const berlin = (local: string) => land({ local, timeZone: 'Europe/Berlin' });

describe('a wall-clock time', () => {
  test('lands on one instant, summer and winter', () => {
    expect(berlin('2026-11-30T09:00')).toEqual({ kind: 'exact', at: Date.UTC(2026, 10, 30, 8) });
    expect(berlin('2026-07-01T09:00')).toEqual({ kind: 'exact', at: Date.UTC(2026, 6, 1, 7) });
  });

  test('in a gap has no instant, but two nearest ones', () => {
    const jump = Date.UTC(2027, 2, 28, 1);
    expect(berlin('2027-03-28T02:30')).toEqual({ kind: 'gap', before: jump - 1_000, after: jump });
    expect(berlin('2027-03-28T01:59:59').kind).toBe('exact');
    expect(berlin('2027-03-28T03:00').kind).toBe('exact');
  });

  test('in an overlap has two instants', () => {
    const earlier = Date.UTC(2026, 9, 25, 0, 30);
    expect(berlin('2026-10-25T02:30')).toEqual({ kind: 'overlap', earlier, later: earlier + 3_600_000 });
    expect(berlin('2026-10-25T03:00').kind).toBe('exact');
  });

  test('knows half-hour jumps and days that never were', () => {
    expect(land({ local: '2026-10-04T02:15', timeZone: 'Australia/Lord_Howe' }).kind).toBe('gap');
    expect(land({ local: '2011-12-30T12:00', timeZone: 'Pacific/Apia' }).kind).toBe('gap');
  });

  test('that is no date is invalid', () => {
    expect(berlin('2026-02-30T09:00')).toEqual({ kind: 'invalid' });
    expect(berlin('2026-11-30T25:00')).toEqual({ kind: 'invalid' });
  });

  test('is written back with its offset', () => {
    expect(toLocal(Date.UTC(2026, 10, 30, 8), 'Europe/Berlin')).toBe('2026-11-30T09:00:00+01:00');
    expect(toLocal(Date.UTC(2026, 10, 30, 8), 'Asia/Kathmandu')).toBe('2026-11-30T13:45:00+05:45');
  });
});

test.each(['Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires'])('%s is a time zone', (zone) => {
  expect(timeZoneSchema.safeParse(zone).success).toBe(true);
});
test.each(['+01:00', 'Berlin', '', 'Mars/Olympus'])('"%s" is none', (zone) => {
  expect(timeZoneSchema.safeParse(zone).success).toBe(false);
});
