import type { ChannelHealth } from './channel.ts';
import { type DeliveryHold, type Hold, holdCode } from './hold.ts';
import { type LatePolicy, lateVerdict, type Promised } from './late-policy.ts';
import type { Instant } from './time.ts';

/** The active holds that stop a delivery of this brand and channel, as they stand on it. */
export function activeHolds(
  holds: readonly Hold[],
  where: { brandId: string; channelId: string },
  now: Instant,
): DeliveryHold[] {
  return holds
    .filter(({ scope, releasedAt, until }) => {
      if (releasedAt !== undefined || (until !== undefined && until <= now)) return false;
      if ('agency' in scope) return true;
      return 'brandId' in scope ? scope.brandId === where.brandId : scope.channelId === where.channelId;
    })
    .map(({ scope, by, since, until }) => ({
      code: holdCode(scope),
      by: by.name,
      since,
      ...(until === undefined ? {} : { until }),
    }));
}

export type Admission =
  | { kind: 'send' }
  | { kind: 'hold'; holds: readonly DeliveryHold[] }
  | { kind: 'miss' };

/** The one question before sending. Holds come first: what is held is not missed before it is released. */
export function admit(
  delivery: Promised,
  holds: readonly DeliveryHold[],
  facts: { now: Instant; policy: LatePolicy; health: ChannelHealth },
): Admission {
  const all = [...holds];
  if (facts.health === 'expired' || facts.health === 'disconnected') {
    all.push({ code: 'channel_expired', by: 'system', since: facts.now });
  }
  if (all.length > 0) return { kind: 'hold', holds: all };
  const verdict = lateVerdict(delivery, facts.policy, facts.now);
  if (verdict === 'hold') return { kind: 'hold', holds: [{ code: 'late', by: 'system', since: facts.now }] };
  return { kind: verdict };
}
