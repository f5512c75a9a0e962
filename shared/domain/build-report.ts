import type { Audience } from './brand.ts';
import { works } from './channel.ts';
import {
  type Comparison,
  MAX_ROWS,
  type PlannedDelivery,
  type ReportChannel,
  type ReportData,
  type ReportRequest,
  type StoredReport,
} from './report.ts';
import { compare, compareFourWeeks, figuresOf, median, resonances, sum } from './report-comparison.ts';
import type { GatheredChannel, GatheredDelivery, ReportInput } from './report-input.ts';
import { type Issue, issuesOf, openEndedOf } from './report-issues.ts';
import { channelOf, type Publication, publicationsOf } from './report-publications.ts';
import { rank } from './report-ranking.ts';
import { excerpt, issueRow, latenessMs, publicationRow } from './report-rows.ts';

export type BuiltReport = Pick<StoredReport, 'data' | 'figures' | 'countLater' | 'openEnded'>;

const MAX_ISSUES = 200;
const MAX_NEXT = 20;
const MAX_VALUES = 500;

/** Makes the report of a period for both audiences. Pure; `report-input.ts` says what it is given. */
export function buildReport(input: ReportInput): BuiltReport {
  const publications = publicationsOf(input);
  const issues = issuesOf(input);
  const values = countedOf(publications);
  const published = publications.filter(({ fromLastWeek }) => !fromLastWeek).length;
  const planned = published + issues.length;
  const facts: Facts = { input, publications, issues, values, planned, published };
  return {
    data: { client: dataFor('client', facts), agency: dataFor('agency', facts) },
    figures: {
      planned,
      published,
      counted: values.length,
      interactions: sum(values),
      values: values.slice(0, MAX_VALUES),
    },
    countLater: publications.filter(({ resonance }) => resonance.kind === 'later').map(({ id }) => id),
    openEnded: openEndedOf(input),
  };
}

type Facts = {
  readonly input: ReportInput;
  readonly publications: readonly Publication[];
  readonly issues: readonly Issue[];
  readonly values: readonly number[];
  readonly planned: number;
  readonly published: number;
};

function dataFor(audience: Audience, facts: Facts): ReportData {
  const { input, publications, issues, planned, published } = facts;
  const { brand, period, history } = input;
  const resonance = resonances(facts.values);
  const ranking = rank(publications, history);
  const early = publications.some(isEarly);
  const row = (publication: Publication | undefined) =>
    publication ? publicationRow(audience, publication) : null;
  return {
    audience,
    brandId: brand.id,
    brandName: brand.name,
    timeZone: brand.timeZone,
    week: period.week,
    provisional: input.provisional,
    from: period.from,
    to: period.to,
    asOf: input.asOf,
    planned,
    published,
    issues: issues.slice(0, MAX_ISSUES).map((issue) => issueRow(audience, issue, input)),
    resonance,
    lastWeek: asFar(early, compare(resonance, figuresOf(history[0]))),
    fourWeeks: asFar(early, compareFourWeeks(resonance, history)),
    channels: channelsOf(facts),
    publications: publications.slice(0, MAX_ROWS).map((one) => publicationRow(audience, one)),
    rowsLeftOut: Math.max(0, publications.length - MAX_ROWS),
    removed: publications.filter((one) => one.resonance.kind === 'removed').length,
    later: publications.filter((one) => one.resonance.kind === 'later').length,
    countedFromLastWeek: countedOf(publications.filter(({ fromLastWeek }) => fromLastWeek)).length,
    strongest: row(ranking.strongest),
    weakest: row(ranking.weakest),
    usual: ranking.usual,
    next: nextOf(input),
    request: audience === 'client' ? clientRequest(input) : agencyRequest(facts),
    ...(audience === 'agency' ? latenessOf(publications) : {}),
  };
}

/** Counted with what there is so far, in an interim report: the weeks before had 24 hours for each. */
const isEarly = ({ resonance, snapshot }: Publication): boolean =>
  resonance.kind === 'counted' && snapshot?.age !== '24h';

const asFar = <One extends Comparison>(early: boolean, comparison: One | null): One | null =>
  early && comparison ? { ...comparison, change: null } : comparison;

function latenessOf(publications: readonly Publication[]): Required<Pick<ReportData, 'lateness'>> {
  const known = publications
    .filter(({ fromLastWeek }) => !fromLastWeek)
    .map(latenessMs)
    .filter((ms) => ms !== null);
  const middle = median(known);
  if (middle === undefined) return { lateness: null };
  const maxMs = known.reduce((most, ms) => Math.max(most, ms));
  return { lateness: { medianMs: middle, maxMs, of: known.length } };
}

/** Every channel of the brand, and every deleted one that something was published on; best mean first. */
function channelsOf({ input, publications }: Facts): ReportChannel[] {
  const all = new Map<string, GatheredChannel>(input.channels.map((channel) => [channel.id, channel]));
  for (const { channel } of publications) all.set(channel.id, channel);
  const rows = [...all.values()].map((channel): ReportChannel & { mean: number | null } => {
    const own = publications.filter((publication) => publication.channel.id === channel.id);
    const values = countedOf(own);
    return {
      name: channel.name,
      network: channel.network,
      published: own.filter(({ fromLastWeek }) => !fromLastWeek).length,
      counted: values.length,
      interactions: values.length === 0 ? null : sum(values),
      tells: channel.tells,
      followers: followersOf(channel),
      mean: resonances(values).mean,
    };
  });
  return rows
    .sort((a, b) => (b.mean ?? -1) - (a.mean ?? -1) || b.published - a.published)
    .map(({ mean: _mean, ...row }) => row);
}

function followersOf({ followers }: GatheredChannel): ReportChannel['followers'] {
  const [first, last] = [followers[0], followers.at(-1)];
  if (!first || !last) return null;
  const change = first.day === last.day ? null : last.count - first.count;
  return { first: first.count, last: last.count, change };
}

function nextOf(input: ReportInput): ReportData['next'] {
  const { from, to } = input.next;
  const planned = plannedOf(input);
  const items = planned
    .filter(({ delivery }) => delivery.dueAt >= input.asOf)
    .sort((a, b) => a.delivery.dueAt - b.delivery.dueAt || (a.id < b.id ? -1 : 1))
    .slice(0, MAX_NEXT)
    .map((gathered): PlannedDelivery => {
      const { name, network } = channelOf(input, gathered);
      return {
        dueAt: gathered.delivery.dueAt,
        channel: name,
        network,
        excerpt: excerpt(gathered.text),
      };
    });
  return { from, to, planned: planned.length, items };
}

function plannedOf({ next }: ReportInput): GatheredDelivery[] {
  return next.planned.filter(({ delivery: { state, dueAt } }) => {
    return state !== 'cancelled' && next.from <= dueAt && dueAt < next.to;
  });
}

function clientRequest(input: ReportInput): ReportRequest | null {
  const broken = input.channels.find((channel) => !works(channel));
  if (broken) return reconnect(broken);
  return plannedOf(input).length === 0 ? { kind: 'topics' } : null;
}

function agencyRequest({ input, issues }: Facts): ReportRequest | null {
  const checking = issues.filter(({ kind }) => kind === 'checking').length;
  if (checking > 0) return { kind: 'resolve', count: checking };
  const dropped = issues.filter(({ kind, newAt }) => kind !== 'underway' && newAt === null).length;
  const broken = input.channels.find(({ health }) => health !== 'connected');
  if (broken) return reconnect(broken);
  if (dropped > 0) return { kind: 'reschedule', count: dropped };
  return clientRequest(input);
}

const reconnect = ({ name, network }: GatheredChannel): ReportRequest => ({
  kind: 'reconnect',
  channel: name,
  network,
});

function countedOf(publications: readonly Publication[]): number[] {
  return publications.flatMap(({ resonance }) =>
    resonance.kind === 'counted' ? [resonance.interactions] : [],
  );
}
