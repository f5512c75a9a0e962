import type { Form } from './delivery-facts.ts';
import type { DeliveryHold } from './hold.ts';
import type { Instant } from './time.ts';
import type { WallClock } from './wall-clock.ts';

export const DELIVERY_STATES = [
  'scheduled',
  'publishing',
  'pending',
  'retrying',
  'held',
  'published',
  'failed',
  'missed',
  'uncertain',
  'cancelled',
  'removed',
] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One variant to one channel at one time: the job. */
export type Delivery = {
  /** 1-based place in its post; `deliveryId(post.id, n)` is its public id. */
  readonly n: number;
  readonly channelId: string;
  readonly network: string;
  readonly state: DeliveryState;
  /** The promise to the author; never moves because of a retry. */
  readonly dueAt: Instant;
  /** The promise as wall-clock time, if it was made so. */
  readonly wall?: WallClock;
  /** What it is, worked out with its plan; `length` as its network counts. */
  readonly shape?: { readonly form: Form; readonly length: number };
  /** When it is tried next; kept while `publishing`, so that the same wake can take an expired claim over. */
  readonly nextAttemptAt?: Instant;
  /** Counts claims and every change made between them; a write names the fence it has read. */
  readonly fence: number;
  readonly claimedBy?: string;
  readonly claimedAt?: Instant;
  readonly leaseUntil?: Instant;
  /** Written before the irreversible request on blind networks: after a crash, it may be out. */
  readonly sending?: boolean;
  /**
   * Start of the earliest attempt whose outcome is unknown, or the latest it may have had; to be cleared up before
   * another send.
   */
  readonly doubtSince?: Instant;
  /** What a provider wants to know in its next step (a container, an upload session). */
  readonly handle?: string;
  /** When somebody was last asked to publish it by hand. */
  readonly askedAt?: Instant;
  /** Tries that are over and brought no success: what the retry rule counts. What people are told is `triesOf`. */
  readonly attempts: number;
  /** Rescues in a row without progress. */
  readonly rescues: number;
  readonly holds: readonly DeliveryHold[];
  /** A person asked for it after its time: the late policy has no more say. */
  readonly byHand?: boolean;
  /** The instant of the irreversible request. */
  readonly startedAt?: Instant;
  /** The instant of the accepting answer. */
  readonly publishedAt?: Instant;
  readonly externalId?: string;
  readonly url?: string;
  /** External ids of what was published with it, beside it: the rest of a thread, a first comment. */
  readonly parts?: readonly string[];
  /** Why it stands as it stands: a stable code, and words for people. */
  readonly code?: string;
  readonly reason?: string;
};

/**
 * The legal transitions, and the only ones: what the README draws and the tests compare. `publishing` to itself
 * is a claim that takes an expired one over. To `published` from `retrying` and `held`: a doubt ends, because the
 * worker that was given up reports after all; also from `pending`, the rest of a thread is given up, or whoever was
 * asked to publish it says so. From `cancelled`: an edit lists the channel again.
 */
export const TRANSITIONS: Readonly<Record<DeliveryState, readonly DeliveryState[]>> = {
  scheduled: ['publishing', 'cancelled', 'failed', 'scheduled'],
  publishing: ['publishing', 'published', 'pending', 'retrying', 'held', 'failed', 'missed', 'uncertain'],
  pending: ['publishing', 'published', 'failed', 'uncertain'],
  retrying: ['publishing', 'cancelled', 'failed', 'uncertain', 'scheduled', 'published'],
  held: ['scheduled', 'retrying', 'publishing', 'held', 'missed', 'cancelled', 'published', 'failed'],
  published: ['removed'],
  failed: ['scheduled', 'cancelled'],
  missed: ['scheduled', 'cancelled'],
  uncertain: ['published', 'failed', 'scheduled'],
  cancelled: ['scheduled'],
  removed: [],
};

/** States in which something must still happen by itself: each has a timer that makes it happen. */
const OPEN_STATES = ['scheduled', 'publishing', 'pending', 'retrying', 'held'] as const;
export const isOpen = (delivery: Delivery): boolean =>
  (OPEN_STATES as readonly string[]).includes(delivery.state);

/** Somebody was asked to publish it by hand, and has not said yet what became of it: it may be out at any moment. */
export const isWithPerson = ({ askedAt, handle }: Pick<Delivery, 'askedAt' | 'handle'>): boolean =>
  askedAt !== undefined && handle !== undefined;

/**
 * How often it was tried, the try that is under way or went well included: the number that its last attempt bears.
 * A look for one whose answer was lost is a try; a network's wish to wait, or for a new login, is none.
 */
export function triesOf({ state, attempts }: Pick<Delivery, 'state' | 'attempts'>): number {
  // Its worker died, or was given up, before it could count.
  if (state === 'uncertain') return Math.max(1, attempts);
  const running = ['publishing', 'pending', 'published', 'removed'].includes(state);
  return attempts + (running ? 1 : 0);
}

/** It ended otherwise than its author wanted: people are told. */
export const isTrouble = ({ state, code }: Delivery): boolean =>
  state === 'failed' ||
  state === 'missed' ||
  state === 'uncertain' ||
  (state === 'published' && code === 'incomplete');

/** Nobody works on it, person or worker, and no part of it was sent or may have been: it may be edited or cancelled. */
export function isUntouched(delivery: Delivery): boolean {
  return (
    ['scheduled', 'retrying', 'held', 'failed', 'missed'].includes(delivery.state) &&
    delivery.doubtSince === undefined &&
    delivery.startedAt === undefined &&
    !isWithPerson(delivery)
  );
}

/** One try of a delivery, kept only when a first try did not succeed. */
export type Attempt = {
  readonly n: number;
  readonly attempt: number;
  readonly at: Instant;
  readonly outcome: string;
  readonly code?: string;
  readonly reason?: string;
};
