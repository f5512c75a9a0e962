import type { InteractionPart, IssueCause, ReportIssue, ReportRequest } from '../domain/report.ts';
import { german } from './texts-de.ts';
import { english } from './texts-en.ts';

/** Every sentence of the mails in one language; numbers and times come in ready for the reader's locale. */
export type Texts = {
  readonly language: 'de' | 'en';
  /** Separates the cells of a CSV, as spreadsheets of that language expect it. */
  readonly cellSeparator: ',' | ';';
  readonly quoted: (text: string) => string;
  readonly noText: string;
  /** `Week 48` of `2026-W48`. */
  readonly week: (week: string) => string;
  readonly posts: (count: number, shown: string) => string;
  readonly more: (count: number, shown: string) => string;
  readonly look: string;
  readonly report: ReportTexts;
  readonly csv: CsvTexts;
  readonly unsubscribe: UnsubscribeTexts;
};

export type ReportTexts = {
  readonly subjectPublished: (published: string, planned: string, plannedCount: number) => string;
  readonly subjectNothing: string;
  readonly subjectMean: (mean: string) => string;
  readonly weekly: string;
  readonly provisional: string;
  readonly provisionalNote: string;
  readonly agencyCopy: string;
  readonly noteHeading: string;
  readonly publishedHeading: string;
  readonly publishedOf: (published: string, planned: string) => string;
  readonly publishedLabel: (planned: number) => string;
  readonly checking: (shown: string) => string;
  readonly allPublished: string;
  readonly nothingPlanned: string;
  readonly issue: (kind: ReportIssue['kind'], cause: IssueCause | null) => string;
  readonly newDate: (at: string) => string;
  readonly resonanceHeading: string;
  /** Numbers come as they are shown: what is shown as 1 is one. */
  readonly meanLabel: (mean: string) => string;
  readonly countedLine: (posts: string, interactions: string) => string;
  readonly fromLastWeek: (count: number, shown: string) => string;
  readonly removed: (count: number, shown: string) => string;
  readonly lastWeek: (mean: string, change: string | null) => string;
  readonly fourWeeks: (weeks: number, mean: string, change: string | null) => string;
  readonly nothingToCompare: string;
  readonly nothingCounted: string;
  readonly nothingTold: string;
  readonly channelsHeading: string;
  readonly channelTellsNothing: string;
  readonly channelNotCounted: string;
  readonly channelCounted: (posts: string, counted: string | null) => string;
  readonly noPosts: string;
  readonly laterHeading: string;
  readonly laterLine: (count: number, shown: string) => string;
  readonly rankingHeading: string;
  readonly strongest: string;
  readonly weakest: string;
  readonly interactions: (shown: string) => string;
  readonly usual: (median: string, over: 'four_weeks' | 'this_week') => string;
  readonly followersHeading: string;
  readonly nextHeading: string;
  readonly nextPlanned: (count: number, shown: string) => string;
  readonly nextNothing: string;
  readonly requestHeading: string;
  readonly request: (request: ReportRequest, audience: 'client' | 'agency') => string;
  readonly agencyHeading: string;
  readonly lateness: (median: string, most: string, posts: string) => string;
  readonly noLateness: string;
  readonly details: (code: string | null, attempts: number) => string;
  readonly definitionsHeading: string;
  readonly definitions: readonly string[];
  readonly tells: (count: number, networks: string, parts: string) => string;
  readonly tellsNothing: (count: number, networks: string) => string;
  readonly part: Readonly<Record<InteractionPart, string>>;
  readonly asOf: (stamp: string, zone: string) => string;
  readonly csvNote: string;
  readonly sentBy: (agency: string) => string;
};

export type CsvTexts = {
  readonly figures: string;
  readonly figure: Readonly<
    Record<
      | 'brand'
      | 'week'
      | 'period'
      | 'asOf'
      | 'zone'
      | 'planned'
      | 'published'
      | 'counted'
      | 'interactions'
      | 'mean'
      | 'lastWeek'
      | 'lastWeekChange'
      | 'fourWeeks'
      | 'fourWeeksChange'
      | 'usual'
      | 'later'
      | 'removed'
      | 'next',
      string
    >
  >;
  readonly channels: readonly string[];
  readonly publications: readonly string[];
  readonly issues: readonly string[];
  readonly planned: readonly string[];
  readonly agency: readonly string[];
  readonly resonance: Readonly<Record<'counted' | 'later' | 'not_told' | 'removed', string>>;
  readonly yes: string;
  readonly rowsLeftOut: (count: string) => string;
};

export type AlertKind =
  | 'failed'
  | 'missed'
  | 'uncertain'
  | 'incomplete'
  | 'expiring'
  | 'expired'
  | 'mail_uncertain'
  | 'mail_not_sent'
  | 'other';
export type AlertTexts = {
  readonly subject: (brand: string, count: number, first: string) => string;
  readonly title: string;
  readonly what: (kind: AlertKind, where: string) => string;
  readonly why: (reason: string) => string;
  readonly whatToDo: (kind: AlertKind) => string;
  readonly due: (at: string) => string;
  readonly id: (id: string) => string;
  readonly lookAtChannel: string;
  readonly howTo: string;
  readonly grouped: string;
  readonly more: (count: string) => string;
};

export type UnsubscribeTexts = {
  readonly link: string;
  readonly title: string;
  readonly question: (brand: string, email: string) => string;
  readonly button: string;
  readonly done: (brand: string, email: string) => string;
  readonly dead: string;
};

/** The texts for a locale such as `de-AT`; English for a language there is none for. */
export function textsFor(locale: string): Texts {
  return locale.toLowerCase().split('-')[0] === 'de' ? german : english;
}
