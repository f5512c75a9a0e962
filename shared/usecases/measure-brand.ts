import type { Agency } from '../domain/agency.ts';
import type { Brand } from '../domain/brand.ts';
import { type Channel, works } from '../domain/channel.ts';
import { POINTER_AFTER } from '../domain/late-policy.ts';
import type { MeasureMessage } from '../domain/messages.ts';
import type { Age } from '../domain/metrics.ts';
import { openAge, publicationsOf } from '../domain/open-age.ts';
import { localDay } from '../domain/report-week.ts';
import { type Look, looksIn, passes } from '../domain/sweep-looks.ts';
import { HOUR, type Instant, SECOND } from '../domain/time.ts';
import type { Deps } from '../ports.ts';
import { brandPostsLately } from './brand-posts.ts';
import { channelProvider } from './channel-provider.ts';
import { keepMeasured } from './keep-measured.ts';
import { type Measurable, type Measured, measureChannel } from './measure-channel.ts';
import { openCredential } from './open-credential.ts';
import { providerContext } from './provider-context.ts';
import { remindOfReport } from './remind-of-report.ts';
import { snapshotsOf } from './snapshots-of.ts';
import { usableChannel } from './usable-channel.ts';

export type BrandMessage = Extract<MeasureMessage, { kind: 'brand' }>;

/** Followers are counted once a day; so often is looked whether they have been. */
const FOLLOWERS_EVERY = 12 * HOUR;
const REPORT_EVERY = 3 * HOUR;
/** Eleven hours: about as long as there is, from the age of three days on. */
const MAX_TRIES = 48;
/** So many channels are asked at a time, and what they told is stored before the next ones. */
const AT_ONCE = 5;
/** So long a call begins new requests: the last ones may take 20 s each, and the function has 60 s. */
const ENOUGH = 25 * SECOND;

/**
 * Measures what has come of age in one brand in the span of a sweep. A channel whose network fails delays only
 * itself: it gets a message of its own, again and again while something of it still counts; and so does what a call
 * has no time left for. Also the net under the weekly report, whose schedule may have been missed. A sweep reads
 * nothing to know what is measured already: spans follow on each other, and what a message that comes twice measures
 * again is measured a little later, which is as good.
 */
export async function measureBrand(deps: Deps, message: BrandMessage): Promise<void> {
  const { agencyId, brandId } = message;
  const until = deps.clock.monotonic() + ENOUGH;
  const due = await stillUnknown(deps, message, await comeOfAge(deps, message));
  const counts = passes(message, FOLLOWERS_EVERY);
  const reminds = message.channelId === undefined && passes(message, REPORT_EVERY);
  if (due.length === 0 && !counts && !reminds) return;
  const [agency, brand] = await Promise.all([
    deps.agencies.get(agencyId),
    deps.brands.getLately(agencyId, brandId),
  ]);
  if (!agency || !brand) return;
  if (reminds && (await remindOfReport(deps, brand))) {
    deps.log.warn('report.reminded', { agencyId, brandId });
  }
  if (due.length === 0 && !counts) return;
  const listed = counts
    ? await deps.channels.list(agencyId, brandId)
    : await deps.channels.getLately(agencyId, [...new Set(due.map(({ delivery }) => delivery.channelId))]);
  const asked = listed.filter(({ id }) => message.channelId === undefined || id === message.channelId);
  for (let start = 0; start < asked.length; start += AT_ONCE) {
    if (start > 0 && deps.clock.monotonic() >= until) {
      for (const channel of asked.slice(start)) await handOn(deps, message, channel);
      return;
    }
    const some = asked.slice(start, start + AT_ONCE);
    const measured = await Promise.all(
      some.map((channel) => askChannel(deps, message, { agency, brand, channel, due, until })),
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
    until,
  }: { agency: Agency; brand: Brand; channel: Channel; due: readonly Measurable[]; until: number },
): Promise<Measured> {
  let measured: Measured = { channel, found: [] };
  try {
    const ones = due.filter(({ delivery }) => delivery.channelId === channel.id);
    measured = await measureChannel(deps, { agency, channel, due: ones, until });
    const { failure, hasRest } = measured;
    if (failure && failure.kind !== 'unauthorized') {
      await again(deps, message, channel, failure.kind === 'rateLimited' ? failure.retryAt : undefined);
    }
    if (hasRest) await handOn(deps, message, channel);
    // By the message that was sent for it, if one was: a network that just failed would keep the others waiting twice.
    else if (!failure && passes(message, FOLLOWERS_EVERY)) await countFollowers(deps, agency, brand, channel);
  } catch (error) {
    const { agencyId, brandId } = message;
    deps.log.error('measure.failed', { agencyId, brandId, channelId: channel.id, error: String(error) });
    await again(deps, message, channel);
  }
  return measured;
}

type OfAge = Measurable & { readonly age: Age };

/**
 * A channel that comes again may have told a part before, which is not asked for once more: a network that allows
 * only so much at a time would tell the same part each time.
 */
async function stillUnknown(
  deps: Pick<Deps, 'posts'>,
  { agencyId, brandId, channelId }: BrandMessage,
  due: readonly OfAge[],
): Promise<readonly OfAge[]> {
  if (channelId === undefined) return due;
  const own = due.filter(({ delivery }) => delivery.channelId === channelId);
  const ages = [...new Set(own.map(({ age }) => age))];
  const posts = own.map(({ post }) => post);
  const known = await snapshotsOf(deps, { agencyId, id: brandId }, posts, ages);
  return own.filter(({ delivery, age }, index) => {
    return !known[index]?.some((snapshot) => snapshot.n === delivery.n && snapshot.age === age);
  });
}

/** Publications that have come of an age in this span, and still count as that age. */
async function comeOfAge(deps: Pick<Deps, 'posts' | 'clock'>, message: BrandMessage): Promise<OfAge[]> {
  const now = deps.clock.now();
  const looks = looksIn({ since: message.since, at: Math.min(message.at, now) });
  // By due time, or by a pointer when they went out late.
  const ranges = looks.map(({ from, to }) => ({ from: from - POINTER_AFTER, to }));
  const posts = await brandPostsLately(deps, message.agencyId, message.brandId, ranges);
  return posts.flatMap((post) =>
    publicationsOf(post).flatMap((delivery) => {
      const age = openAge(delivery, now);
      return age !== undefined && looks.some((look) => look.age === age && isIn(look, delivery.publishedAt))
        ? [{ post, delivery, age }]
        : [];
    }),
  );
}

const isIn = ({ from, to }: Look, publishedAt: number): boolean => from <= publishedAt && publishedAt < to;

/** The next call goes on with it at once. */
async function handOn(deps: Deps, message: BrandMessage, channel: Channel): Promise<void> {
  if (message.tries >= MAX_TRIES) return;
  const own = { ...message, channelId: channel.id, tries: message.tries + 1 };
  await deps.measureQueue.send(own, { group: message.agencyId });
}

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
  if (!measuring || !works(channel)) return;
  const today = localDay(brand, deps.clock.now());
  if ((await deps.channels.followers(agency.id, channel.id, today, today)).length > 0) return;
  const usable = await usableChannel(deps, agency, channel);
  if (usable.failure) return;
  const credential = await openCredential(deps, agency, usable.channel);
  const count = await measuring.followers(
    { credential: credential as never, account: channel.account, facts: channel.facts },
    providerContext(deps, { agency, channelId: channel.id }),
  );
  // A failure waits for the next time; there is one more in each local day.
  if (typeof count === 'number') await deps.channels.putFollowers(agency.id, channel.id, today, count);
}
