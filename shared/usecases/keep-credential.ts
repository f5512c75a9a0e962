import type { Agency } from '../domain/agency.ts';
import type { Channel } from '../domain/channel.ts';
import { sha256 } from '../domain/ids.ts';
import type { MeasureMessage } from '../domain/messages.ts';
import { SECOND } from '../domain/time.ts';
import type { AnyProvider, Deps } from '../ports.ts';
import { channelProvider } from './channel-provider.ts';
import { openCredential } from './open-credential.ts';
import { endOf, type SealedCredential, sealCredential, withCredential } from './seal-credential.ts';

export type Kept = { kind: 'placed'; channel: Channel | undefined } | { kind: 'parked' };

type Keeping = Pick<Deps, 'channels' | 'vault' | 'clock' | 'measureQueue' | 'log'>;

const ROUNDS = 5;
const PLACED_AFTER_SECONDS = 15;

/**
 * Writes a credential that has just come from its network, whose forerunner may be void by now. If the table does not
 * take it, it is parked, sealed, in the queue, which is another service; then the table again, and so on.
 * @throws when neither takes it for a quarter of a minute
 */
export async function keepCredential(
  deps: Keeping,
  {
    agency,
    channel,
    provider,
    value,
  }: { agency: Agency; channel: Channel; provider: AnyProvider; value: unknown },
): Promise<Kept> {
  const sealed = await sealCredential(deps, agency, {
    id: channel.id,
    provider,
    value,
    before: channel.ends,
  });
  const before = sha256(channel.credential);
  const { agencyId, id: channelId } = channel;
  for (let round = 1; ; round++) {
    try {
      return { kind: 'placed', channel: await place(deps, { agencyId, channelId, before, sealed }) };
    } catch (error) {
      deps.log.error('credential.not_written', { channelId, round, error: String(error) });
    }
    try {
      await deps.measureQueue.send(
        { kind: 'credential', agencyId, channelId, before, sealed: sealed.credential },
        { delaySeconds: PLACED_AFTER_SECONDS, group: agencyId },
      );
      return { kind: 'parked' };
    } catch (error) {
      deps.log.error('credential.not_parked', { channelId, round, error: String(error) });
      if (round === ROUNDS) throw error;
    }
    await deps.clock.sleep(round * SECOND);
  }
}

/** Puts a parked credential into its place. Doing it twice is fine. */
export async function placeParked(
  deps: Pick<Deps, 'agencies' | 'channels' | 'vault' | 'clock' | 'provider'>,
  { agencyId, channelId, before, sealed }: Extract<MeasureMessage, { kind: 'credential' }>,
): Promise<void> {
  const [agency, channel] = await Promise.all([
    deps.agencies.get(agencyId),
    deps.channels.get(agencyId, channelId),
  ]);
  const provider = channel && (await channelProvider(deps, channel));
  if (!agency || !provider) return;
  const value = await openCredential(deps, agency, { ...channel, credential: sealed });
  const whole = { credential: sealed, ...endOf(deps, provider, value, channel.ends) };
  await place(deps, { agencyId, channelId, before, sealed: whole });
}

/**
 * Only in the place of the credential that it was made from: one that came by another way, a new login above all,
 * stays. Whatever else has changed in the channel stays, too.
 */
async function place(
  deps: Pick<Deps, 'channels'>,
  {
    agencyId,
    channelId,
    before,
    sealed,
  }: { agencyId: string; channelId: string; before: string; sealed: SealedCredential },
): Promise<Channel | undefined> {
  for (let tries = 0; tries < 10; tries++) {
    const present = await deps.channels.get(agencyId, channelId);
    if (!present || sha256(present.credential) !== before) return present;
    const stored = await deps.channels.replace(withCredential(present, sealed), present.version);
    if (stored) return stored;
  }
  throw new Error('The channel is being changed too often at once.');
}
