import type { Agency } from '../domain/agency.ts';
import type { Channel } from '../domain/channel.ts';
import { warnFrom } from '../domain/credential-end.ts';
import type { MeasureMessage } from '../domain/messages.ts';
import type { AnyProvider, Deps } from '../ports.ts';
import { channelProvider } from './channel-provider.ts';
import { markExpired } from './mark-expired.ts';
import { endingReason, markExpiring } from './mark-expiring.ts';
import { openCredential } from './open-credential.ts';
import { providerContext } from './provider-context.ts';
import { type Renewing, renewCredential } from './renew-credential.ts';

type Working = Renewing & Pick<Deps, 'agencies' | 'provider' | 'brands' | 'bus' | 'alerts' | 'reportQueue'>;

const PER_SHARD = 500;

/** Every ten minutes: one message for each channel whose credential must be looked after, so that each is alone. */
export async function renewDue(deps: Pick<Deps, 'channels' | 'measureQueue' | 'clock'>): Promise<number> {
  const now = deps.clock.now();
  let found = 0;
  for (let shard = 0; shard < deps.channels.shards; shard++) {
    for (const { agencyId, channelId } of await deps.channels.toRenew(shard, now, PER_SHARD)) {
      await deps.measureQueue.send({ kind: 'channel', agencyId, channelId }, { group: agencyId });
      found += 1;
    }
  }
  return found;
}

/**
 * Renews a channel's credential ahead of its end, or tells people in time that only they can. Coming twice, or late,
 * is fine: what is done already is left as it is.
 */
export async function renewChannel(
  deps: Working,
  { agencyId, channelId }: Pick<Extract<MeasureMessage, { kind: 'channel' }>, 'agencyId' | 'channelId'>,
): Promise<void> {
  const [agency, channel] = await Promise.all([
    deps.agencies.get(agencyId),
    deps.channels.get(agencyId, channelId),
  ]);
  const provider = channel && (await channelProvider(deps, channel));
  if (!agency || !provider || !isDue(channel, deps.clock.now())) return;
  if (!channel.ends?.renews || !provider.renewal?.refresh) return towardsItsEnd(deps, channel);
  const renewed = await renewCredential(deps, { agency, channel, provider });
  if (renewed.kind === 'busy') return;
  if (renewed.kind === 'renewed') {
    deps.log.info('credential.renewed', { agencyId, channelId, network: provider.id });
    return;
  }
  if (renewed.kind === 'unauthorized') {
    return refused(deps, { agency, channel, provider, reason: renewed.reason });
  }
  const reason = renewed.kind === 'rateLimited' ? 'The network asks to wait.' : renewed.reason;
  deps.log.warn('credential.not_renewed', { agencyId, channelId, network: provider.id, reason });
  const from = warnFrom(channel);
  if (from !== undefined && deps.clock.now() >= from) {
    await markExpiring(deps, channel, `The login could not be renewed yet: ${reason}`);
  }
}

function isDue({ health, renewAt }: Channel, now: number): boolean {
  return (health === 'connected' || health === 'expiring') && renewAt !== undefined && renewAt <= now;
}

/** Nobody but a person can renew it. */
async function towardsItsEnd(deps: Working, channel: Channel): Promise<void> {
  const { ends } = channel;
  if (ends === undefined) return;
  if (deps.clock.now() >= ends.at) return markExpired(deps, channel, 'The login has ended.');
  await markExpiring(deps, channel, endingReason(channel), { renewAt: ends.at });
}

/** Not renewed any more; while the present credential still works, posts go on with it. */
async function refused(
  deps: Working,
  {
    agency,
    channel,
    provider,
    reason,
  }: { agency: Agency; channel: Channel; provider: AnyProvider; reason: string },
): Promise<void> {
  const { ends } = channel;
  if (ends === undefined || deps.clock.now() >= ends.at) return markExpired(deps, channel, reason);
  const credential = await openCredential(deps, agency, channel);
  const context = providerContext(deps, { agency, channelId: channel.id });
  const verified = await provider.verify(credential as never, context);
  if (verified.kind === 'unreachable') return;
  if (verified.kind === 'refused') return markExpired(deps, channel, reason);
  await markExpiring(deps, channel, `${endingReason(channel)} ${reason}`, {
    ends: { ...ends, renews: false },
    renewAt: ends.at,
  });
}
