import type { MeasureFailure } from '../channels/provider.ts';
import type { Agency } from '../domain/agency.ts';
import { type Channel, works } from '../domain/channel.ts';
import { isOver } from '../domain/credential-end.ts';
import { SECOND } from '../domain/time.ts';
import type { Deps } from '../ports.ts';
import { channelProvider } from './channel-provider.ts';
import { type Renewing, renewCredential } from './renew-credential.ts';

/** With a request of 20 s after it, it still fits into the 40 s for which a claim may send. */
const WAIT_MS = 10 * SECOND;

/**
 * The channel with a credential that is good to use now. The renewal job keeps it so; what it has missed is renewed
 * here, once, by the same turn. With `failure` nothing may be asked with this channel now.
 */
export async function usableChannel(
  deps: Renewing & Pick<Deps, 'provider'>,
  agency: Agency,
  channel: Channel,
): Promise<{ channel: Channel; failure?: MeasureFailure }> {
  return works(channel) ? unended(deps, agency, channel) : { channel };
}

/** The same whatever is known of the channel's health: the renewal job passes an expired one by. */
export async function unended(
  deps: Renewing & Pick<Deps, 'provider'>,
  agency: Agency,
  channel: Channel,
): Promise<{ channel: Channel; failure?: MeasureFailure }> {
  if (!isOver(channel, deps.clock.now())) return { channel };
  const provider = await channelProvider(deps, channel);
  // Nobody can renew it: the network says for itself what it thinks of the old one.
  if (!channel.ends?.renews || !provider?.renewal?.refresh) return { channel };
  const renewed = await renewCredential(deps, { agency, channel, provider, waitMs: WAIT_MS });
  if (renewed.kind === 'renewed') return { channel: renewed.channel };
  if (renewed.kind === 'busy') {
    return { channel, failure: { kind: 'unavailable', reason: 'The login is being renewed just now.' } };
  }
  return { channel, failure: renewed };
}
