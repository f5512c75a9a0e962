import type { Audience } from '../domain/brand.ts';
import type { ReportData } from '../domain/report.ts';
import { excerpt } from '../domain/report-rows.ts';
import { formatFor } from './format.ts';
import { webUrl } from './html.ts';
import { mailHtml } from './mail-html.ts';
import { mailText } from './mail-text.ts';
import type { FooterLine, MailView, RenderedMail } from './mail-view.ts';
import { isolated } from './place.ts';
import { reportCsv } from './report-csv.ts';
import { checkingOf } from './report-published.ts';
import { comparisonOf, reportSections } from './report-sections.ts';
import { type Texts, textsFor } from './texts.ts';

export type ReportOptions = {
  /** A BCP 47 tag: language, and how numbers and times are written. */
  readonly locale: string;
  /** What the agency's copy adds is shown only to `agency`. Default: the audience that the data are for. */
  readonly audience?: Audience;
  /** The agency's own words. */
  readonly note?: string | undefined;
  readonly unsubscribeUrl?: string | undefined;
  /** Who sends it. */
  readonly agencyName?: string | undefined;
};

/** A report as a mail: subject, HTML of at most 90 KB, plain text, and every row as CSV. All say the same numbers. */
export function renderReport(report: ReportData, options: ReportOptions): RenderedMail & { csv: string } {
  const texts = textsFor(options.locale);
  const format = formatFor(options.locale, report.timeZone);
  const audience = options.audience ?? report.audience;
  const context = { report, texts, format, audience, note: options.note };
  const period = `${texts.week(report.week)} · ${format.days(report.from, report.to)}`;
  const subject = subjectOf(report, texts, format);
  const view: MailView = {
    language: texts.language,
    subject,
    preheader: preheader(report, texts, format, audience),
    title: isolated(report.brandName),
    subtitle: [...kindOf(report, texts, audience), period].join(' · '),
    sections: reportSections(context),
    footer: footer(report, options, texts, format.stamp(report.asOf)),
  };
  return { subject, html: mailHtml(view), text: mailText(view), csv: reportCsv(context) };
}

/** A file name for the CSV that every system takes. */
export function csvName(report: Pick<ReportData, 'week'>): string {
  return `${report.week}.csv`;
}

function subjectOf(report: ReportData, texts: Texts, format: ReturnType<typeof formatFor>) {
  const { planned, published, resonance } = report;
  const name = report.provisional
    ? `${texts.report.provisional}, ${texts.week(report.week)}`
    : texts.week(report.week);
  const facts =
    planned === 0
      ? [texts.report.subjectNothing]
      : [
          texts.report.subjectPublished(format.count(published), format.count(planned), planned),
          ...checkingOf({ report, texts, format }),
        ];
  if (resonance.mean !== null) facts.push(texts.report.subjectMean(format.mean(resonance.mean)));
  // A mailbox shows the beginning only: a long name must not push the numbers out.
  const brand = isolated(excerpt(report.brandName, LONGEST_BRAND));
  return oneLine(`${brand} · ${name}: ${facts.join(', ')}`);
}

const LONGEST_BRAND = 50;

/** What it is, and that it is the copy with details which are not for the client. */
function kindOf(report: ReportData, texts: Texts, audience: Audience): string[] {
  const kind = report.provisional ? texts.report.provisional : texts.report.weekly;
  return audience === 'agency' && report.audience === 'agency' ? [kind, texts.report.agencyCopy] : [kind];
}

/** Subjects must not hold line breaks: a brand's name comes from outside. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** What a mailbox shows beside the subject: what is asked of the reader, how the week compares, what comes. */
function preheader(
  report: ReportData,
  texts: Texts,
  format: ReturnType<typeof formatFor>,
  audience: Audience,
): string {
  const { report: said } = texts;
  const { next, request } = report;
  const ahead =
    next.planned === 0 ? said.nextNothing : said.nextPlanned(next.planned, format.count(next.planned));
  const parts = [
    ...(request ? [`${said.requestHeading}: ${said.request(request, audience)}`] : []),
    ...comparisonOf({ report, texts, format })
      .slice(0, 1)
      .map((text) => `${text}.`),
    `${said.nextHeading}: ${ahead}`,
  ];
  return parts.join(' ');
}

function footer(report: ReportData, options: ReportOptions, texts: Texts, stamp: string): FooterLine[] {
  const href = webUrl(options.unsubscribeUrl);
  return [
    { text: texts.report.asOf(stamp, report.timeZone) },
    { text: texts.report.csvNote },
    ...(options.agencyName ? [{ text: texts.report.sentBy(isolated(options.agencyName)) }] : []),
    ...(href === undefined ? [] : [{ text: texts.unsubscribe.link, href }]),
  ];
}
