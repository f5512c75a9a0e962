import { describe, expect, it } from 'vitest';
import { buildReport } from '../../../shared/domain/build-report.ts';
import { told } from '../../../shared/domain/metrics.ts';
import type { ReportData } from '../../../shared/domain/report.ts';
import type { ReportInput } from '../../../shared/domain/report-input.ts';
import { DAY, HOUR } from '../../../shared/domain/time.ts';
import {
  aGatheredChannel,
  aReportInput,
  figures,
  published,
  REPORT_AT,
  snapshot24,
  WEEK_FROM,
  WEEK_TO,
} from '../../support/report-data.ts';

const client = (over: Partial<ReportInput>): ReportData => buildReport(aReportInput(over)).data.client;
const monday = WEEK_FROM + 9 * HOUR;
/** Publications of Monday with so many reactions. */
const counted = (...reactions: number[]) =>
  reactions.map((count, n) => published(`p${n}`, monday + n, count));

describe('resonance', () => {
  it('is counted per publication at 24 h', () => {
    expect(client({ deliveries: counted(10, 20) }).resonance).toEqual({
      counted: 2,
      interactions: 30,
      mean: 15,
    });
  });

  it('leaves what is too young to the next report, which counts it, and only that one', () => {
    const young = published('young', WEEK_TO - HOUR);
    const first = buildReport(aReportInput({ deliveries: [young] }));
    expect(first.data.client).toMatchObject({
      later: 1,
      published: 1,
      resonance: { counted: 0, mean: null },
    });
    expect(first.countLater).toEqual([young.id]);

    const period = { week: '2026-W49', from: WEEK_TO, to: WEEK_TO + 7 * DAY };
    const second = buildReport(
      aReportInput({
        period,
        asOf: REPORT_AT + 7 * DAY,
        deliveries: [{ ...young, snapshot: snapshot24({ reactions: 9 }) }],
        countLater: new Set(first.countLater),
      }),
    );
    expect(second.data.client).toMatchObject({
      published: 0,
      planned: 0,
      countedFromLastWeek: 1,
      resonance: { counted: 1, interactions: 9 },
    });
    expect(second.countLater).toEqual([]);
  });

  it('hands on what is still too young because the next report came early', () => {
    const young = published('young', WEEK_TO - HOUR);
    const period = { week: '2026-W49', from: WEEK_TO, to: WEEK_TO + DAY };
    const early = buildReport(
      aReportInput({ period, asOf: WEEK_TO + DAY, deliveries: [young], countLater: new Set([young.id]) }),
    );
    expect(early.countLater).toEqual([young.id]);
    expect(early.data.client.published).toBe(0);
  });

  it('does not count by itself what the last report has counted', () => {
    const old = published('old', WEEK_FROM - HOUR, 50);
    expect(client({ deliveries: [old] }).resonance.counted).toBe(0);
  });

  it('takes what no network tells for unknown, not for 0, and waits for it no longer than it can come', () => {
    const silent = aGatheredChannel({ id: 'silent', name: 'Blog', network: 'WordPress', tells: [] });
    const report = client({
      channels: [aGatheredChannel(), silent],
      deliveries: [
        published('untold', monday, undefined, { channelId: 'silent' }),
        published('unmeasured', monday),
        { ...published('empty', monday), snapshot: snapshot24({}) },
        { ...published('gone', monday), snapshot: snapshot24('removed') },
        published('taken', monday, 5, { state: 'removed' }),
      ],
    });
    expect(report.resonance).toEqual({ counted: 0, interactions: 0, mean: null });
    expect(report.publications.map(({ resonance }) => resonance.kind).sort()).toEqual([
      'not_told',
      'not_told',
      'not_told',
      'removed',
      'removed',
    ]);
    expect(report.channels.map(({ interactions }) => interactions)).toEqual([null, null]);
    expect(report.removed).toBe(2);
  });

  it('counts a told 0 as 0', () => {
    expect(client({ deliveries: counted(0, 0) }).resonance).toEqual({ counted: 2, interactions: 0, mean: 0 });
  });
});

describe('comparisons', () => {
  it('set the mean beside that of last week and of the weeks before', () => {
    const report = client({
      deliveries: counted(12, 12, 12),
      history: [figures([10, 10, 10]), undefined, figures([5, 7, 6, 6])],
    });
    expect(report.lastWeek).toMatchObject({ mean: 10, counted: 3 });
    expect(report.lastWeek?.change).toBeCloseTo(0.2);
    expect(report.fourWeeks).toMatchObject({ weeks: 2, counted: 7, interactions: 54 });
  });

  it('give no percentage on fewer than three posts or a base under 20', () => {
    const change = (now: number[], before: number[]) =>
      client({ deliveries: counted(...now), history: [figures(before)] }).lastWeek?.change;
    expect(change([10, 10], [10, 10, 10])).toBeNull();
    expect(change([10, 10, 10], [10, 10])).toBeNull();
    expect(change([10, 10, 10], [6, 6, 7])).toBeNull();
    expect(change([10, 10, 10], [6, 7, 7])).toBeCloseTo(0.5);
    expect(change([0, 0, 0], [6, 7, 7])).toBe(-1);
  });

  it('give no percentage while some count with what they have so far', () => {
    const early = { n: 1, age: '6h', at: monday + 6 * HOUR, metrics: told({ reactions: 10 }) } as const;
    const deliveries = [...counted(10, 10), { ...published('early', monday + HOUR), snapshot: early }];
    const report = client({ provisional: true, deliveries, history: [figures([10, 10, 10])] });
    expect(report).toMatchObject({ resonance: { mean: 10 }, lastWeek: { mean: 10, change: null } });
  });

  it('are left out without anything to compare with', () => {
    expect(client({ deliveries: counted(1, 2, 3) })).toMatchObject({ lastWeek: null, fourWeeks: null });
    expect(client({ deliveries: counted(1, 2, 3), history: [figures([])] }).lastWeek).toBeNull();
    expect(client({ deliveries: counted(1), history: [figures([4])] }).fourWeeks).toBeNull();
  });
});

describe('the strongest and the weakest', () => {
  it('stand beside what is usual in the weeks before', () => {
    const report = client({ deliveries: counted(3, 30, 9), history: [figures([4, 8, 100])] });
    expect(report.strongest?.resonance).toEqual({ kind: 'counted', interactions: 30 });
    expect(report.weakest).toMatchObject({
      resonance: { interactions: 3 },
      url: 'https://social.example/p0',
    });
    expect(report.usual).toEqual({ median: 8, over: 'four_weeks' });
  });

  it('stand beside the week itself when there is no history', () => {
    expect(client({ deliveries: counted(3, 30, 9, 5) }).usual).toEqual({ median: 7, over: 'this_week' });
  });

  it('are not named among fewer than three, or when all are alike', () => {
    expect(client({ deliveries: counted(3, 30) })).toMatchObject({
      strongest: null,
      weakest: null,
      usual: null,
    });
    expect(client({ deliveries: counted(5, 5, 5) })).toMatchObject({ strongest: null, weakest: null });
  });
});
