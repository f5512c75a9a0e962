import type { Agency } from '../domain/agency.ts';
import type { Brand } from '../domain/brand.ts';
import type { Channel } from '../domain/channel.ts';
import type { Delivery } from '../domain/delivery.ts';
import { POINTER_AFTER } from '../domain/late-policy.ts';
import type { MeasureMessage } from '../domain/messages.ts';
import { AGES, type Snapshot } from '../domain/metrics.ts';
import type { Post } from '../domain/post.ts';
import { localDay } from '../domain/report-week.ts';
import { type Instant, MINUTE } from '../domain/time.ts';
import type { Deps } from '../ports.ts';
import { brandPosts } from './brand-posts.ts';
import { type Measurable, measureChannel } from './measure-channel.ts';
import { openCredential } from './open-credential.ts';
import { providerContext } from './provider-context.ts';
import { usableChannel } from './usable-channel.ts';
import { remindOfReport } from './weekly-report.ts';

type BrandMessage = Extract<MeasureMessage, { kind: 'brand' }>;

/** Sweeps come hourly; a little more is looked back, so that a late one leaves no gap. */
const LOOK_BACK = 75 * MINUTE;
/** Once a day, at this hour UTC, the long ages are looked back in full: the net under a missed sweep. */
const FULL_HOUR = 3;
const MAX_TRIES = 6;

/**
 * Measures what has come of age in one brand. A channel whose network fails delays only itself: it gets a message
 * of its own. Also the net under the weekly report, whose schedule may have been missed. Measuring again what is measured already is left out, so a message may come twice.
 */
export async function measureBrand(deps: Deps, message: BrandMessage): Promise<void> {
  const { agencyId, brandId } = message;
  const [agency, brand] = await Promise.all([
    deps.agencies.get(agencyId),
    deps.brands.get(agencyId, brandId),
  ]);
  if (!agency || !brand) return;
  if (message.channelId === undefined && (await remindOfReport(deps, brand))) {
    deps.log.warn('report.reminded', { agencyId, brandId });
  }
  const due = await comeOfAge(deps, message);
  for (const channel of await deps.channels.list(agencyId, brandId)) {
    if (message.channelId !== undefined && channel.id !== message.channelId) continue;
    const ones = due.filter(({ delivery }) => delivery.channelId === channel.id);
    try {
      const measured = await measureChannel(deps, { agency, brand, channel, due: ones });
      if (measured.failure && measured.failure.kind !== 'unauthorized') await again(deps, message, channel);
      await countFollowers(deps, agency, brand, channel);
    } catch (error) {
      deps.log.error('measure.failed', { agencyId, brandId, channelId: channel.id, error: String(error) });
      await again(deps, message, channel);
    }
  }
}

/** The fixed age that is open for this publication and not yet taken; at most one, because the windows do not meet. */
export function measurableOf(
  post: Post,
  delivery: Delivery & { externalId: string },
  known: readonly Snapshot[],
  now: Instant,
): Measurable[] {
  const { publishedAt } = delivery;
  if (delivery.state !== 'published' || publishedAt === undefined) return [];
  const taken = new Set(known.filter(({ n }) => n === delivery.n).map(({ age }) => age));
  return AGES.filter(({ age, afterMs, untilMs }) => {
    const old = now - publishedAt;
    return old >= afterMs && old < untilMs && !taken.has(age);
  }).map(({ age }) => ({ post, delivery, age, isFirst: taken.size === 0 }));
}

async function comeOfAge(deps: Deps, { agencyId, brandId, at }: BrandMessage): Promise<Measurable[]> {
  const now = deps.clock.now();
  const found = new Map<string, Measurable>();
  for (const range of rangesAt(Math.min(at, now))) {
    for await (const post of brandPosts(deps, agencyId, brandId, range)) {
      if (found.has(`${post.id}.1`) || !post.deliveries.some(({ externalId }) => externalId)) continue;
      const known = await deps.posts.snapshots(agencyId, post.id);
      for (const delivery of post.deliveries) {
        const { externalId } = delivery;
        if (externalId === undefined) continue;
        for (const one of measurableOf(post, { ...delivery, externalId }, known, now))
          found.set(`${post.id}.${delivery.n}`, one);
      }
    }
  }
  return [...found.values()];
}

/** Calendar ranges in which publications of each age stand: by due time, or by a pointer when they went out late. */
function rangesAt(at: Instant): { from: Instant; to: Instant }[] {
  const full = new Date(at).getUTCHours() === FULL_HOUR;
  return AGES.map(({ age, afterMs, untilMs }) => {
    const short = age === '1h' || age === '6h' || age === '24h';
    const back = short || full ? untilMs - afterMs : LOOK_BACK;
    return { from: at - afterMs - back - POINTER_AFTER, to: at - afterMs };
  });
}

async function again(deps: Deps, message: BrandMessage, channel: Channel): Promise<void> {
  if (message.tries >= MAX_TRIES) return;
  const delaySeconds = Math.min(900, 120 * 2 ** message.tries);
  await deps.measureQueue.send(
    { ...message, channelId: channel.id, tries: message.tries + 1 },
    { delaySeconds, group: message.agencyId },
  );
}

/** Once per local day and channel. */
async function countFollowers(deps: Deps, agency: Agency, brand: Brand, channel: Channel): Promise<void> {
  const measuring = deps.provider(channel.network)?.metrics;
  if (!measuring || channel.health === 'expired' || channel.health === 'disconnected') return;
  const today = localDay(brand, deps.clock.now());
  if ((await deps.channels.followers(agency.id, channel.id, today, today)).length > 0) return;
  const usable = await usableChannel(deps, agency, channel);
  if (usable.failure) return;
  const credential = await openCredential(deps, agency, usable.channel);
  const count = await measuring.followers(
    { credential: credential as never, account: channel.account, facts: channel.facts },
    providerContext(deps, { agency, channelId: channel.id }),
  );
  // A failure waits for the next hour; there is still time today.
  if (typeof count === 'number') await deps.channels.putFollowers(agency.id, channel.id, today, count);
}
