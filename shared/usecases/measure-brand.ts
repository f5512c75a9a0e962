import type { Agency } from '../domain/agency.ts';
import type { Brand } from '../domain/brand.ts';
import type { Channel } from '../domain/channel.ts';
import type { Delivery } from '../domain/delivery.ts';
import { POINTER_AFTER } from '../domain/late-policy.ts';
import type { MeasureMessage } from '../domain/messages.ts';
import { AGES, type Snapshot } from '../domain/metrics.ts';
import type { Post } from '../domain/post.ts';
import { localDay } from '../domain/report-week.ts';
import { DAY, type Instant, MINUTE, SECOND } from '../domain/time.ts';
import type { Deps } from '../ports.ts';
import { brandPosts } from './brand-posts.ts';
import { channelProvider } from './channel-provider.ts';
import { keepMeasured } from './keep-measured.ts';
import { type Measurable, type Measured, measureChannel } from './measure-channel.ts';
import { openCredential } from './open-credential.ts';
import { providerContext } from './provider-context.ts';
import { remindOfReport } from './remind-of-report.ts';
import { usableChannel } from './usable-channel.ts';

type BrandMessage = Extract<MeasureMessage, { kind: 'brand' }>;

/** Sweeps come hourly; a little more is looked back, so that a late one leaves no gap. */
const LOOK_BACK = 75 * MINUTE;
/** Once a day, at this hour UTC, the long ages are looked back in full, the short ones more often: the net under a missed sweep. */
const FULL_HOUR = 3;
const SHORT_EVERY_HOURS = 2;
/** Followers are counted once a day; so often is looked whether they have been. */
const FOLLOWERS_EVERY_HOURS = 4;
const MAX_TRIES = 6;
/** So many channels are asked at a time, and what they told is stored before the next ones. */
const AT_ONCE = 5;
const READS_AT_ONCE = 20;

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
  const counts = isHour(message.at, FOLLOWERS_EVERY_HOURS);
  if (due.length === 0 && !counts) return;
  const listed = await deps.channels.list(agencyId, brandId);
  const asked = listed.filter(({ id }) => message.channelId === undefined || id === message.channelId);
  for (let start = 0; start < asked.length; start += AT_ONCE) {
    const some = asked.slice(start, start + AT_ONCE);
    const measured = await Promise.all(
      some.map((channel) => askChannel(deps, message, { agency, brand, channel, due })),
    );
    try {
      await keepMeasured(deps, brand, measured);
    } catch (error) {
      deps.log.error('measure.not_kept', { agencyId, brandId, error: String(error) });
      for (const { channel, found } of measured) if (found.length > 0) await again(deps, message, channel);
    }
  }
}

/** What this channel's network tells. One that fails delays only itself: it gets a message of its own. */
async function askChannel(
  deps: Deps,
  message: BrandMessage,
  {
    agency,
    brand,
    channel,
    due,
  }: { agency: Agency; brand: Brand; channel: Channel; due: readonly Measurable[] },
): Promise<Measured> {
  let measured: Measured = { channel, found: [] };
  try {
    const ones = due.filter(({ delivery }) => delivery.channelId === channel.id);
    measured = await measureChannel(deps, { agency, channel, due: ones });
    const { failure } = measured;
    if (failure && failure.kind !== 'unauthorized') {
      await again(deps, message, channel, failure.kind === 'rateLimited' ? failure.retryAt : undefined);
    }
    if (isHour(message.at, FOLLOWERS_EVERY_HOURS)) await countFollowers(deps, agency, brand, channel);
  } catch (error) {
    const { agencyId, brandId } = message;
    deps.log.error('measure.failed', { agencyId, brandId, channelId: channel.id, error: String(error) });
    await again(deps, message, channel);
  }
  return measured;
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
  const posts = new Map<string, Post>();
  for (const range of rangesAt(Math.min(at, now))) {
    for await (const post of brandPosts(deps, agencyId, brandId, range)) {
      // Ranges are wider than windows: where nothing can be open, there is no use in asking what is taken.
      if (publicationsOf(post).some((one) => measurableOf(post, one, [], now).length > 0)) {
        posts.set(post.id, post);
      }
    }
  }
  const open = [...posts.values()];
  const found: Measurable[] = [];
  for (let start = 0; start < open.length; start += READS_AT_ONCE) {
    const some = open.slice(start, start + READS_AT_ONCE).map(async (post) => {
      const known = await deps.posts.snapshots(agencyId, post.id);
      return publicationsOf(post).flatMap((one) => measurableOf(post, one, known, now));
    });
    found.push(...(await Promise.all(some)).flat());
  }
  return found;
}

const publicationsOf = (post: Post) =>
  post.deliveries.flatMap(({ externalId, ...rest }) =>
    externalId === undefined ? [] : [{ ...rest, externalId }],
  );

/** Calendar ranges in which publications of each age stand: by due time, or by a pointer when they went out late. */
function rangesAt(at: Instant): { from: Instant; to: Instant }[] {
  return AGES.map(({ afterMs, untilMs }) => {
    const window = untilMs - afterMs;
    const back = isHour(at, window < DAY ? SHORT_EVERY_HOURS : 24) ? window : Math.min(window, LOOK_BACK);
    return { from: at - afterMs - back - POINTER_AFTER, to: at - afterMs };
  });
}

/** One in so many hours, UTC, counted from the full one. */
const isHour = (at: Instant, every: number): boolean =>
  (new Date(at).getUTCHours() - FULL_HOUR) % every === 0;

/** `notBefore`: the network asked to wait until then. */
async function again(
  deps: Deps,
  message: BrandMessage,
  channel: Channel,
  notBefore: Instant = 0,
): Promise<void> {
  if (message.tries >= MAX_TRIES) return;
  const asked = Math.ceil((notBefore - deps.clock.now()) / SECOND);
  const delaySeconds = Math.min(900, Math.max(asked, 120 * 2 ** message.tries));
  await deps.measureQueue.send(
    { ...message, channelId: channel.id, tries: message.tries + 1 },
    { delaySeconds, group: message.agencyId },
  );
}

/** Once per local day and channel. */
async function countFollowers(deps: Deps, agency: Agency, brand: Brand, channel: Channel): Promise<void> {
  const measuring = (await channelProvider(deps, channel))?.metrics;
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
