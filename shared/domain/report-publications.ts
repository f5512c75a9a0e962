import type { Delivery } from './delivery.ts';
import { AGES, interactions } from './metrics.ts';
import type { INTERACTION_PARTS, Resonance } from './report.ts';
import type { GatheredChannel, GatheredDelivery, ReportInput } from './report-input.ts';
import type { Instant } from './time.ts';

/** A delivery that is out and belongs into a report, with what came back to it. */
export type Publication = GatheredDelivery & {
  readonly publishedAt: Instant;
  readonly channel: GatheredChannel;
  readonly resonance: Resonance;
  readonly fromLastWeek: boolean;
};

const COUNTED_AGE = '24h';
const MEASURED_UNTIL = AGES.find(({ age }) => age === COUNTED_AGE)?.untilMs ?? 0;

/**
 * The publications that this report tells. Those of its own period; and those that the report before named as
 * too young (`countLater`) or as being checked (`openEnded`) and that are now known to be out.
 *
 * Which report counts a publication's resonance: the one of its period, if the 24 h snapshot was there when that
 * was made (or can never come any more); else the one after, which gets its id in `countLater` and counts it
 * (or, should it still be too young, hands it on). No snapshot's time is compared with any report's: the ids that
 * a report has left are the whole bookkeeping, so every resonance is counted in exactly one report.
 */
export function publicationsOf(input: ReportInput): Publication[] {
  const found = input.deliveries.flatMap((gathered): Publication[] => {
    const publishedAt = outSince(gathered.delivery);
    if (publishedAt === undefined) return [];
    const ofPeriod = input.period.from <= publishedAt && publishedAt < input.period.to;
    const fromLastWeek = !ofPeriod && input.countLater.has(gathered.id);
    if (!ofPeriod && !fromLastWeek && !isLateNews(input, gathered.id, publishedAt)) return [];
    const channel = channelOf(input, gathered);
    const resonance = resonanceOf(input, gathered, channel);
    return [{ ...gathered, publishedAt, channel, fromLastWeek, resonance }];
  });
  return found.sort((a, b) => a.publishedAt - b.publishedAt || (a.id < b.id ? -1 : 1));
}

/** Since when it is public; what of it is still to come (the rest of a thread, a comment) changes nothing in that. */
export function outSince({ state, publishedAt, externalId }: Delivery): Instant | undefined {
  return state === 'published' || state === 'removed' || externalId !== undefined ? publishedAt : undefined;
}

/** The delivery's channel; one that was deleted since goes by its network. */
export function channelOf(
  { channels, networks }: Pick<ReportInput, 'channels' | 'networks'>,
  { delivery }: GatheredDelivery,
): GatheredChannel {
  const { channelId: id, network } = delivery;
  const known = channels.find((channel) => channel.id === id);
  if (known) return known;
  const gone = networks[network] ?? { network, tells: [] };
  return { id, name: gone.network, ...gone, health: 'disconnected', followers: [] };
}

/** Being checked when the last report was made, and found to have been out since before this period. */
function isLateNews({ openEnded, period }: ReportInput, id: string, publishedAt: Instant): boolean {
  return openEnded.has(id) && publishedAt < period.from;
}

function resonanceOf(
  { asOf }: ReportInput,
  { delivery, snapshot }: GatheredDelivery,
  channel: GatheredChannel,
): Resonance {
  if (delivery.state === 'removed' || snapshot?.metrics === 'removed') return { kind: 'removed' };
  if (snapshot) {
    const known = interactions(snapshot.metrics);
    return known === null ? { kind: 'not_told' } : { kind: 'counted', interactions: known };
  }
  const mayCome =
    channel.tells.length > 0 &&
    channel.health !== 'disconnected' &&
    delivery.externalId !== undefined &&
    asOf < (delivery.publishedAt ?? 0) + MEASURED_UNTIL;
  return mayCome ? { kind: 'later' } : { kind: 'not_told' };
}

/** The four parts of the interactions, as far as told. */
export function partsOf({
  snapshot,
}: GatheredDelivery): Record<(typeof INTERACTION_PARTS)[number], number | null> | null {
  if (!snapshot || snapshot.metrics === 'removed') return null;
  const { metrics } = snapshot;
  return {
    reactions: metrics.reactions,
    replies: metrics.replies,
    shares: metrics.shares,
    saves: metrics.saves,
  };
}
