import * as z from 'zod';
import type { Actor } from './agency.ts';
import { idSchema } from './ids.ts';
import type { Instant } from './time.ts';

/** A stop on an agency, a brand or a channel. */
export const holdInput = z.strictObject({
  scope: z.union(
    [
      z.strictObject({ agency: z.literal(true) }),
      z.strictObject({ brandId: idSchema('brd') }),
      z.strictObject({ channelId: idSchema('chn') }),
    ],
    { error: 'must be {"agency": true}, {"brandId": …} or {"channelId": …}' },
  ),
  reason: z.string().trim().min(1).max(500),
  until: z.iso.datetime({ offset: true }).optional(),
});
export type HoldInput = z.infer<typeof holdInput>;
export type HoldScope = HoldInput['scope'];

export type Hold = {
  readonly id: string;
  readonly agencyId: string;
  readonly scope: HoldScope;
  readonly reason: string;
  readonly by: Actor;
  readonly since: Instant;
  readonly until?: Instant;
  readonly releasedAt?: Instant;
  readonly releasedBy?: Actor;
};

/** Why a delivery is held; codes overlap, and it goes only when none is left. */
export const HOLD_CODES = ['channel_paused', 'channel_expired', 'brand_held', 'agency_held', 'late'] as const;
export type HoldCode = (typeof HOLD_CODES)[number];
export type DeliveryHold = {
  readonly code: HoldCode;
  readonly by: string;
  readonly since: Instant;
  readonly until?: Instant;
};

/** The code that a hold of this scope puts on a delivery. */
export function holdCode(scope: HoldScope): HoldCode {
  if ('agency' in scope) return 'agency_held';
  return 'brandId' in scope ? 'brand_held' : 'channel_paused';
}
