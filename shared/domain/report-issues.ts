import { type Attempt, type Delivery, isOpen } from './delivery.ts';
import type { IssueCause, ReportIssue } from './report.ts';
import type { GatheredDelivery, ReportInput } from './report-input.ts';
import { outSince } from './report-publications.ts';

/** What was planned for a report's period and is not known to be out. */
export type Issue = GatheredDelivery &
  Pick<ReportIssue, 'kind' | 'cause' | 'dueAt' | 'newAt'> & {
    /** The try in this period that failed, of what has a new date since. */
    readonly tried?: Attempt;
  };

/**
 * Due in the period and not out; not ended when the last report was made, and failed or missed after all; and what
 * failed in the period and was given a new date behind it. What may be out is `checking`, never called unpublished.
 */
export function issuesOf(input: ReportInput): Issue[] {
  const { period } = input;
  const due = input.deliveries.flatMap((gathered) => {
    const { dueAt } = gathered.delivery;
    const ofPeriod = period.from <= dueAt && dueAt < period.to;
    const issue = ofPeriod || input.openEnded.has(gathered.id) ? issueOf(gathered, input) : undefined;
    // Not ended yet, and told so by the last report: it waits on in `openEnded`.
    return issue && (ofPeriod || isFinal(issue)) ? [issue] : [];
  });
  const told = new Set(due.map(({ id }) => id));
  const moved = input.next.planned.flatMap((gathered) =>
    told.has(gathered.id) ? [] : movedOut(gathered, input),
  );
  return [...due, ...moved].sort((a, b) => a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1));
}

/** Due before the period's end, and not ended yet: the next report tells how it did. */
export function openEndedOf({ deliveries, period }: ReportInput): string[] {
  return deliveries
    .filter(({ delivery }) => {
      if (isInDoubt(delivery)) return true;
      return isOpen(delivery) && outSince(delivery) === undefined && delivery.dueAt < period.to;
    })
    .map(({ id }) => id);
}

const isFinal = ({ kind }: Issue): boolean => kind === 'failed' || kind === 'missed';

/** May it be out without our knowing? */
function isInDoubt(delivery: Delivery): boolean {
  if (outSince(delivery) !== undefined) return false;
  return delivery.state === 'uncertain' || delivery.doubtSince !== undefined;
}

function issueOf(gathered: GatheredDelivery, input: ReportInput): Issue | undefined {
  const { delivery } = gathered;
  const { dueAt, state, nextAttemptAt } = delivery;
  const cause = causeOf(delivery);
  const newAt = nextAttemptAt !== undefined && nextAttemptAt > input.asOf ? nextAttemptAt : null;
  if (outSince(delivery) !== undefined) return undefined;
  if (isInDoubt(delivery)) return { ...gathered, kind: 'checking', cause: null, dueAt, newAt: null };
  switch (state) {
    case 'published':
    case 'removed':
    case 'cancelled':
    case 'uncertain':
      return undefined;
    case 'failed':
    case 'missed':
      return { ...gathered, kind: state, cause, dueAt, newAt: null };
    case 'held':
      return { ...gathered, kind: 'held', cause, dueAt, newAt: null };
    case 'scheduled':
    case 'publishing':
    case 'pending':
    case 'retrying':
      return { ...gathered, kind: 'underway', cause: state === 'retrying' ? cause : null, dueAt, newAt };
  }
}

/** Planned behind the period now, but tried in it without success. */
function movedOut(gathered: GatheredDelivery, { period }: ReportInput): Issue[] {
  const { delivery, attempts = [] } = gathered;
  if (!['scheduled', 'held', 'retrying'].includes(delivery.state) || isInDoubt(delivery)) return [];
  const tried = attempts
    .filter(({ n, at }) => n === delivery.n && period.from <= at && at < period.to)
    .at(-1);
  if (!tried) return [];
  return [
    {
      ...gathered,
      tried,
      kind: 'failed',
      cause: causeOfAttempt(tried),
      dueAt: tried.at,
      newAt: delivery.dueAt,
    },
  ];
}

/** Codes of our own become one of a few causes; every other code is a network's refusal. */
const CAUSES: Readonly<Record<string, IssueCause>> = {
  unavailable: 'unreachable',
  rate_limited: 'unreachable',
  channel_expired: 'connection',
  too_late: 'too_late',
  late: 'too_late',
  channel_paused: 'on_hold',
  brand_held: 'on_hold',
  agency_held: 'on_hold',
  internal: 'internal',
  media: 'internal',
  mail_not_sent: 'internal',
  declined: 'declined',
  not_published: 'interrupted',
};

/** Some networks name the code themselves, and may name it `constructor`. */
const ownCause = (code: string | undefined): IssueCause | undefined =>
  code !== undefined && Object.hasOwn(CAUSES, code) ? CAUSES[code] : undefined;

function causeOf({ state, code, holds }: Delivery): IssueCause {
  const said = state === 'held' ? (holds[0]?.code ?? code) : code;
  const known = ownCause(said);
  if (known) return known;
  if (state === 'missed') return 'too_late';
  if (state === 'held') return 'on_hold';
  return said === undefined ? 'internal' : 'refused';
}

function causeOfAttempt({ outcome, code }: Attempt): IssueCause {
  const known = ownCause(code ?? outcome);
  if (known) return known;
  if (outcome === 'rateLimited') return 'unreachable';
  return outcome === 'unauthorized' ? 'connection' : 'refused';
}
