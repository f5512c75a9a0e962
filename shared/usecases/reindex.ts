import { type Delivery, isTrouble } from '../domain/delivery.ts';
import type { Post } from '../domain/post.ts';
import { attentionAtOf, wakeAtOf } from '../domain/post-status.ts';
import { type Instant, MINUTE } from '../domain/time.ts';
import type { Deps } from '../ports.ts';
import { QUEUE_REACH } from './arm-wake.ts';

const TRIES = 5;

/**
 * Brings a head's index entries in line with its deliveries. Raising or removing an entry is conditioned on the
 * head's version, so a sibling that moves meanwhile is never dropped from the net. Costs nothing when all is right.
 * @param told deliveries whose end has been told. While another has gone wrong, the wake entry is left where it is:
 *   it brings `rescue`, which tells.
 * @param latest said by `rescue` alone: it has looked, and is to look again by then
 * @returns the head as it now stands.
 */
export async function reindex(
  deps: Pick<Deps, 'posts' | 'clock'>,
  post: Post,
  told: readonly Delivery[] = [],
  latest?: Instant,
): Promise<Post> {
  let current = post;
  for (let tried = 1; tried <= TRIES; tried++) {
    const now = deps.clock.now();
    const whole = indexed(current, now, told, latest);
    const wanted = latest === undefined ? noLater(whole, current, now) : whole;
    if (same(wanted, current)) return current;
    if (await deps.posts.reindex(wanted)) return wanted;
    const fresh = await deps.posts.get(current.agencyId, current.id);
    if (fresh === undefined) return current;
    current = fresh;
  }
  // A head this busy is being moved by others; rescue comes by in any case.
  return current;
}

/** Rescue comes by each minute, and now and then some minutes late. */
const RESCUE_SLACK = 4 * MINUTE;

/**
 * An entry may stand for a later instant that the scheduler did not take: only `rescue`, which arms it, puts that off.
 * Else it comes by for nothing, once.
 */
function noLater(wanted: Post, { wakeAt, deliveries }: Post, now: Instant): Post {
  if (wakeAt === undefined || wanted.wakeAt === undefined || wanted.wakeAt <= wakeAt) return wanted;
  const isFar = (at = 0): boolean => at > now + QUEUE_REACH - RESCUE_SLACK;
  const waits = deliveries.some((one) => one.state === 'scheduled' && isFar(one.nextAttemptAt));
  return waits ? { ...wanted, wakeAt } : wanted;
}

/** The post with the index entries that its deliveries ask for. */
export function indexed(
  post: Post,
  now: number,
  told: readonly Delivery[] = [],
  latest = Number.POSITIVE_INFINITY,
): Post {
  const { wakeAt: present, attentionAt: _attentionAt, ...rest } = post;
  const natural = wakeAtOf(post, now);
  const wanted = natural === undefined ? undefined : Math.min(natural, latest);
  const wakeAt =
    present !== undefined && post.deliveries.some((one) => isTrouble(one) && !isAmong(told, one))
      ? Math.min(present, wanted ?? present)
      : wanted;
  const attentionAt = attentionAtOf(post);
  return {
    ...rest,
    ...(wakeAt === undefined ? {} : { wakeAt }),
    ...(attentionAt === undefined ? {} : { attentionAt }),
  };
}

const isAmong = (told: readonly Delivery[], { n, fence, state }: Delivery): boolean =>
  told.some((one) => one.n === n && one.fence === fence && one.state === state);

/** A wake entry may stand a little early: coming by for nothing is cheaper than a write. */
function same(wanted: Post, present: Post): boolean {
  if (wanted.attentionAt !== present.attentionAt) return false;
  if (wanted.wakeAt === undefined || present.wakeAt === undefined) return wanted.wakeAt === present.wakeAt;
  return present.wakeAt <= wanted.wakeAt && wanted.wakeAt - present.wakeAt < MINUTE;
}
