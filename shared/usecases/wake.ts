import type { Agency } from '../domain/agency.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { Wake } from '../domain/messages.ts';
import type { Post } from '../domain/post.ts';
import { CLAIMABLE } from '../domain/settle.ts';
import { SECOND } from '../domain/time.ts';
import type { Deps } from '../ports.ts';
import { announceDeliveries } from './announce.ts';
import { sendWake, type WakeRef } from './arm-wake.ts';
import { type Claim, claimAll } from './claim.ts';
import { type Publishing, publishDelivery } from './publish-delivery.ts';
import { reindex } from './reindex.ts';
import { reviewHeld } from './review-held.ts';
import { settleWriter } from './settle-writer.ts';
import { UnfinishedWake, type UnsentClaims } from './unfinished-wake.ts';

const NO_HEAD_TRIES = 5;
/** What is nearer than this is waited for in the handler; everything else goes back to the queue. */
const WAIT_IN_HANDLER = 2 * SECOND;

/**
 * Looks at a post's deliveries of one instant and does what is due. Safe to call late, twice, and from several
 * workers at once: a wake that matches nothing is dropped, and a delivery is worked on only under its claim.
 * @param redelivered the message came before: what it ended may not have been told yet
 */
export async function wake(deps: Deps, message: Wake, redelivered: boolean): Promise<void> {
  const unsent: UnsentClaims = new Set(message.unsent);
  try {
    await lookAndWork(deps, message, { redelivered, unsent });
  } catch (error) {
    throw unsent.size === 0 ? error : new UnfinishedWake(error, unsent);
  }
}

async function lookAndWork(
  deps: Deps,
  message: Wake,
  { redelivered, unsent }: { redelivered: boolean; unsent: UnsentClaims },
): Promise<void> {
  const ref: WakeRef = { agencyId: message.agencyId, postId: message.postId, at: message.at };
  const wait = ref.at - deps.clock.now();
  // Whether anything is due then is looked at then: nothing that is read now would still hold.
  if (wait >= WAIT_IN_HANDLER) return sendWake(deps, ref, wait, message.tries);
  const post = await deps.posts.get(ref.agencyId, ref.postId);
  if (post === undefined) return retryWithoutHead(deps, ref, message.tries);
  if (post.draft || post.deletedAt !== undefined) return;

  const matching = post.deliveries.filter((delivery) => isDueBy(delivery, ref.at));
  if (matching.length === 0) {
    if (redelivered) await tellAgain(deps, post);
    return;
  }

  // What a revision says never changes, so it is read before the second has come.
  const [agency, content] = await Promise.all([
    deps.agencies.get(ref.agencyId),
    deps.posts.content(post.agencyId, post.id, post.revision, post.contentHash),
  ]);
  if (agency === undefined) throw new Error(`agency ${ref.agencyId} of post ${ref.postId} is gone`);
  await until(deps, ref.at);
  await work(deps, agency, { post, content, matching, unsent });
  if (redelivered) await tellAgain(deps, post);
}

async function work(
  deps: Deps,
  agency: Agency,
  { matching, ...some }: Pick<Publishing, 'post' | 'content' | 'unsent'> & { matching: readonly Delivery[] },
): Promise<void> {
  const claims = await claimAll(deps, some.post, matching, some.unsent);
  const mine = claims.flatMap((one) => (one.status === 'fulfilled' && one.value ? [one.value] : []));
  if (mine.length > 0) await publishAll(deps, agency, { ...some, mine });
  // One that failed may be ours all the same: the message that comes again knows its claim.
  throwFirst(claims);
}

async function publishAll(
  deps: Deps,
  agency: Agency,
  {
    post,
    content,
    unsent,
    mine,
  }: Pick<Publishing, 'post' | 'content' | 'unsent'> & { mine: readonly Claim[] },
): Promise<void> {
  // Read after the claims are visible: a hold that this read misses will find our claim and name it as in flight.
  const [holds, brand] = await Promise.all([
    deps.holds.active(post.agencyId),
    // For its late policy alone, so it need not be of this very moment.
    deps.brands.getLately(post.agencyId, post.brandId),
  ]);
  const newest = (heads: readonly Post[]) => heads.toSorted((a, b) => b.version - a.version)[0];
  const writer = settleWriter(deps, newest(mine.map((claimed) => claimed.post)) ?? post);
  const done = await Promise.allSettled(
    mine.map((claim) =>
      publishDelivery(deps, { agency, brand, post, content, holds, claim, writer, unsent }),
    ),
  );
  const settled = done.filter((result) => result.status === 'fulfilled').map((result) => result.value);

  const latest = newest(settled.flatMap((one) => (one ? [one.post] : [])));
  await announceDeliveries(
    deps,
    agency,
    latest ?? post,
    settled.flatMap((one) => (one ? [one.delivery] : [])),
  );
  // After telling, because the entry in the wake index is what brings rescue to tell it otherwise.
  if (latest) await reindex(deps, latest, latest.deliveries);
  if (latest && settled.some((one) => one && isStopped(one.delivery))) {
    // A release or a new login between our look at what stops it and our write has looked at this delivery too early.
    await reviewHeld(deps, agency, latest, await deps.holds.active(post.agencyId));
  }
  throwFirst(done);
}

const isStopped = ({ state, holds }: Delivery): boolean =>
  state === 'held' && holds.every(({ code }) => code !== 'late');

function throwFirst(results: readonly PromiseSettledResult<unknown>[]): void {
  const broken = results.find((result) => result.status === 'rejected');
  if (broken) throw broken.reason;
}

/** Armed before the commit: the head may follow in a moment, or never (then this was an orphan). */
async function retryWithoutHead(deps: Deps, ref: WakeRef, tries: number): Promise<void> {
  if (tries >= NO_HEAD_TRIES) return;
  await deps.publishQueue.send(
    { kind: 'wake', ...ref, tries: tries + 1 },
    { delaySeconds: 2, group: ref.agencyId },
  );
}

const isDueBy = (delivery: Delivery, at: number): boolean =>
  delivery.nextAttemptAt === at && CLAIMABLE.includes(delivery.state);

/** Timers may fire a millisecond early, so it looks again before it goes on. */
async function until(deps: Pick<Deps, 'clock'>, at: number): Promise<void> {
  for (let wait = at - deps.clock.now(); wait > 0; wait = at - deps.clock.now()) await deps.clock.sleep(wait);
}

/** A crash between settling and telling: the message comes again and finds all ended, so it tells again. */
async function tellAgain(deps: Deps, seen: Post): Promise<void> {
  const post = await deps.posts.get(seen.agencyId, seen.id);
  const agency = await deps.agencies.get(seen.agencyId);
  if (!post || !agency) return;
  await announceDeliveries(deps, agency, post, post.deliveries);
  await reindex(deps, post, post.deliveries);
}
