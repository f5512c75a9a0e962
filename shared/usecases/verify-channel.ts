import type { MeasureFailure, Verified } from '../channels/provider.ts';
import type { Actor, Agency } from '../domain/agency.ts';
import { type Channel, works } from '../domain/channel.ts';
import { canonicalJson } from '../domain/content.ts';
import type { AnyProvider, Deps } from '../ports.ts';
import { keepableAccount } from './keepable.ts';
import { markExpired } from './mark-expired.ts';
import { openCredential } from './open-credential.ts';
import { providerContext } from './provider-context.ts';
import { releaseChannel } from './release-channel.ts';
import { changedMeanwhile } from './update-channel.ts';
import { unended } from './usable-channel.ts';

export type ChannelVerdict = {
  readonly channel: Channel;
  /** `unreachable`: nobody can tell now; the channel stays as it was. */
  readonly result: 'verified' | 'refused' | 'unreachable';
  readonly reason?: string;
};

/**
 * Asks the network about the stored credential, renewed if it has ended. Good: the channel is connected, its account
 * and facts are fresh, and what was held goes on. Refused, or the account has become another one: it is expired and
 * people are told.
 */
export async function verifyChannel(
  deps: Deps,
  input: { agency: Agency; actor: Actor; channel: Channel; provider: AnyProvider },
): Promise<ChannelVerdict> {
  const { agency } = input;
  const { channel, failure } = await unended(deps, agency, input.channel);
  const verified = failure ? verdictOf(failure) : await ask(deps, { ...input, channel });
  if (verified.kind === 'unreachable') return { channel, result: 'unreachable', reason: verified.reason };
  if (verified.kind === 'refused') {
    await markExpired(deps, channel, verified.reason);
    const marked = (await deps.channels.get(agency.id, channel.id)) ?? channel;
    return { channel: marked, result: 'refused', reason: verified.reason };
  }
  const { account, facts } = verified;
  const { healthReason: _reason, healthAt: _at, ...rest } = channel;
  // That it works now says nothing of how long: a warning stays.
  const fresh: Channel =
    channel.health === 'expiring'
      ? { ...channel, account, facts }
      : { ...rest, account, facts, health: 'connected' };
  // A renewal just now may have connected it by itself: that lets nothing go that is held.
  const isBack = !works(input.channel);
  if (canonicalJson(fresh) === canonicalJson(channel) && !isBack) return { channel, result: 'verified' };
  const stored = await deps.channels.replace(fresh, channel.version);
  if (stored === undefined) throw await changedMeanwhile(deps, channel);
  if (isBack) {
    await deps.audit.append(agency.id, {
      at: deps.clock.now(),
      actor: input.actor,
      act: 'channel.reconnect',
      target: channel.id,
      data: { version: stored.version },
    });
    await releaseChannel(deps, { agencyId: agency.id, channel: stored });
  }
  return { channel: stored, result: 'verified' };
}

async function ask(
  deps: Deps,
  { agency, channel, provider }: { agency: Agency; channel: Channel; provider: AnyProvider },
): Promise<Verified> {
  const credential = await openCredential(deps, agency, channel);
  const context = providerContext(deps, { agency, channelId: channel.id });
  const verified = keepableAccount(await provider.verify(credential as never, context));
  if (verified.kind !== 'verified' || verified.account.id === channel.account.id) return verified;
  return { kind: 'refused', reason: `The credential now belongs to ${verified.account.handle}.` };
}

function verdictOf(failure: MeasureFailure): Verified {
  if (failure.kind === 'unauthorized') return { kind: 'refused', reason: failure.reason };
  if (failure.kind === 'rateLimited') return { kind: 'unreachable', reason: 'The network asks to wait.' };
  return { kind: 'unreachable', reason: failure.reason };
}
