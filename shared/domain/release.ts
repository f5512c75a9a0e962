import type { Delivery } from './delivery.ts';
import type { DeliveryHold } from './hold.ts';
import { type LatePolicy, lateVerdict } from './late-policy.ts';
import { mayBeOut, released, uncertain, without } from './settle.ts';
import type { Instant } from './time.ts';

/** What becomes of a held delivery when its holds end: releasing never sends by itself what is too late. */
export type ReleaseVerdict = 'send' | 'miss' | 'hold';

export function releaseVerdict(delivery: Delivery, policy: LatePolicy, now: Instant): ReleaseVerdict {
  return lateVerdict(delivery, policy, Math.max(now, delivery.dueAt));
}

/**
 * A held delivery looked at again: still held (undefined: nothing changes), on its way, missed, or held as too
 * late. A `late` hold is left to a person.
 */
export function review(
  delivery: Delivery,
  standing: readonly DeliveryHold[],
  facts: { now: Instant; policy: LatePolicy },
): Delivery | undefined {
  if (delivery.state !== 'held' || standing.length > 0) return undefined;
  if (delivery.holds.some(({ code }) => code === 'late') && !delivery.byHand) return undefined;
  const verdict = releaseVerdict(delivery, facts.policy, facts.now);
  const free: Delivery = { ...without(released(delivery), 'nextAttemptAt'), fence: delivery.fence + 1 };
  if (verdict === 'hold') {
    return { ...free, state: 'held', holds: [{ code: 'late', by: 'system', since: facts.now }] };
  }
  if (verdict === 'miss') {
    const reason = 'It was held until it was too late.';
    return mayBeOut(delivery)
      ? uncertain(free, reason)
      : { ...free, state: 'missed', code: 'too_late', reason };
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
