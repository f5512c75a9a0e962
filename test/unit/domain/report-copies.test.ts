import { describe, expect, it } from 'vitest';
import { buildReport } from '../../../shared/domain/build-report.ts';
import type { ReportData } from '../../../shared/domain/report.ts';
import type { ReportInput } from '../../../shared/domain/report-input.ts';
import { DAY, HOUR } from '../../../shared/domain/time.ts';
import { anId } from '../../support/builders.ts';
import {
  aGatheredChannel,
  aReportInput,
  figures,
  gathered,
  published,
  WEEK_FROM,
  WEEK_TO,
} from '../../support/report-data.ts';

const client = (over: Partial<ReportInput>): ReportData => buildReport(aReportInput(over)).data.client;
const agency = (over: Partial<ReportInput>): ReportData => buildReport(aReportInput(over)).data.agency;
const monday = WEEK_FROM + 9 * HOUR;
/** Publications of Monday with so many reactions. */
const counted = (...reactions: number[]) =>
  reactions.map((count, n) => published(`p${n}`, monday + n, count));

describe('channels', () => {
  it('come best mean first, with followers of their own', () => {
    const other = aGatheredChannel({
      id: 'other',
      name: 'Other',
      followers: [
        { day: '2026-11-23', count: 100 },
        { day: '2026-11-29', count: 96 },
      ],
    });
    const report = client({
      channels: [aGatheredChannel({ followers: [{ day: '2026-11-29', count: 7 }] }), other],
      deliveries: [published('a', monday, 2), published('b', monday, 8, { channelId: 'other' })],
    });
    expect(report.channels).toMatchObject([
      { name: 'Other', interactions: 8, followers: { first: 100, last: 96, change: -4 } },
      { interactions: 2, followers: { last: 7, change: null } },
    ]);
  });

  it('keep what was published on one that has been deleted since', () => {
    const networks = { mastodon: { network: 'Mastodon', tells: ['reactions'] as const } };
    const deliveries = [published('a', monday, 2), published('b', WEEK_TO - HOUR)];
    const report = client({ channels: [], networks, deliveries });
    expect(report.channels).toMatchObject([
      { name: 'Mastodon', network: 'Mastodon', published: 2, counted: 1, tells: ['reactions'] },
    ]);
    // Nobody measures it any more.
    expect(report.later).toBe(0);
  });
});

describe('the next week and the request', () => {
  const next = (...planned: ReportInput['next']['planned']) => ({
    next: { from: WEEK_TO, to: WEEK_TO + 7 * DAY, planned },
  });
  const ahead = gathered('ahead', { dueAt: WEEK_TO + DAY });

  it('count what is planned, and list what is still to come', () => {
    const gone = published('gone', WEEK_TO + HOUR);
    const report = client(
      next(ahead, gone, gathered('cancelled', { state: 'cancelled', dueAt: WEEK_TO + DAY })),
    );
    expect(report.next).toMatchObject({ planned: 2, items: [{ dueAt: WEEK_TO + DAY }] });
    expect(report.request).toBeNull();
  });

  it('ask for one thing at most: a broken channel before topics', () => {
    expect(client({}).request).toEqual({ kind: 'topics' });
    const channels = [aGatheredChannel({ health: 'expired' })];
    const reconnect = { kind: 'reconnect', channel: 'Bäckerei Müller', network: 'Mastodon' };
    expect(client({ channels }).request).toEqual(reconnect);
  });

  it('ask the agency to look at what is unclear first', () => {
    const deliveries = [gathered('u', { state: 'uncertain' }), gathered('f', { state: 'failed' })];
    expect(agency({ deliveries, ...next(ahead) }).request).toEqual({ kind: 'resolve', count: 1 });
    expect(agency({ deliveries: deliveries.slice(1), ...next(ahead) }).request).toEqual({
      kind: 'reschedule',
      count: 1,
    });
    expect(client({ deliveries, ...next(ahead) }).request).toBeNull();
  });
});

describe('the two copies', () => {
  const deliveries = [
    ...counted(4),
    gathered('failed', {
      state: 'failed',
      code: 'rest_invalid_param',
      reason: 'Invalid: title',
      attempts: 3,
    }),
  ];

  it('keep codes, tries, lateness and ids from the client', () => {
    const text = JSON.stringify(client({ deliveries }));
    for (const secret of ['rest_invalid_param', 'Invalid: title', 'lateness', 'attempts', 'dlv_', 'code']) {
      expect(text).not.toContain(secret);
    }
  });

  it('tell them to the agency', () => {
    const report = agency({ deliveries });
    expect(report.lateness).toEqual({ medianMs: 200, maxMs: 200, of: 1 });
    expect(report.issues[0]?.agency).toMatchObject({ code: 'rest_invalid_param', attempts: 3 });
    expect(report.publications[0]?.agency).toMatchObject({ latenessMs: 200, deliveryId: expect.any(String) });
  });

  it('tell the agency why something is held, or why it was moved', () => {
    const held = gathered('held', {
      state: 'held',
      holds: [{ code: 'brand_held', by: 'Editor', since: monday }],
    });
    const moved = gathered(
      'moved',
      { state: 'scheduled', dueAt: WEEK_TO + DAY },
      {
        attempts: [
          { n: 1, attempt: 1, at: monday, outcome: 'rejected', code: 'text_rejected', reason: 'Too long' },
        ],
      },
    );
    const report = agency({
      deliveries: [held],
      next: { from: WEEK_TO, to: WEEK_TO + 7 * DAY, planned: [moved] },
    });
    expect(report.issues.map((issue) => [issue.agency?.code, issue.agency?.reason])).toEqual([
      ['text_rejected', 'Too long'],
      ['brand_held', null],
    ]);
  });

  it('say the same of everything else', () => {
    const strip = (data: ReportData) =>
      JSON.parse(JSON.stringify({ ...data, audience: 0, request: 0 }), (name, value: unknown) =>
        name === 'agency' || name === 'lateness' ? undefined : value,
      ) as unknown;
    const over = { deliveries, history: [figures([1, 2, 3])] };
    expect(strip(client(over))).toEqual(strip(agency(over)));
  });
});

it('lists at most a thousand publications, and counts all of them', () => {
  const many = Array.from({ length: 1_203 }, (_, n) => published(`m${n}`, monday + n, 1));
  const report = client({ deliveries: many });
  expect(report).toMatchObject({ published: 1_203, rowsLeftOut: 203, resonance: { counted: 1_203 } });
  expect(report.publications).toHaveLength(1_000);
});

it('cuts long texts at ninety characters as people see them', () => {
  const long = { ...published('long', monday, 1), text: `a\n\nb ${'👩‍👩‍👧'.repeat(100)}` };
  const { excerpt } = client({ deliveries: [long] }).publications[0] ?? { excerpt: '' };
  expect(excerpt).toBe(`a b ${'👩‍👩‍👧'.repeat(86)}…`);
});

it('is plain JSON', () => {
  const report = buildReport(aReportInput({ deliveries: counted(1, 2, 3), history: [figures([1, 2])] }));
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  expect(report.figures).toEqual({
    planned: 3,
    published: 3,
    counted: 3,
    interactions: 6,
    values: [1, 2, 3],
  });
  expect(report.data.client.brandId).toBe(anId('brd'));
});
