import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { presentReport } from '../../../functions/api/report-view.ts';
import { buildReport } from '../../../shared/domain/build-report.ts';
import type { Metrics } from '../../../shared/domain/metrics.ts';
import type { StoredReport } from '../../../shared/domain/report.ts';
import type { GatheredDelivery, ReportInput } from '../../../shared/domain/report-input.ts';
import { DAY, HOUR, MINUTE } from '../../../shared/domain/time.ts';
import { renderReport } from '../../../shared/email/report-mail.ts';
import { textsFor } from '../../../shared/email/texts.ts';
import {
  aGatheredChannel,
  aReportInput,
  figures,
  gathered,
  published,
  snapshot24,
  WEEK_FROM,
  WEEK_TO,
} from '../../support/report-data.ts';

const CHANNELS = [
  aGatheredChannel({ id: 'one', name: 'One' }),
  aGatheredChannel({ id: 'two', name: 'Two; "quoted", and\nbroken', network: 'Bluesky' }),
  aGatheredChannel({ id: 'none', name: 'Blog', network: 'WordPress', tells: [] }),
];

const someMetrics: fc.Arbitrary<Partial<Metrics> | 'removed' | undefined> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ reactions: fc.nat(3_000), replies: fc.option(fc.nat(40)) }) },
  { weight: 1, arbitrary: fc.constant('removed' as const) },
  { weight: 1, arbitrary: fc.constant({}) },
  { weight: 2, arbitrary: fc.constant(undefined) },
);
const deliveries = fc.array(
  fc.record({
    channel: fc.constantFrom('one', 'two', 'none', 'deleted'),
    metrics: someMetrics,
    hour: fc.integer({ min: -24, max: 7 * 24 - 1 }),
    state: fc.constantFrom('published', 'published', 'published', 'failed', 'missed', 'uncertain', 'held'),
    text: fc.constantFrom('=1+1', 'Brot; frisch', 'a "quoted" word', 'two\nlines', ''),
  }),
  { maxLength: 40 },
);
const weeks = fc.record({
  deliveries,
  history: fc.array(fc.array(fc.nat(900), { maxLength: 6 }), { maxLength: 5 }),
});

function aWeek(drawn: typeof weeks extends fc.Arbitrary<infer One> ? One : never): Partial<ReportInput> {
  const made = drawn.deliveries.map(({ channel, metrics, hour, state, text }, n): GatheredDelivery => {
    const at = WEEK_FROM + hour * HOUR + n * MINUTE;
    const over = { channelId: channel, network: 'mastodon' };
    const one =
      state === 'published'
        ? published(`p${n}`, at, undefined, over)
        : gathered(`p${n}`, { ...over, state: state as 'failed', dueAt: at, code: 'text_rejected' });
    return { ...one, text, ...(metrics === undefined ? {} : { snapshot: snapshot24(metrics) }) };
  });
  return {
    channels: CHANNELS,
    deliveries: made,
    countLater: new Set(made.map(({ id }) => id)),
    history: drawn.history.map((values) => figures(values)),
    next: { from: WEEK_TO, to: WEEK_TO + 7 * DAY, planned: [gathered('next', { dueAt: WEEK_TO + DAY })] },
  };
}

/** A CSV by RFC 4180, into tables: they stand below each other with an empty line between. */
function tables(csv: string, separator: string): string[][][] {
  const rows: string[][] = [[]];
  const cell = new RegExp(`("(?:[^"]|"")*"|[^"${separator}\\r]*)(${separator}|\\r\\n|$)`, 'y');
  const text = csv.replace(/^\uFEFF/, '');
  while (cell.lastIndex < text.length) {
    const [, raw = '', end] = cell.exec(text) ?? [];
    if (end === undefined) throw new Error(`no CSV at ${cell.lastIndex}`);
    rows.at(-1)?.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (end !== separator) rows.push([]);
  }
  const found: string[][][] = [[]];
  for (const row of rows.slice(0, -1)) row.join('') === '' ? found.push([]) : found.at(-1)?.push(row);
  return found;
}

/** What a reader sees of the HTML, without the preview line. */
const visible = (html: string): string =>
  html
    .replace(/<(style|title)>.*?<\/\1>/gs, '')
    .replace(/<div style="display:none.*?<\/div>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
const numbers = (text: string): string[] => text.match(/\d+(?:[.,:]\d+)*/g) ?? [];

describe.each([
  ['de', ','],
  ['en', '.'],
])('in %s, a report of any week', (locale, mark) => {
  const texts = textsFor(locale);
  const value = (cell: string | undefined) =>
    cell ? Number(cell.replace(mark, '.').replace('%', '')) : null;
  const rounded = (number: number | null | undefined) =>
    number == null ? null : Math.round(number * 10) / 10;

  it('says the same numbers as JSON, HTML, text and CSV, and they add up', () => {
    fc.assert(
      fc.property(weeks, fc.constantFrom('client' as const, 'agency' as const), (drawn, audience) => {
        const built = buildReport(aReportInput(aWeek(drawn)));
        const mail = renderReport(built.data[audience], { locale });
        const { data } = presentReport({ ...built, from: 0, to: 0, createdAt: 0 } as StoredReport, audience);

        const links = /https?:\S+/g;
        const plain = mail.text.replace(links, '').replace(/^-+$/gm, '');
        expect(numbers(visible(mail.html))).toEqual(numbers(plain));

        const [key = [], channels = [], rows = [], issues = []] = tables(mail.csv, texts.cellSeparator);
        const cells = new Map(key.map(([name, cell]) => [name, cell]));
        const figure = (name: keyof typeof texts.csv.figure) => value(cells.get(texts.csv.figure[name]));
        expect(figure('planned')).toBe(data.planned);
        expect(figure('published')).toBe(data.published);
        expect(figure('counted')).toBe(data.resonance.counted);
        expect(figure('mean')).toBe(rounded(data.resonance.mean));
        expect(figure('lastWeek')).toBe(rounded(data.lastWeek?.mean));
        expect(figure('fourWeeks')).toBe(rounded(data.fourWeeks?.mean));
        const change = data.lastWeek?.change;
        expect(figure('lastWeekChange') ?? null).toBe(change == null ? null : Math.round(change * 100) + 0);
        expect(mail.subject).toContain(
          data.planned === 0 ? texts.report.subjectNothing : String(data.published),
        );

        const told = rows.slice(1);
        const sum = (column: number, of: string[][]) =>
          of.reduce((total, row) => total + (value(row[column]) ?? 0), 0);
        const isOld = (row: string[]) => row[10] === texts.csv.yes;
        expect(told.filter((row) => !isOld(row))).toHaveLength(data.published);
        expect(issues.slice(1)).toHaveLength(data.planned - data.published);
        expect(told.filter((row) => row[5] !== '')).toHaveLength(data.resonance.counted);
        expect(sum(5, told)).toBe(data.resonance.interactions);
        expect(sum(4, channels.slice(1))).toBe(data.resonance.interactions);
        expect(sum(2, channels.slice(1))).toBe(data.published);
        const kinds = (kind: 'later' | 'removed') =>
          told.filter((row) => row[4] === texts.csv.resonance[kind]).length;
        expect([figure('later'), figure('removed')]).toEqual([kinds('later'), kinds('removed')]);
        expect(told.filter((row) => /^[=+\-@]/.test(row[3] ?? ''))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
