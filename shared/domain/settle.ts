import { type Delivery, type DeliveryState, isWithPerson } from './delivery.ts';
import { type LatePolicy, lateVerdict } from './late-policy.ts';
import type { Outcome, Safety } from './outcome.ts';
import { backoff, MAX_SENDS } from './retry.ts';
import { type Instant, MINUTE, SECOND } from './time.ts';

export type SettleFacts = {
  readonly now: Instant;
  /** The instant of the irreversible request, if it was made. */
  readonly startedAt?: Instant;
  readonly safety: Safety;
  readonly policy: LatePolicy;
  /** 0 to 1, for the spread of retries. */
  readonly unit: number;
};

/**
 * The one table of what becomes of a claimed delivery after an attempt. Pure; the store writes its answer under
 * the fence of the claim. A delivery in doubt (an earlier attempt may be out) never becomes `failed` or `missed`.
 */
export function next(delivery: Delivery, outcome: Outcome, facts: SettleFacts): Delivery {
  const settled = released(delivery);
  switch (outcome.kind) {
    case 'published':
      return {
        ...clear(settled),
        state: 'published',
        startedAt:
          delivery.startedAt ?? facts.startedAt ?? delivery.doubtSince ?? delivery.claimedAt ?? facts.now,
        publishedAt: delivery.publishedAt ?? facts.now,
        externalId: outcome.externalId,
        url: outcome.url,
        ...(outcome.parts?.length ? { parts: outcome.parts } : {}),
        ...(outcome.missing === undefined ? {} : { code: 'incomplete', reason: outcome.missing }),
      };
    case 'pending':
      return {
        ...settled,
        state: 'pending',
        handle: outcome.handle,
        nextAttemptAt: whole(outcome.checkAt),
        ...(outcome.out === undefined
          ? {}
          : { publishedAt: delivery.publishedAt ?? facts.now, ...outcome.out }),
        ...(outcome.parts?.length ? { parts: outcome.parts } : {}),
        ...(outcome.asked ? { askedAt: facts.now } : {}),
        // Of several irreversible requests (a thread's posts) the first one is when it started.
        ...(facts.startedAt === undefined ? {} : { startedAt: delivery.startedAt ?? facts.startedAt }),
      };
    case 'rejected': {
      const tried = { ...settled, attempts: delivery.attempts + 1 };
      // The network itself says so, also after it was given all of it: only an earlier attempt in doubt may be out.
      if (delivery.doubtSince !== undefined || isOut(delivery)) return uncertain(tried, outcome.reason);
      return {
        ...without(tried, 'nextAttemptAt', 'handle', 'startedAt'),
        state: 'failed',
        code: outcome.code,
        reason: outcome.reason,
      };
    }
    case 'unauthorized':
      return {
        ...without(settled, 'nextAttemptAt'),
        state: 'held',
        holds: [{ code: 'channel_expired', by: 'system', since: facts.now }],
        code: 'channel_expired',
        reason: outcome.reason,
      };
    case 'rateLimited':
      return later(
        settled,
        spread(delivery, Math.max(whole(outcome.retryAt), facts.now + SECOND), facts),
        'rate_limited',
        'The network asked to wait.',
        facts,
      );
    case 'unavailable': {
      const attempts = delivery.attempts + 1;
      const tried = { ...settled, attempts };
      if (attempts >= MAX_SENDS) return stopped(tried, 'failed', 'unavailable', outcome.reason);
      return later(tried, facts.now + backoff(attempts, facts.unit), 'unavailable', outcome.reason, facts);
    }
    case 'uncertain':
      return doubted(settled, facts.startedAt ?? delivery.claimedAt ?? facts.now, outcome.reason, facts);
  }
}

/** Networks tell waits in fractions, and providers divide them; a wake bears whole milliseconds and is unreadable else. */
const whole = (at: Instant): Instant => Math.ceil(at);

/** An attempt is in doubt, or was made and the network, or a person, is still at it. */
export const mayBeOut = (delivery: Delivery): boolean =>
  delivery.doubtSince !== undefined || delivery.startedAt !== undefined || isWithPerson(delivery);

/** The post itself is public, though not all that belongs to it. */
const isOut = ({ externalId }: Delivery): boolean => externalId !== undefined;

/** What becomes of it when a person must decide; what is public for certain is published, if not completely. */
export function uncertain(delivery: Delivery, reason: string): Delivery {
  const over = without(released(delivery), 'nextAttemptAt');
  if (isOut(delivery)) return { ...clear(over), state: 'published', code: 'incomplete', reason };
  return { ...over, state: 'uncertain', code: 'unclear', reason };
}

/** Tries again, or says by the late policy that it is too late to. */
function later(delivery: Delivery, at: Instant, code: string, reason: string, facts: SettleFacts): Delivery {
  const verdict = lateVerdict(delivery, facts.policy, at);
  if (verdict === 'miss') return stopped(delivery, 'missed', code, reason);
  if (verdict === 'hold') {
    const holds = [{ code: 'late', by: 'system', since: facts.now }] as const;
    return { ...without(delivery, 'nextAttemptAt'), state: 'held', holds, code, reason };
  }
  return { ...delivery, state: 'retrying', nextAttemptAt: at, code, reason };
}

const LONGEST_SPREAD = 30 * SECOND;

/**
 * After a wait, later by up to a tenth of it, so that not everything that a network has put off comes back at once;
 * but never later than the late policy would still let it out.
 */
function spread(delivery: Delivery, from: Instant, { now, unit, policy }: SettleFacts): Instant {
  const at = from + Math.round(unit * Math.min((from - now) / 10, LONGEST_SPREAD));
  const stillSent = lateVerdict(delivery, policy, at) === 'send';
  return stillSent ? at : from;
}

/** A final stop; one that may be out is never called failed or missed. */
function stopped(delivery: Delivery, state: 'failed' | 'missed', code: string, reason: string): Delivery {
  if (mayBeOut(delivery)) return uncertain(delivery, reason);
  return { ...without(delivery, 'nextAttemptAt'), state, code, reason };
}

/** A request left unanswered for 20 s is looked for 100 s later. */
const SLOWNESS = 5;

/** After an unclear answer: look again when the network can tell, or leave it to a person. */
function doubted(delivery: Delivery, since: Instant, reason: string, facts: SettleFacts): Delivery {
  const doubtSince = delivery.doubtSince ?? since;
  const inDoubt: Delivery = { ...delivery, doubtSince, attempts: delivery.attempts + 1 };
  if (facts.safety.kind === 'blind' || inDoubt.attempts >= MAX_SENDS) return uncertain(inDoubt, reason);
  const soon = facts.now + backoff(inDoubt.attempts, facts.unit);
  // A site that kept us waiting for an answer is slow just now, and may carry the request out later still.
  const silence = delivery.doubtSince === undefined ? facts.now - since : 0;
  const nextAttemptAt =
    facts.safety.kind === 'findable'
      ? Math.max(soon, doubtSince + facts.safety.findAfterSeconds * SECOND, facts.now + SLOWNESS * silence)
      : soon;
  return { ...inDoubt, state: 'retrying', nextAttemptAt, code: 'unclear', reason };
}

/** In doubt, and still inside the time in which the same send makes no second post? */
export function mayResend(safety: Safety, doubtSince: Instant, now: Instant): boolean {
  return safety.kind === 'idempotent' && now < doubtSince + safety.forMinutes * MINUTE;
}

/** No claim, no hold; progress was made, so rescues start counting anew. */
export function released(delivery: Delivery): Delivery {
  return {
    ...without(delivery, 'claimedBy', 'claimedAt', 'leaseUntil', 'sending', 'code', 'reason'),
    holds: [],
    rescues: 0,
  };
}

const clear = (delivery: Delivery): Delivery => without(delivery, 'nextAttemptAt', 'doubtSince', 'handle');

export function without<Field extends keyof Delivery>(
  delivery: Delivery,
  ...fields: readonly Field[]
): Delivery {
  return Object.fromEntries(
    Object.entries(delivery).filter(([field]) => !(fields as readonly string[]).includes(field)),
  ) as Delivery;
}

/** States from which a wake may claim a delivery. */
export const CLAIMABLE: readonly DeliveryState[] = ['scheduled', 'retrying', 'pending', 'held', 'publishing'];
