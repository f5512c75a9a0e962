import type { Actor } from './agency.ts';
import type { Instant } from './time.ts';

const EVENT_TYPES = [
  'post.scheduled',
  'delivery.published',
  'delivery.failed',
  'delivery.missed',
  'delivery.uncertain',
  'channel.expiring',
  'channel.expired',
  'report.sent',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/**
 * A fact for the outside, on the bus. Delivered at least once: consumers dedupe by `id`, which is derived
 * from what it tells (delivery, state and fence), so a repeated announcement carries the same one.
 */
export type OutsideEvent = {
  readonly id: string;
  readonly type: EventType;
  readonly version: 1;
  readonly at: Instant;
  readonly agencyId: string;
  readonly brandId: string;
  readonly postId?: string;
  readonly deliveryId?: string;
  readonly channelId?: string;
  readonly seq: number;
  readonly actor: Actor;
  readonly data: Readonly<Record<string, unknown>>;
};
