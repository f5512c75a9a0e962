import { describe, expect, it } from 'vitest';
import { buildReport } from '../../../shared/domain/build-report.ts';
import type { ReportData } from '../../../shared/domain/report.ts';
import type { ReportInput } from '../../../shared/domain/report-input.ts';
import { DAY, HOUR, MINUTE } from '../../../shared/domain/time.ts';
import {
  aReportInput,
  gathered,
  published,
  REPORT_AT,
  WEEK_FROM,
  WEEK_TO,
} from '../../support/report-data.ts';

const client = (over: Partial<ReportInput>): ReportData => buildReport(aReportInput(over)).data.client;
const monday = WEEK_FROM + 9 * HOUR;

describe('published of planned', () => {
  it('counts what went out in the week, and what was due in it and did not', () => {
    const report = client({
      deliveries: [
        published('one', monday, 1),
        published('two', monday, 2),
        gathered('failed', { state: 'failed', code: 'text_rejected' }),
        gathered('missed', { state: 'missed', code: 'too_late', dueAt: WEEK_FROM + 2 * DAY }),
        gathered('cancelled', { state: 'cancelled' }),
      ],
    });
    expect(report).toMatchObject({ planned: 4, published: 2 });
    expect(report.issues.map(({ kind, cause }) => [kind, cause])).toEqual([
      ['failed', 'refused'],
      ['missed', 'too_late'],
    ]);
  });

  it.each(['constructor', '__proto__'])(
    'takes a network’s own code for a refusal, though it be %s',
    (code) => {
      const report = client({ deliveries: [gathered('failed', { state: 'failed', code })] });
      expect(report.issues.map(({ cause }) => cause)).toEqual(['refused']);
    },
  );

  it('lets a publication belong to the week in which it went out, not to that of its due time', () => {
    const late = published('late', WEEK_TO + MINUTE, 1, { dueAt: WEEK_TO - MINUTE });
    expect(client({ deliveries: [late] })).toMatchObject({ planned: 0, published: 0, issues: [] });
    const early = published('early', WEEK_FROM + MINUTE, 1, { dueAt: WEEK_FROM - MINUTE });
    expect(client({ deliveries: [early] })).toMatchObject({ planned: 1, published: 1 });
  });

  it('never calls unpublished what may be live: it is being checked', () => {
    const doubtful = [
      gathered('uncertain', { state: 'uncertain', code: 'unclear' }),
      gathered('retrying', { state: 'retrying', doubtSince: monday, nextAttemptAt: REPORT_AT + HOUR }),
      gathered('held', { state: 'held', doubtSince: monday }),
    ];
    const report = buildReport(aReportInput({ deliveries: doubtful }));
    expect(report.data.client.issues.map(({ kind }) => kind)).toEqual(['checking', 'checking', 'checking']);
    expect(report.openEnded).toEqual(doubtful.map(({ id }) => id));
  });

  it('tells in the next report how that ended, once', () => {
    const live = published('live', WEEK_FROM - HOUR, undefined, { dueAt: WEEK_FROM - HOUR });
    const dead = gathered('dead', { state: 'failed', code: 'not_published', dueAt: WEEK_FROM - HOUR });
    const still = gathered('still', { state: 'uncertain', dueAt: WEEK_FROM - HOUR });
    const deliveries = [live, dead, still];
    const report = buildReport(
      aReportInput({ deliveries, openEnded: new Set(deliveries.map(({ id }) => id)) }),
    );
    expect(report.data.client).toMatchObject({ planned: 2, published: 1 });
    expect(report.data.client.issues.map(({ kind }) => kind)).toEqual(['failed']);
    expect(report.openEnded).toEqual([still.id]);
  });

  it('takes for published what is public, although a part of it is still to come', () => {
    const half = { publishedAt: monday, startedAt: monday, externalId: 'x', dueAt: monday } as const;
    const deliveries = [
      gathered('pending', { ...half, state: 'pending', handle: 'rest' }),
      gathered('held', {
        ...half,
        state: 'held',
        holds: [{ code: 'channel_expired', by: 'system', since: monday }],
      }),
      gathered('retrying', { ...half, state: 'retrying', doubtSince: monday }),
    ];
    const report = buildReport(aReportInput({ deliveries }));
    expect(report.data.client).toMatchObject({ planned: 3, published: 3, issues: [] });
    expect(report.openEnded).toEqual([]);
  });

  it('tells in the next report how that ended which was still open: waiting, underway or held', () => {
    const open = [
      gathered('underway', { state: 'retrying', nextAttemptAt: REPORT_AT + HOUR, code: 'unavailable' }),
      gathered('held', { state: 'held', holds: [{ code: 'late', by: 'system', since: monday }] }),
      gathered('moved', { state: 'retrying', nextAttemptAt: REPORT_AT + HOUR }),
      gathered('cancelled', { state: 'scheduled' }),
    ];
    const first = buildReport(aReportInput({ deliveries: open }));
    expect(first.openEnded).toEqual(open.map(({ id }) => id));
    const ends = [
      { state: 'failed', code: 'unavailable' },
      { state: 'held' },
      { state: 'published', publishedAt: WEEK_TO - MINUTE, externalId: 'x' },
      { state: 'cancelled' },
    ] as const;
    const second = buildReport(
      aReportInput({
        period: { week: '2026-W49', from: WEEK_TO, to: WEEK_TO + 7 * DAY },
        asOf: REPORT_AT + 7 * DAY,
        deliveries: open.map((one, n) => ({ ...one, delivery: { ...one.delivery, ...ends[n] } })),
        openEnded: new Set(first.openEnded),
      }),
    );
    expect(second.data.client).toMatchObject({ planned: 2, published: 1 });
    expect(second.data.client.issues.map(({ kind, cause }) => [kind, cause])).toEqual([
      ['failed', 'unreachable'],
    ]);
    expect(second.openEnded).toEqual([open[1]?.id]);
  });

  it('gives each of our own codes a cause that is true', () => {
    const causeOf = (state: 'failed' | 'missed' | 'held', code: string) => {
      const holds = state === 'held' ? [{ code: 'late' as const, by: 'system', since: monday }] : [];
      return client({ deliveries: [gathered('one', { state, code, holds })] }).issues[0]?.cause;
    };
    const causes = ['declined', 'not_published', 'media', 'mail_not_sent', 'internal', 'text_rejected'].map(
      (code) => causeOf('failed', code),
    );
    expect(causes).toEqual(['declined', 'interrupted', 'internal', 'internal', 'internal', 'refused']);
    expect(causeOf('missed', 'unavailable')).toBe('unreachable');
    expect(causeOf('held', 'unavailable')).toBe('too_late');
  });

  it('says when something is tried again', () => {
    const again = gathered('again', {
      state: 'retrying',
      code: 'unavailable',
      nextAttemptAt: REPORT_AT + HOUR,
    });
    expect(client({ deliveries: [again] }).issues).toMatchObject([
      { kind: 'underway', cause: 'unreachable', newAt: REPORT_AT + HOUR },
    ]);
  });

  it('names a failure that was given a new date behind the week', () => {
    const moved = gathered(
      'moved',
      { state: 'scheduled', dueAt: WEEK_TO + 2 * DAY },
      { attempts: [{ n: 1, attempt: 1, at: monday, outcome: 'rejected', code: 'text_rejected' }] },
    );
    const next = { from: WEEK_TO, to: WEEK_TO + 7 * DAY, planned: [moved] };
    const report = client({ next });
    expect(report.issues).toMatchObject([
      { kind: 'failed', cause: 'refused', dueAt: monday, newAt: WEEK_TO + 2 * DAY },
    ]);
    expect(report).toMatchObject({ planned: 1, published: 0 });
    expect(report.next.planned).toBe(1);
  });
});
