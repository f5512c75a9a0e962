import type { Delivery } from './delivery.ts';
import type { DeliveryHold } from './hold.ts';
import { type LatePolicy, lateVerdict } from './late-policy.ts';
import { released, without } from './settle.ts';
import type { Instant } from './time.ts';

/** What becomes of a held delivery when its holds end: releasing never sends by itself what is too late. */
export type ReleaseVerdict = 'send' | 'miss' | 'hold';

export function releaseVerdict(delivery: Delivery, policy: LatePolicy, now: Instant): ReleaseVerdict {
  return lateVerdict(delivery, policy, Math.max(now, delivery.dueAt));
}

/**
 * A held delivery looked at again: still held (undefined: by the same holds), on its way, missed, or held as too
 * late. A `late` hold is left to a person.
 */
export function review(
  delivery: Delivery,
  standing: readonly DeliveryHold[],
  facts: { now: Instant; policy: LatePolicy },
): Delivery | undefined {
  if (delivery.state !== 'held') return undefined;
  if (delivery.holds.some(({ code }) => code === 'late') && !delivery.byHand) return undefined;
  if (standing.length > 0) {
    if (sameStops(delivery.holds, standing)) return undefined;
    return { ...heldBy(delivery, standing), fence: delivery.fence + 1 };
  }
  const free: Delivery = { ...without(released(delivery), 'nextAttemptAt'), fence: delivery.fence + 1 };
  // May it be out? That is looked at first; the gate asks for the late policy before anything is sent.
  if (delivery.doubtSince !== undefined) return onItsWay(free, facts.now);
  const verdict = releaseVerdict(delivery, facts.policy, facts.now);
  if (verdict === 'hold') {
    return { ...free, state: 'held', holds: [{ code: 'late', by: 'system', since: facts.now }] };
  }
  if (verdict === 'miss') {
    return { ...free, state: 'missed', code: 'too_late', reason: 'It was held until it was too late.' };
  }
  return onItsWay(free, facts.now);
}

/** Ready to be tried at its time, or now if that is past. */
export function onItsWay(delivery: Delivery, now: Instant): Delivery {
  return {
    ...without(released(delivery), 'nextAttemptAt'),
    state: delivery.doubtSince === undefined ? 'scheduled' : 'retrying',
    nextAttemptAt: Math.max(now, delivery.dueAt),
  };
}

/** Held by these, and looked at again when the last of them ends by itself, if all of them do. */
export function heldBy(delivery: Delivery, holds: readonly DeliveryHold[]): Delivery {
  const until = Math.max(...holds.map((hold) => hold.until ?? Number.POSITIVE_INFINITY));
  const held = { ...without(delivery, 'nextAttemptAt'), state: 'held', holds } as const;
  return Number.isFinite(until) ? { ...held, nextAttemptAt: until } : held;
}

/** Since when does not matter: a channel that must be reconnected stands in no hold of its own. */
function sameStops(before: readonly DeliveryHold[], now: readonly DeliveryHold[]): boolean {
  const named = (holds: readonly DeliveryHold[]): string =>
    holds
      .map(({ code, by, until }) => `${code} ${until ?? ''} ${by}`)
      .sort()
      .join('\n');
  return named(before) === named(now);
}
