import type { Block, Section } from './mail-view.ts';
import { agencySection } from './report-agency.ts';
import { channelsSection, definitionsSection, followersSection } from './report-channels.ts';
import { publicationItem, quote, type ReportContext, whenWhere } from './report-context.ts';
import { publishedSection } from './report-published.ts';

const MAX_LATER = 3;
const MAX_NEXT = 3;
const MAX_NOTE = 2_000;

/** The report from top to bottom, in the order in which a client wants to know it. */
export function reportSections(context: ReportContext): Section[] {
  const { report, texts, note } = context;
  const sections: (Section | undefined)[] = [
    report.provisional ? { blocks: [{ kind: 'small', text: texts.report.provisionalNote }] } : undefined,
    note
      ? {
          heading: texts.report.noteHeading,
          tone: 'note',
          blocks: [{ kind: 'text', text: note.slice(0, MAX_NOTE) }],
        }
      : undefined,
    publishedSection(context),
    resonanceSection(context),
    channelsSection(context),
    laterSection(context),
    rankingSection(context),
    followersSection(context),
    nextSection(context),
    requestSection(context),
    agencySection(context),
    definitionsSection(context),
  ];
  return sections.filter((section) => section !== undefined);
}

/** The week's mean beside that of the week before and of the weeks before, as far as there are any. */
export function comparisonOf({
  report,
  texts,
  format,
}: Pick<ReportContext, 'report' | 'texts' | 'format'>): string[] {
  const { resonance, lastWeek, fourWeeks } = report;
  if (resonance.mean === null) return [];
  const percent = (change: number | null) => (change === null ? null : format.percent(change));
  const said: string[] = [];
  if (lastWeek?.mean != null) {
    said.push(texts.report.lastWeek(format.mean(lastWeek.mean), percent(lastWeek.change)));
  }
  if (fourWeeks?.mean != null) {
    const { weeks, mean, change } = fourWeeks;
    said.push(texts.report.fourWeeks(weeks, format.mean(mean), percent(change)));
  }
  return said;
}

function resonanceSection(context: ReportContext): Section | undefined {
  const { report, texts, format } = context;
  const { report: said } = texts;
  const { resonance, lastWeek, fourWeeks, countedFromLastWeek, published } = report;
  const heading = said.resonanceHeading;
  const gone: Block[] =
    report.removed > 0
      ? [{ kind: 'small', text: said.removed(report.removed, format.count(report.removed)) }]
      : [];
  if (resonance.mean === null) {
    if (published === 0) return undefined;
    const text = report.later > 0 ? said.nothingCounted : said.nothingTold;
    return { heading, blocks: [{ kind: 'text', text }, ...gone] };
  }
  const mean = format.mean(resonance.mean);
  const blocks: Block[] = [
    { kind: 'figure', value: mean, label: said.meanLabel(mean) },
    ...comparisonOf(context).map((text) => ({ kind: 'text', text }) as const),
  ];
  if (!lastWeek && !fourWeeks) blocks.push({ kind: 'small', text: said.nothingToCompare });
  const posts = texts.posts(resonance.counted, format.count(resonance.counted));
  const total = said.interactions(format.count(resonance.interactions));
  blocks.push({ kind: 'small', text: said.countedLine(posts, total) });
  if (countedFromLastWeek > 0) {
    const text = said.fromLastWeek(countedFromLastWeek, format.count(countedFromLastWeek));
    blocks.push({ kind: 'small', text });
  }
  return { heading, blocks: [...blocks, ...gone] };
}

function laterSection(context: ReportContext): Section | undefined {
  const { report, texts, format } = context;
  if (report.later === 0) return undefined;
  const young = report.publications.filter(({ resonance }) => resonance.kind === 'later');
  const items = young.slice(0, MAX_LATER).map((publication) => publicationItem(context, publication));
  const rest = report.later - items.length;
  return {
    heading: texts.report.laterHeading,
    blocks: [
      { kind: 'text', text: texts.report.laterLine(report.later, format.count(report.later)) },
      { kind: 'items', items },
      ...(rest > 0 ? [{ kind: 'small', text: texts.more(rest, format.count(rest)) } as const] : []),
    ],
  };
}

function rankingSection(context: ReportContext): Section | undefined {
  const { report, texts, format } = context;
  const { strongest, weakest, usual } = report;
  if (!strongest || !weakest) return undefined;
  const blocks: Block[] = [
    {
      kind: 'items',
      items: [
        publicationItem(context, strongest, texts.report.strongest),
        publicationItem(context, weakest, texts.report.weakest),
      ],
    },
  ];
  if (usual) blocks.push({ kind: 'text', text: texts.report.usual(format.mean(usual.median), usual.over) });
  return { heading: texts.report.rankingHeading, blocks };
}

function nextSection(context: ReportContext): Section {
  const { report, texts, format } = context;
  const { from, to, planned, items } = report.next;
  const heading = texts.report.nextHeading;
  const days = format.days(from, to);
  if (planned === 0)
    return { heading, blocks: [{ kind: 'text', text: `${days}: ${texts.report.nextNothing}` }] };
  const shown = items.slice(0, MAX_NEXT).map((item) => ({
    title: whenWhere(context, item.dueAt, item),
    lines: [quote(context, item.excerpt)],
  }));
  const text = `${days}: ${texts.report.nextPlanned(planned, format.count(planned))}`;
  return {
    heading,
    blocks: [
      { kind: 'text', text },
      { kind: 'items', items: shown },
    ],
  };
}

function requestSection({ report, texts, audience }: ReportContext): Section | undefined {
  if (!report.request) return undefined;
  const text = texts.report.request(report.request, audience);
  return { heading: texts.report.requestHeading, tone: 'request', blocks: [{ kind: 'text', text }] };
}
