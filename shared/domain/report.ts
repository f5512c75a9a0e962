import type { Audience } from './brand.ts';
import type { Metric } from './metrics.ts';
import type { Instant } from './time.ts';

/** What came back to one publication: interactions at its 24 h snapshot, or why there is no number. */
export type Resonance =
  | { readonly kind: 'counted'; readonly interactions: number }
  /** Not measured at 24 h yet: counts in the next report. */
  | { readonly kind: 'later' }
  /** Its network tells nothing, or could not be asked in time. Never 0. */
  | { readonly kind: 'not_told' }
  /** Gone from its network. */
  | { readonly kind: 'removed' };

/** What only the agency's copy says. Times in ms. */
export type AgencyDetails = {
  readonly deliveryId: string;
  /** `startedAt − dueAt`. */
  readonly latenessMs: number | null;
  /** How often it was tried. */
  readonly attempts: number;
  readonly code: string | null;
  readonly reason: string | null;
};

/** One delivery that is out. */
export type ReportPublication = {
  readonly publishedAt: Instant;
  readonly channel: string;
  readonly network: string;
  /** Beginning of its text. */
  readonly excerpt: string;
  readonly url: string | null;
  readonly resonance: Resonance;
  readonly parts: Readonly<Record<InteractionPart, number | null>> | null;
  /** Published in the week before, when it was too young to be counted. */
  readonly fromLastWeek: boolean;
  readonly agency?: AgencyDetails;
};
export type InteractionPart = Extract<Metric, 'reactions' | 'replies' | 'shares' | 'saves'>;
export const INTERACTION_PARTS: readonly InteractionPart[] = ['reactions', 'replies', 'shares', 'saves'];

/** Why something that was planned is not out, as a client may hear it. */
export const ISSUE_CAUSES = [
  'refused',
  'unreachable',
  'interrupted',
  'connection',
  'too_late',
  'on_hold',
  'declined',
  'internal',
] as const;
export type IssueCause = (typeof ISSUE_CAUSES)[number];

/** One delivery that was planned for this week and is not known to be out. */
export type ReportIssue = {
  /** `checking`: it may be out, and somebody is looking. `underway`: it is being sent, or tried again. */
  readonly kind: 'failed' | 'missed' | 'held' | 'checking' | 'underway';
  readonly cause: IssueCause | null;
  readonly dueAt: Instant;
  /** When it is planned for now. */
  readonly newAt: Instant | null;
  readonly channel: string;
  readonly network: string;
  readonly excerpt: string;
  readonly agency?: AgencyDetails;
};

export type ReportChannel = {
  readonly name: string;
  readonly network: string;
  /** Publications in this week. */
  readonly published: number;
  /** Publications whose interactions are known and counted here. */
  readonly counted: number;
  /** Interactions of the counted ones; null when there is none. */
  readonly interactions: number | null;
  /** Which parts of the interactions this network tells at all. */
  readonly tells: readonly InteractionPart[];
  /** Followers at the first and last day that were told in this week; null when none was. */
  readonly followers: {
    readonly first: number;
    readonly last: number;
    readonly change: number | null;
  } | null;
};

/** Interactions of publications, never a total alone. `mean` is null when nothing is counted. */
export type Resonances = {
  readonly counted: number;
  readonly interactions: number;
  readonly mean: number | null;
};
/** `change`: how much higher this week's mean is, as a fraction; null where it would mislead. */
export type Comparison = Resonances & { readonly change: number | null };

/** What a week leaves for later comparisons. */
export type WeekFigures = {
  readonly planned: number;
  readonly published: number;
  readonly counted: number;
  readonly interactions: number;
  /** Interactions of each counted publication, for medians; the first 500. */
  readonly values: readonly number[];
};

/** The one thing that is asked of the reader. `network`: reports of before it was kept have none. */
export type ReportRequest =
  | { readonly kind: 'reconnect'; readonly channel: string; readonly network?: string }
  | { readonly kind: 'topics' }
  | { readonly kind: 'resolve'; readonly count: number }
  | { readonly kind: 'reschedule'; readonly count: number };

export type PlannedDelivery = {
  readonly dueAt: Instant;
  readonly channel: string;
  readonly network: string;
  readonly excerpt: string;
};

/** What a report says, per audience; a mail, a page, a text and a CSV are renderings of it. Plain JSON. */
export type ReportData = {
  readonly audience: Audience;
  readonly brandId: string;
  readonly brandName: string;
  readonly timeZone: string;
  readonly week: string;
  readonly provisional: boolean;
  /** `from <= publishedAt < to`. */
  readonly from: Instant;
  readonly to: Instant;
  /** When the figures were taken. */
  readonly asOf: Instant;
  readonly planned: number;
  readonly published: number;
  readonly issues: readonly ReportIssue[];
  readonly resonance: Resonances;
  readonly lastWeek: Comparison | null;
  /** Mean of the weeks before; `weeks` of the four were told. */
  readonly fourWeeks: (Comparison & { readonly weeks: number }) | null;
  readonly channels: readonly ReportChannel[];
  /** Publications by time, at most `MAX_ROWS`; `rowsLeftOut` more are in the figures, but not listed. */
  readonly publications: readonly ReportPublication[];
  readonly rowsLeftOut: number;
  /** Publications that have gone from their network since: never counted. */
  readonly removed: number;
  /** Publications that count next week, and those of last week that count here. */
  readonly later: number;
  readonly countedFromLastWeek: number;
  readonly strongest: ReportPublication | null;
  readonly weakest: ReportPublication | null;
  /** Median of the interactions per publication, and over what. */
  readonly usual: { readonly median: number; readonly over: 'four_weeks' | 'this_week' } | null;
  readonly next: {
    readonly from: Instant;
    readonly to: Instant;
    readonly planned: number;
    /** The first of them that are still to come. */
    readonly items: readonly PlannedDelivery[];
  };
  readonly request: ReportRequest | null;
  /** How late publications began, in ms; only in the agency's copy. */
  readonly lateness?: { readonly medianMs: number; readonly maxMs: number; readonly of: number } | null;
};

export const MAX_ROWS = 1_000;

/** A stored report: made once per week and brand, or provisional on demand. */
export type StoredReport = {
  readonly id: string;
  readonly agencyId: string;
  readonly brandId: string;
  /** ISO week of the window's last day, `2026-W47`. */
  readonly week: string;
  /** Made before the week ended; never counts as the week's mail. */
  readonly provisional: boolean;
  readonly from: Instant;
  readonly to: Instant;
  readonly note?: string;
  readonly createdAt: Instant;
  /** The data for each audience. */
  readonly data: Readonly<Record<Audience, ReportData>>;
  readonly figures: WeekFigures;
  /** Ids of deliveries that this report tells as published, but leaves to the next one to count. */
  readonly countLater: readonly string[];
  /** Ids of deliveries that had not ended yet: the next report tells how they did. */
  readonly openEnded: readonly string[];
  /** Whom `send` is for; absent: every recipient of the brand. */
  readonly audience?: Audience;
  /** Audiences that the first sending was asked for; another sending to them is a repetition. */
  readonly asked?: readonly Audience[];
  /** Counts deliberate repeated sendings; each has its own ledger ids. */
  readonly run: number;
  readonly sentAt?: Instant;
  /** Sendings that were asked for and are not known to have ended: what a queue in memory may have lost. */
  readonly underway?: readonly Sending[];
};

/** One sending of a report; without an audience it is for every recipient. */
export type Sending = { readonly run: number; readonly audience?: Audience; readonly at: Instant };
