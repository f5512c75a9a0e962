import type { Channel } from '../domain/channel.ts';
import type { Deps } from '../ports.ts';
import { announceHealth } from './announce.ts';

export type Expiring = Pick<Deps, 'channels' | 'bus' | 'clock' | 'alerts' | 'reportQueue' | 'log'>;

/**
 * The network refused the credential: the channel waits for a person, who is told once. Nothing happens when it has
 * got another credential meanwhile: what was refused is the old one.
 */
export async function markExpired(deps: Expiring, refused: Channel, reason: string): Promise<void> {
  const channel = await deps.channels.get(refused.agencyId, refused.id);
  if (channel?.credential !== refused.credential || channel.health === 'expired') return;
  // Told first, under the version that it will have: a crash in between tells again under the same id.
  await announceHealth(deps, { ...channel, version: channel.version + 1 }, 'expired', reason);
  const expired = {
    ...channel,
    health: 'expired',
    healthReason: reason,
    healthAt: deps.clock.now(),
  } as const;
  if (await deps.channels.replace(expired, channel.version)) {
    const { agencyId, brandId, id: channelId, network } = channel;
    deps.log.warn('channel.expired', { agencyId, brandId, channelId, network });
  }
}
