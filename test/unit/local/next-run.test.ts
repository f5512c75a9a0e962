import { describe, expect, it } from 'vitest';
import { nextRun } from '../../../infra/local/next-run.ts';

const utc = (text: string): number => Date.parse(`${text}Z`);
const shown = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString().slice(0, 16);

describe('a one-time schedule', () => {
  it('runs at its instant in its zone, and never again', () => {
    const expression = 'at(2026-11-30T07:55:00)';
    expect(shown(nextRun(expression, 'UTC', utc('2026-11-01T00:00')))).toBe('2026-11-30T07:55');
    expect(shown(nextRun(expression, 'Europe/Berlin', utc('2026-11-01T00:00')))).toBe('2026-11-30T06:55');
    expect(nextRun(expression, 'UTC', utc('2026-11-30T07:55'))).toBeUndefined();
  });
});

describe('a weekly schedule', () => {
  const monday8 = 'cron(0 8 ? * MON *)';

  it('runs on its weekday and time, today when that is still to come', () => {
    expect(shown(nextRun(monday8, 'UTC', utc('2026-11-30T07:59')))).toBe('2026-11-30T08:00');
    expect(shown(nextRun(monday8, 'UTC', utc('2026-11-30T08:00')))).toBe('2026-12-07T08:00');
    expect(shown(nextRun(monday8, 'UTC', utc('2026-12-02T12:00')))).toBe('2026-12-07T08:00');
  });

  it('looks at the weekday of its zone, not of UTC', () => {
    // Sunday 23:30 UTC is Monday 12:30 in Auckland.
    expect(shown(nextRun('cron(0 13 ? * MON *)', 'Pacific/Auckland', utc('2026-11-29T23:30')))).toBe(
      '2026-11-30T00:00',
    );
  });

  it('keeps its local time when the clocks change', () => {
    // Berlin goes from UTC+2 to UTC+1 on Sunday, 25 October 2026.
    expect(shown(nextRun(monday8, 'Europe/Berlin', utc('2026-10-18T12:00')))).toBe('2026-10-19T06:00');
    expect(shown(nextRun(monday8, 'Europe/Berlin', utc('2026-10-25T12:00')))).toBe('2026-10-26T07:00');
  });

  it('skips the week in which the clocks jump over its time', () => {
    // Berlin has no 02:30 on Sunday, 29 March 2026.
    expect(shown(nextRun('cron(30 2 ? * SUN *)', 'Europe/Berlin', utc('2026-03-28T12:00')))).toBe(
      '2026-04-05T00:30',
    );
  });

  it('runs once when its time comes twice', () => {
    const sunday230 = 'cron(30 2 ? * SUN *)';
    const first = nextRun(sunday230, 'Europe/Berlin', utc('2026-10-24T12:00'));
    expect(shown(first)).toBe('2026-10-25T00:30');
    expect(shown(nextRun(sunday230, 'Europe/Berlin', first ?? 0))).toBe('2026-11-01T01:30');
  });
});

it.each(['rate(1 hour)', 'cron(0 8 * * ? *)', 'cron(0 25 ? * MON *)', 'at(tomorrow)', 'cron(0 8 ? * MOO *)'])(
  'refuses %s',
  (expression) => {
    expect(() => nextRun(expression, 'UTC', 0)).toThrow(RangeError);
  },
);
