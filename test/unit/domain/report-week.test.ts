import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { WEEKDAYS } from '../../../shared/domain/brand.ts';
import {
  addLocalDays,
  joinWindow,
  nextReportAt,
  provisionalWindow,
  type ReportRhythm,
  type ReportWindow,
  shiftWeek,
  windowFor,
  windowOfWeek,
} from '../../../shared/domain/report-week.ts';
import { DAY, HOUR, type Instant, MINUTE } from '../../../shared/domain/time.ts';

const at = (local: string): Instant =>
  Temporal.PlainDateTime.from(local).toZonedDateTime('Europe/Berlin').epochMilliseconds;
const berlin: ReportRhythm = { timeZone: 'Europe/Berlin', report: { weekday: 'monday', time: '08:00' } };

/** Zones with every kind of trouble: half hours, changes at midnight, southern summers, a dateline, no change at all. */
const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'America/Asuncion',
  'Africa/Cairo',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'UTC',
];
const rhythms = fc.record({
  timeZone: fc.constantFrom(...ZONES),
  report: fc.record({
    weekday: fc.constantFrom(...WEEKDAYS),
    time: fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
      .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`),
  }),
});
const instants = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2035, 11, 31) });

describe('the window of a weekly report', () => {
  it('holds the seven local days before the local midnight before the report', () => {
    expect(windowFor(berlin, at('2026-11-30T08:00'))).toEqual({
      week: '2026-W48',
      from: at('2026-11-23T00:00'),
      to: at('2026-11-30T00:00'),
      reportAt: at('2026-11-30T08:00'),
    });
  });

  it('is the one before until the report instant has come', () => {
    expect(windowFor(berlin, at('2026-11-30T08:00') - 1).week).toBe('2026-W47');
  });

  it('is named by the ISO week of its last day', () => {
    const wednesdays: ReportRhythm = { ...berlin, report: { weekday: 'wednesday', time: '18:30' } };
    expect(windowFor(wednesdays, at('2026-12-02T18:30'))).toMatchObject({
      week: '2026-W49',
      from: at('2026-11-25T00:00'),
      to: at('2026-12-02T00:00'),
    });
    expect(windowFor(berlin, at('2027-01-04T09:00')).week).toBe('2026-W53');
  });

  it('is an hour shorter or longer when the clocks change in it', () => {
    const spring = windowFor(berlin, at('2026-03-30T08:00'));
    const autumn = windowFor(berlin, at('2026-10-26T08:00'));
    expect(spring.to - spring.from).toBe(7 * DAY - HOUR);
    expect(autumn.to - autumn.from).toBe(7 * DAY + HOUR);
  });

  it('puts every instant into exactly one report, in every zone, over every change of the clocks', () => {
    fc.assert(
      fc.property(rhythms, instants, (rhythm, now) => {
        const window = windowFor(rhythm, now);
        expect(window.reportAt).toBeLessThanOrEqual(now);
        expect(window.to).toBeLessThanOrEqual(window.reportAt);
        const next = windowFor(rhythm, nextReportAt(rhythm, now));
        expect(next.from).toBe(window.to);
        expect(next.reportAt).toBe(nextReportAt(rhythm, now));
        expect(nextReportAt(rhythm, now)).toBeGreaterThan(now);
        expect(next.week).toBe(shiftWeek(rhythm, window.week, 1));
      }),
      { numRuns: 1_000 },
    );
  });

  it('puts every instant into exactly one report when the brand moves its weekday, time or zone', () => {
    const changes = fc.array(
      fc.record({ rhythm: rhythms, afterMs: fc.integer({ min: MINUTE, max: 20 * DAY }) }),
      {
        minLength: 1,
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(instants, rhythms, changes, (start, first, moves) => {
        const reports = simulate(start, first, moves);
        expect(reports.length).toBeGreaterThan(3);
        expect(new Set(reports.map(({ week }) => week)).size).toBe(reports.length);
        for (const [index, report] of reports.entries()) {
          expect(report.from).toBeLessThan(report.to);
          if (index > 0) expect(report.from).toBe(reports[index - 1]?.to);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('is found again by its name', () => {
    fc.assert(
      fc.property(rhythms, instants, (rhythm, now) => {
        const window = windowFor(rhythm, now);
        expect(windowOfWeek(rhythm, window.week)).toEqual(window);
      }),
      { numRuns: 500 },
    );
  });

  it('does not exist for what is no ISO week', () => {
    for (const week of ['2026-W54', '2025-W53', '2026-W00', '2026-48', 'W48']) {
      expect(windowOfWeek(berlin, week)).toBeUndefined();
    }
    expect(windowOfWeek(berlin, '2026-W53')?.week).toBe('2026-W53');
  });
});

describe('joining a window to its neighbours', () => {
  const window = windowFor(berlin, at('2026-11-30T08:00'));

  it('begins where the report before ended', () => {
    expect(joinWindow(window, { to: window.from + 2 * DAY })?.from).toBe(window.from + 2 * DAY);
    expect(joinWindow(window, { to: window.from - 3 * DAY })?.from).toBe(window.from - 3 * DAY);
  });

  it('does not reach back for more than four weeks', () => {
    expect(joinWindow(window, { to: window.from - 40 * DAY })?.from).toBe(window.from);
  });

  it('is nothing when others have told all of it', () => {
    expect(joinWindow(window, { to: window.to })).toBeUndefined();
    expect(joinWindow(window, undefined, { from: window.from })).toBeUndefined();
  });
});

describe('a provisional window', () => {
  it('reaches from the last cut-off up to now', () => {
    const now = at('2026-12-02T12:00');
    expect(provisionalWindow(berlin, now)).toEqual({
      week: '2026-W49',
      from: at('2026-11-30T00:00'),
      to: now,
    });
  });

  it('reaches from the end of the last report when that is another', () => {
    const now = at('2026-12-02T12:00');
    expect(provisionalWindow(berlin, now, at('2026-12-01T00:00')).from).toBe(at('2026-12-01T00:00'));
  });
});

it('counts local days over a change of the clocks', () => {
  expect(addLocalDays(berlin, at('2026-10-24T00:00'), 2)).toBe(at('2026-10-26T00:00'));
});

/** Ticks of a brand that changes its mind: what `weeklyReport` and `buildWeek` do with windows, without a store. */
function simulate(
  start: Instant,
  first: ReportRhythm,
  moves: readonly { rhythm: ReportRhythm; afterMs: number }[],
): ReportWindow[] {
  const stored: ReportWindow[] = [];
  let [rhythm, now, next] = [first, start, [...moves]];
  let changeAt = start + (next[0]?.afterMs ?? 0);
  while (next.length > 0 || stored.length < 4) {
    const tickAt = nextReportAt(rhythm, now);
    if (next[0] && changeAt < tickAt) {
      [rhythm, now] = [next[0].rhythm, changeAt];
      next = next.slice(1);
      changeAt = now + (next[0]?.afterMs ?? 0);
      continue;
    }
    now = tickAt;
    const nominal = windowFor(rhythm, now);
    const byName = (week: string) => stored.find((report) => report.week === week);
    const before = [1, 2, 3, 4].map((back) => byName(shiftWeek(rhythm, nominal.week, -back)));
    if (byName(nominal.week)) continue;
    const report = joinWindow(
      nominal,
      before.find((found) => found !== undefined),
    );
    if (report) stored.push(report);
  }
  return stored;
}
