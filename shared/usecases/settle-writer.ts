import { type Delivery, isOpen, isTrouble } from '../domain/delivery.ts';
import type { Post } from '../domain/post.ts';
import { type Instant, SECOND } from '../domain/time.ts';
import type { Deps } from '../ports.ts';
import type { Swap } from '../post-ports.ts';
import { indexed } from './reindex.ts';

/** How long after something should have happened `rescue` looks. */
const NET = 90 * SECOND;

/** Shorter than a write takes; a crash in it leaves no more doubt than one in the write. */
const TOGETHER_MS = 5;

export type SettleWriter = {
  /** Writes `next` under the fence of its claim. @returns the head after it; undefined when the claim is lost */
  readonly settle: (claimed: Delivery, next: Delivery, at: Instant) => Promise<Post | undefined>;
  /** Hears of a head that this process has written otherwise. */
  readonly saw: (head: Post) => void;
};

type Waiting = {
  readonly swap: Swap;
  readonly at: Instant;
  readonly done: (written: Promise<Post | undefined>) => void;
};

/**
 * Writes the ends of one post's deliveries as they come, one write at a time: what comes within a few milliseconds, or
 * while one is under way, goes together in the next, so nobody waits for a slow network, and those that end together
 * cost one write. The write
 * that ends the last of them takes the index entries along.
 * @param head as the claims left it
 */
export function settleWriter(deps: Pick<Deps, 'posts' | 'clock'>, head: Post): SettleWriter {
  const ref = { agencyId: head.agencyId, postId: head.id };
  let latest = head;
  let waiting: Waiting[] = [];
  let busy = false;
  const saw = (seen: Post | undefined): Post | undefined => {
    if (seen && seen.version > latest.version) latest = seen;
    return seen;
  };

  const alone = async ({ swap, at }: Waiting): Promise<Post | undefined> => {
    const { n, expected, next } = swap;
    const whole = wholeAfter(latest, [next], at);
    const written = whole && (await deps.posts.swapDelivery({ ...ref, n }, expected, next, whole));
    return saw(written ?? (await deps.posts.swapDelivery({ ...ref, n }, expected, next, netUnder(next, at))));
  };

  /** Undefined when one of them has lost its claim: then none is written. */
  const together = async (some: readonly Waiting[]): Promise<Post | undefined> => {
    const swaps = some.map(({ swap }) => swap);
    const whole = wholeAfter(
      latest,
      swaps.map(({ next }) => next),
      Math.max(...some.map(({ at }) => at)),
    );
    const written = whole && (await deps.posts.swapDeliveries(ref, swaps, whole));
    return saw(written ?? (await deps.posts.swapDeliveries(ref, swaps)));
  };

  const write = async (some: readonly Waiting[]): Promise<void> => {
    const plain = some.filter(({ swap, at }) => netUnder(swap.next, at) === undefined);
    const joint = plain.length > 1 ? together(plain) : undefined;
    const each = some.map((one) => {
      const written = joint && plain.includes(one) ? joint.then((head) => head ?? alone(one)) : alone(one);
      one.done(written);
      return written;
    });
    await Promise.allSettled(each);
  };

  const drain = async (): Promise<void> => {
    busy = true;
    await deps.clock.sleep(TOGETHER_MS);
    while (waiting.length > 0) {
      const some = waiting;
      waiting = [];
      await write(some);
    }
    busy = false;
  };

  return {
    saw: (seen) => void saw(seen),
    settle: async (claimed, next, at) => {
      const expected = { fence: claimed.fence, states: ['publishing'] } as const;
      const { promise, resolve } = Promise.withResolvers<Post | undefined>();
      waiting.push({ swap: { n: claimed.n, expected, next }, at, done: resolve });
      if (!busy) void drain();
      return promise;
    },
  };
}

/**
 * The head with what is to be written, index entries included; undefined while a sibling is open, whose writes
 * would be in the way. With it one write does for settling and indexing.
 */
function wholeAfter(head: Post, nexts: readonly Delivery[], now: Instant): Post | undefined {
  const nextOf = (one: Delivery) => nexts.find(({ n }) => n === one.n);
  const alone = head.deliveries.every((one) => nextOf(one) !== undefined || !isOpen(one));
  const deliveries = head.deliveries.map((one) => nextOf(one) ?? one);
  // What has gone wrong keeps its entry until it has been told.
  return alone && !deliveries.some(isTrouble) ? indexed({ ...head, deliveries }, now) : undefined;
}

/**
 * When `rescue` looks at it at the latest: after the next try, or, where people must be told, soon; the entry goes
 * when they have been told.
 */
export function netUnder(delivery: Delivery, now: Instant): Instant | undefined {
  if (delivery.nextAttemptAt !== undefined) return delivery.nextAttemptAt + NET;
  return isTrouble(delivery) ? now + NET : undefined;
}
