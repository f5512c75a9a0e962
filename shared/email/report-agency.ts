import type { AgencyDetails } from '../domain/report.ts';
import { excerpt } from '../domain/report-rows.ts';
import type { Block, Section } from './mail-view.ts';
import { type ReportContext, whenWhere } from './report-context.ts';

const MAX_ROWS = 12;

/** What only the agency reads: how late, and with which codes and tries. */
export function agencySection(context: ReportContext): Section | undefined {
  const { report, texts, format, audience } = context;
  if (audience !== 'agency' || report.audience !== 'agency') return undefined;
  const { lateness } = report;
  const punctuality = lateness
    ? texts.report.lateness(
        format.seconds(lateness.medianMs),
        format.seconds(lateness.maxMs),
        texts.posts(lateness.of, format.count(lateness.of)),
      )
    : texts.report.noLateness;
  const troubled = [
    ...report.issues.flatMap((issue) =>
      issue.agency ? [{ ...issue, ...issue.agency, at: issue.dueAt }] : [],
    ),
    ...report.publications.flatMap((one) =>
      one.agency && one.agency.attempts > 1 ? [{ ...one, ...one.agency, at: one.publishedAt }] : [],
    ),
  ];
  const items = troubled.slice(0, MAX_ROWS).map((one) => ({
    title: whenWhere(context, one.at, one),
    lines: [`${texts.report.details(one.code, one.attempts)} · ${one.deliveryId}`, ...reasonOf(one)],
  }));
  const rest = troubled.length - items.length;
  const more: Block[] = rest > 0 ? [{ kind: 'small', text: texts.more(rest, format.count(rest)) }] : [];
  return {
    heading: texts.report.agencyHeading,
    blocks: [{ kind: 'text', text: punctuality }, { kind: 'items', items }, ...more],
  };
}

function reasonOf({ reason }: AgencyDetails): string[] {
  return reason === null ? [] : [excerpt(reason, 300)];
}
