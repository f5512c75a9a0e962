import type { Channel } from '../domain/channel.ts';
import { endsBefore } from '../domain/credential-end.ts';
import { toRfc3339 } from '../domain/time.ts';
import type { Deps } from '../ports.ts';
import { announceHealth } from './announce.ts';
import type { Plan } from './plan-post.ts';

type Marking = Pick<Deps, 'channels' | 'bus' | 'clock' | 'alerts' | 'reportQueue'>;

/**
 * The channel will end and needs a person before; they are told once. `change`: what the renewal job has learned.
 * Losing to another write of the channel is harmless: the job comes back.
 */
export async function markExpiring(
  deps: Marking,
  channel: Channel,
  reason: string,
  change: Partial<Pick<Channel, 'ends' | 'renewAt'>> = {},
): Promise<void> {
  const next: Channel = { ...channel, ...change };
  if (channel.health !== 'connected') {
    // They know that it ends; why may have become another: a renewal that failed first is refused for good.
    const why = channel.health === 'expiring' ? { healthReason: reason } : {};
    if (Object.keys(change).length > 0) await deps.channels.replace({ ...next, ...why }, channel.version);
    return;
  }
  // Told first, under the version that it will have: a crash in between tells again under the same id.
  await announceHealth(deps, { ...next, version: channel.version + 1 }, 'expiring', reason);
  await deps.channels.replace(
    { ...next, health: 'expiring', healthReason: reason, healthAt: deps.clock.now() },
    channel.version,
  );
}

/** Why a channel that nobody can renew will end. */
export const endingReason = ({ ends }: Pick<Channel, 'ends'>): string =>
  `The login ends on ${ends === undefined ? 'its own' : toRfc3339(ends.at)} and must be made again by a person.`;

/** After queueing: channels that end before what was just queued on them is due. Never stops the queueing. */
export async function markEndingBefore(
  deps: Marking & Pick<Deps, 'log'>,
  { planned }: Pick<Plan, 'planned'>,
): Promise<void> {
  for (const { channel, due } of planned) {
    if (due === undefined || !endsBefore(channel, due.at) || channel.health !== 'connected') continue;
    await markExpiring(deps, channel, endingReason(channel)).catch((error) =>
      deps.log.warn('channel.not_marked', { channelId: channel.id, error: String(error) }),
    );
  }
}
