import type { ReportIssue } from '../domain/report.ts';
import type { Block, Item, Section } from './mail-view.ts';
import { quote, type ReportContext, whenWhere } from './report-context.ts';

const MAX_ISSUES = 8;

/** Published of planned, and everything that is not known to be out, in plain words and with its new date. */
export function publishedSection(context: ReportContext): Section {
  const { report, texts, format } = context;
  const { planned, published, issues } = report;
  const heading = texts.report.publishedHeading;
  if (planned === 0) return { heading, blocks: [{ kind: 'text', text: texts.report.nothingPlanned }] };
  const value = texts.report.publishedOf(format.count(published), format.count(planned));
  const checking = checkingOf(context);
  const label = [texts.report.publishedLabel(planned), ...checking].join(', ');
  const blocks: Block[] = [{ kind: 'figure', value, label }];
  if (published === planned) blocks.push({ kind: 'text', text: texts.report.allPublished });
  if (issues.length > 0) {
    blocks.push({
      kind: 'items',
      items: issues.slice(0, MAX_ISSUES).map((issue) => issueItem(context, issue)),
    });
    const rest = planned - published - Math.min(issues.length, MAX_ISSUES);
    if (rest > 0) blocks.push({ kind: 'small', text: texts.more(rest, format.count(rest)) });
  }
  return { heading, blocks };
}

/** How many may be out: said wherever published and planned are compared, so that nobody takes them for lost. */
export function checkingOf({
  report,
  texts,
  format,
}: Pick<ReportContext, 'report' | 'texts' | 'format'>): string[] {
  const count = report.issues.filter(({ kind }) => kind === 'checking').length;
  return count === 0 ? [] : [texts.report.checking(format.count(count))];
}

function issueItem(context: ReportContext, issue: ReportIssue): Item {
  const { texts, format } = context;
  const words = texts.report.issue(issue.kind, issue.cause);
  return {
    title: whenWhere(context, issue.dueAt, issue),
    lines: [quote(context, issue.excerpt)],
    told: [words, ...(issue.newAt === null ? [] : [texts.report.newDate(format.dayTime(issue.newAt))])],
    isTrouble: issue.kind === 'failed' || issue.kind === 'missed',
  };
}
