import type { Audience } from '../domain/brand.ts';
import type { ReportData } from '../domain/report.ts';
import { formatFor } from './format.ts';
import { webUrl } from './html.ts';
import { mailHtml } from './mail-html.ts';
import { mailText } from './mail-text.ts';
import type { FooterLine, MailView, RenderedMail } from './mail-view.ts';
import { reportCsv } from './report-csv.ts';
import { checkingOf } from './report-published.ts';
import { reportSections } from './report-sections.ts';
import { type Texts, textsFor } from './texts.ts';

export type ReportOptions = {
  /** A BCP 47 tag: language, and how numbers and times are written. */
  readonly locale: string;
  /** What the agency's copy adds is shown only to `agency`. Default: the audience that the data are for. */
  readonly audience?: Audience;
  /** The agency's own words. */
  readonly note?: string | undefined;
  readonly unsubscribeUrl?: string | undefined;
  readonly reportUrl?: string | undefined;
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
    preheader: preheader(report, texts, format),
    title: report.brandName,
    subtitle: report.provisional ? `${texts.report.provisional} · ${period}` : period,
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
  return oneLine(`${report.brandName} · ${name}: ${facts.join(', ')}`);
}

/** Subjects must not hold line breaks: a brand's name comes from outside. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

function preheader(report: ReportData, texts: Texts, format: ReturnType<typeof formatFor>): string {
  const { next } = report;
  const ahead =
    next.planned === 0
      ? texts.report.nextNothing
      : texts.report.nextPlanned(next.planned, format.count(next.planned));
  return `${format.days(report.from, report.to)}. ${ahead}`;
}

function footer(report: ReportData, options: ReportOptions, texts: Texts, stamp: string): FooterLine[] {
  const links = [
    { text: texts.report.open, href: webUrl(options.reportUrl) },
    { text: texts.unsubscribe.link, href: webUrl(options.unsubscribeUrl) },
  ];
  return [
    { text: texts.report.asOf(stamp, report.timeZone) },
    { text: texts.report.csvNote },
    ...links.flatMap(({ text, href }) => (href === undefined ? [] : [{ text, href }])),
  ];
}
