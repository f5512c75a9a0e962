import type {
  AgencyDetails,
  Comparison,
  ReportChannel,
  ReportIssue,
  ReportPublication,
} from '../domain/report.ts';
import { INTERACTION_PARTS } from '../domain/report.ts';
import { meanOf } from './report-channels.ts';
import type { ReportContext } from './report-context.ts';

/**
 * Everything in a report as tables below each other, an empty line between them, for a spreadsheet of the reader's
 * language: separator and decimal mark are its own. What is not known is an empty cell, never 0.
 */
export function reportCsv(context: ReportContext): string {
  const { report, texts, format } = context;
  const { csv } = texts;
  const columns = withDetails(context) ? csv.agency : [];
  const tables: Cell[][][] = [
    [[csv.figures, ''], ...figures(context)],
    [[...csv.channels], ...report.channels.map((channel) => channelRow(context, channel))],
    [
      [...csv.publications, ...columns],
      ...report.publications.map((publication) => publicationRow(context, publication)),
      ...(report.rowsLeftOut > 0 ? [[csv.rowsLeftOut(format.plain(report.rowsLeftOut))]] : []),
    ],
    [[...csv.issues, ...columns], ...report.issues.map((issue) => issueRow(context, issue))],
    [
      [...csv.planned],
      ...report.next.items.map(({ dueAt, channel, network, excerpt }) => [
        format.cell(dueAt),
        channel,
        network,
        excerpt,
      ]),
    ],
  ];
  const lines = tables.map((rows) => rows.map((row) => line(row, texts.cellSeparator)).join(''));
  // Spreadsheets take a file without this mark for an older encoding and spoil every umlaut.
  return `\uFEFF${lines.join('\r\n')}`;
}

type Cell = string | null;

function figures({ report, texts, format }: ReportContext): Cell[][] {
  const { figure } = texts.csv;
  const change = (to: Comparison | null) => (to?.change == null ? null : format.plainPercent(to.change));
  const number = (value: number | null | undefined) => (value == null ? null : format.plain(value));
  return [
    [figure.brand, report.brandName],
    [figure.week, report.week],
    [figure.period, format.days(report.from, report.to)],
    [figure.asOf, format.cell(report.asOf)],
    [figure.zone, report.timeZone],
    [figure.planned, number(report.planned)],
    [figure.published, number(report.published)],
    [figure.counted, number(report.resonance.counted)],
    [figure.interactions, report.resonance.mean === null ? null : number(report.resonance.interactions)],
    [figure.mean, number(report.resonance.mean)],
    [figure.lastWeek, number(report.lastWeek?.mean)],
    [figure.lastWeekChange, change(report.lastWeek)],
    [figure.fourWeeks, number(report.fourWeeks?.mean)],
    [figure.fourWeeksChange, change(report.fourWeeks)],
    [figure.usual, number(report.usual?.median)],
    [figure.later, number(report.later)],
    [figure.removed, number(report.removed)],
    [figure.next, number(report.next.planned)],
  ];
}

function channelRow({ format }: ReportContext, channel: ReportChannel): Cell[] {
  const number = (value: number | null | undefined) => (value == null ? null : format.plain(value));
  const { name, network, published, counted, interactions, followers } = channel;
  return [
    name,
    network,
    number(published),
    number(counted),
    number(interactions),
    number(meanOf(channel)),
    number(followers?.change == null ? null : followers.first),
    number(followers?.last),
  ];
}

function publicationRow(context: ReportContext, publication: ReportPublication): Cell[] {
  const { texts, format } = context;
  const { publishedAt, channel, network, excerpt, resonance, parts, fromLastWeek, url } = publication;
  const number = (value: number | null | undefined) => (value == null ? null : format.plain(value));
  return [
    format.cell(publishedAt),
    channel,
    network,
    excerpt,
    texts.csv.resonance[resonance.kind],
    resonance.kind === 'counted' ? number(resonance.interactions) : null,
    ...INTERACTION_PARTS.map((part) => number(parts?.[part])),
    fromLastWeek ? texts.csv.yes : null,
    url,
    ...details(context, publication.agency),
  ];
}

function issueRow(context: ReportContext, issue: ReportIssue): Cell[] {
  const { texts, format } = context;
  return [
    format.cell(issue.dueAt),
    issue.channel,
    issue.network,
    issue.excerpt,
    texts.report.issue(issue.kind, issue.cause),
    issue.newAt === null ? null : format.cell(issue.newAt),
    ...details(context, issue.agency),
  ];
}

const withDetails = ({ audience, report }: ReportContext): boolean =>
  audience === 'agency' && report.audience === 'agency';

function details(context: ReportContext, agency: AgencyDetails | undefined): Cell[] {
  if (!agency || !withDetails(context)) return [];
  const { latenessMs, attempts, code, reason, deliveryId } = agency;
  return [latenessMs === null ? null : String(latenessMs), String(attempts), code, reason, deliveryId];
}

function line(row: readonly Cell[], separator: string): string {
  return `${row.map((value) => cell(value ?? '', separator)).join(separator)}\r\n`;
}

function cell(value: string, separator: string): string {
  // Spreadsheets run a text that begins like a formula; an apostrophe keeps it a text. Numbers stay numbers.
  const isNumber = /^-?[\d.,]+%?$/.test(value);
  const text = !isNumber && /^[=+\-@\t\r＝＋－＠]/.test(value) ? `'${value}` : value;
  return /["\r\n]/.test(text) || text.includes(separator) ? `"${text.replaceAll('"', '""')}"` : text;
}
