import type { MeasureFailure } from '../channels/provider.ts';
import type { Agency } from '../domain/agency.ts';
import type { Channel } from '../domain/channel.ts';
import { MINUTE } from '../domain/time.ts';
import type { AnyProvider, Deps } from '../ports.ts';
import { keepCredential } from './keep-credential.ts';
import { openCredential } from './open-credential.ts';
import { providerContext } from './provider-context.ts';
import { secretText } from './secret-text.ts';
import { openApp } from './set-app.ts';

export type Renewing = Pick<
  Deps,
  'channels' | 'apps' | 'vault' | 'clock' | 'random' | 'http' | 'bucket' | 'measureQueue' | 'log'
>;

export type Renewed =
  /** The channel as it now stands, with a new credential, by us or by whoever was faster. */
  | { kind: 'renewed'; channel: Channel }
  /** Somebody else is at it. */
  | { kind: 'busy' }
  | MeasureFailure;

/** Longer than a request (20 s) and all tries to keep what came of it. */
const TURN = 2 * MINUTE;
const LOOK_EVERY_MS = 250;

/**
 * Gets a new credential for a channel whose present one ends. One at a time per channel, by a turn that is taken by
 * a conditional write, because many networks take a refresh token once: the new one is written before it is used
 * anywhere. `waitMs`: how long to wait for somebody else's turn.
 *
 * What remains: a process killed between the network's answer and the first of two writes, the channel's and the
 * queue's (`keepCredential`). If the network has made the old refresh token void by then, the next renewal is refused,
 * and people are asked to connect the channel again.
 */
export async function renewCredential(
  deps: Renewing,
  {
    agency,
    channel,
    provider,
    waitMs = 0,
  }: { agency: Agency; channel: Channel; provider: AnyProvider; waitMs?: number },
): Promise<Renewed> {
  const owner = secretText(deps);
  const since = deps.clock.monotonic();
  for (;;) {
    const now = deps.clock.now();
    if (await deps.channels.takeTurn(agency.id, channel.id, { owner, now, until: now + TURN })) break;
    if (deps.clock.monotonic() - since >= waitMs) return { kind: 'busy' };
    await deps.clock.sleep(LOOK_EVERY_MS);
    const present = await deps.channels.get(agency.id, channel.id);
    if (present && present.credential !== channel.credential) return { kind: 'renewed', channel: present };
  }
  const { renewed, isSettled } = await inTurn(deps, { agency, channel, provider });
  // Else the turn goes on to its end: nobody must use the old refresh token before the new one is in its place.
  if (isSettled) {
    await deps.channels
      .endTurn(agency.id, channel.id, owner)
      .catch((error) => deps.log.warn('turn.not_ended', { channelId: channel.id, error: String(error) }));
  }
  return renewed;
}

async function inTurn(
  deps: Renewing,
  { agency, channel, provider }: { agency: Agency; channel: Channel; provider: AnyProvider },
): Promise<{ renewed: Renewed; isSettled: boolean }> {
  // Read only now: whoever had the turn before has written by then.
  const present = await deps.channels.get(agency.id, channel.id);
  if (present && present.credential !== channel.credential) {
    return { renewed: { kind: 'renewed', channel: present }, isSettled: true };
  }
  if (!present || !provider.renewal?.refresh) {
    return {
      renewed: { kind: 'unavailable', reason: 'This login cannot be renewed.' },
      isSettled: true,
    };
  }
  const [credential, app] = await Promise.all([
    openCredential(deps, agency, present),
    openApp(deps, agency, present.network),
  ]);
  const context = providerContext(deps, { agency, channelId: present.id });
  const answer = await provider.renewal.refresh(credential, app, context).catch((error: unknown) => {
    deps.log.error('renewal.threw', { channelId: present.id, network: provider.id, error: String(error) });
    return { kind: 'unavailable', reason: 'an internal error' } as const;
  });
  if (answer.kind !== 'refreshed') return { renewed: answer, isSettled: true };
  const kept = await keepCredential(deps, { agency, channel: present, provider, value: answer.credential });
  if (kept.kind === 'parked') {
    const reason = 'The new login is kept and will be in its place in a moment.';
    return { renewed: { kind: 'unavailable', reason }, isSettled: false };
  }
  if (!kept.channel) {
    return { renewed: { kind: 'unavailable', reason: 'The channel is gone.' }, isSettled: true };
  }
  return { renewed: { kind: 'renewed', channel: kept.channel }, isSettled: true };
}
