import type { Agency } from '../domain/agency.ts';
import { SYSTEM } from '../domain/agency.ts';
import type { Channel } from '../domain/channel.ts';
import { type Delivery, isTrouble } from '../domain/delivery.ts';
import type { EventType, OutsideEvent } from '../domain/events.ts';
import { deliveryId, derivedId } from '../domain/ids.ts';
import type { Post } from '../domain/post.ts';
import { toRfc3339 } from '../domain/time.ts';
import type { Deps } from '../ports.ts';
import { noteAlert } from './note-alert.ts';

type Announcing = Pick<Deps, 'bus' | 'clock' | 'alerts' | 'reportQueue'>;

const ANNOUNCED: Partial<Record<Delivery['state'], EventType>> = {
  published: 'delivery.published',
  failed: 'delivery.failed',
  missed: 'delivery.missed',
  uncertain: 'delivery.uncertain',
};

/**
 * Tells the outside how these deliveries ended: one event for all that a post has published at one instant, one for
 * each that has gone wrong, and an alert for each that a person must look at. After a redelivery all is told again,
 * under the same ids. What else has gone wrong in this post is told with them, because whoever ended that may have died
 * before telling.
 */
export async function announceDeliveries(
  deps: Announcing,
  agency: Agency,
  post: Post,
  deliveries: readonly Delivery[],
): Promise<void> {
  const others = post.deliveries.filter((one) => isTrouble(one) && deliveries.every(({ n }) => n !== one.n));
  const ended = [...deliveries, ...others].sort((a, b) => a.n - b.n);
  const events: OutsideEvent[] = [];
  for (const together of Map.groupBy(ended, groupOf).values()) {
    const type = together[0] && ANNOUNCED[together[0].state];
    if (type === undefined) continue;
    if (type === 'delivery.published' && !agency.optInEvents.includes('delivery.published')) continue;
    events.push(eventOf(deps, post, type, together));
  }
  for (const delivery of ended.filter(isTrouble)) {
    const id = deliveryId(post.id, delivery.n);
    await noteAlert(deps, {
      agencyId: post.agencyId,
      brandId: post.brandId,
      key: `${id}.${delivery.state}.${delivery.fence}`,
      item: {
        at: deps.clock.now(),
        code: `delivery.${delivery.state === 'published' ? 'incomplete' : delivery.state}`,
        subject: delivery.channelId,
        deliveryId: id,
        channelId: delivery.channelId,
        ...(delivery.reason === undefined ? {} : { reason: delivery.reason }),
      },
    });
  }
  if (events.length > 0) await deps.bus.announce(events);
}

/**
 * What went out at one instant is told together. What has gone wrong is told each by itself: it is told again whenever
 * a sibling ends, and only by itself under the same id.
 */
const groupOf = (delivery: Delivery): string =>
  isTrouble(delivery) ? `alone ${delivery.n}` : `${delivery.state} ${delivery.dueAt}`;

/** A post was queued; only for agencies that asked to hear it. */
export async function announceScheduled(
  deps: Pick<Deps, 'bus' | 'clock'>,
  agency: Agency,
  post: Post,
): Promise<void> {
  if (!agency.optInEvents.includes('post.scheduled') || post.draft) return;
  await deps.bus.announce([
    {
      id: derivedId('evt', post.id, 'scheduled', String(post.revision)),
      type: 'post.scheduled',
      version: 1,
      at: deps.clock.now(),
      agencyId: post.agencyId,
      brandId: post.brandId,
      postId: post.id,
      seq: post.version,
      actor: post.createdBy,
      data: {
        revision: post.revision,
        contentHash: post.contentHash,
        channels: post.deliveries.map(({ channelId }) => channelId),
      },
    },
  ]);
}

/** A channel must be reconnected, at once or before it ends: told once, by whoever marked it. */
export async function announceHealth(
  deps: Announcing,
  channel: Channel,
  health: 'expiring' | 'expired',
  reason: string,
): Promise<void> {
  const key = `${channel.id}.${health}.${channel.version}`;
  await noteAlert(deps, {
    agencyId: channel.agencyId,
    brandId: channel.brandId,
    key,
    item: {
      at: deps.clock.now(),
      code: `channel.${health}`,
      subject: channel.name,
      channelId: channel.id,
      reason,
    },
  });
  await deps.bus.announce([
    {
      id: derivedId('evt', key),
      type: `channel.${health}`,
      version: 1,
      at: deps.clock.now(),
      agencyId: channel.agencyId,
      brandId: channel.brandId,
      channelId: channel.id,
      seq: channel.version,
      actor: SYSTEM,
      data: {
        network: channel.network,
        account: channel.account.handle,
        reason,
        ...(channel.ends === undefined ? {} : { endsAt: toRfc3339(channel.ends.at) }),
      },
    },
  ]);
}

function eventOf(
  deps: Pick<Deps, 'clock'>,
  post: Post,
  type: EventType,
  ended: readonly Delivery[],
): OutsideEvent {
  const deliveries = ended.map((delivery) => ({
    deliveryId: deliveryId(post.id, delivery.n),
    channelId: delivery.channelId,
    network: delivery.network,
    state: delivery.state,
    ...(delivery.url === undefined ? {} : { url: delivery.url }),
    ...(delivery.startedAt === undefined ? {} : { latenessMs: delivery.startedAt - delivery.dueAt }),
    ...(delivery.code === undefined ? {} : { code: delivery.code }),
    ...(delivery.reason === undefined ? {} : { reason: delivery.reason }),
  }));
  const first = deliveries[0];
  return {
    id: derivedId('evt', post.id, type, ...ended.map(({ n, fence }) => `${n}.${fence}`)),
    type,
    version: 1,
    at: deps.clock.now(),
    agencyId: post.agencyId,
    brandId: post.brandId,
    postId: post.id,
    ...(deliveries.length === 1 && first ? { deliveryId: first.deliveryId } : {}),
    seq: post.version,
    actor: SYSTEM,
    data: { deliveries },
  };
}
