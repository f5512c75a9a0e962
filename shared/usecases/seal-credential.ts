import type { Agency } from '../domain/agency.ts';
import type { Channel } from '../domain/channel.ts';
import { type CredentialEnd, endRenewed, firstLook } from '../domain/credential-end.ts';
import type { AnyProvider, Deps } from '../ports.ts';

/** A credential as it is kept, with what is known of its end. */
export type SealedCredential = Pick<Channel, 'credential' | 'ends' | 'renewAt'>;

/** Seals a credential, in the shape its provider wants, for one channel. */
export async function sealCredential(
  deps: Pick<Deps, 'vault' | 'clock'>,
  agency: Agency,
  {
    id,
    provider,
    value,
    before,
  }: { id: string; provider: AnyProvider; value: unknown; before?: CredentialEnd | undefined },
): Promise<SealedCredential> {
  const credential = await deps.vault.seal(agency, id, 'credential', JSON.stringify(value));
  return { credential, ...endOf(deps, provider, value, before) };
}

/**
 * When a credential ends by itself, and when to look after it; nothing where nobody says that it ends. `before`: the end
 * of the one that it was renewed from.
 */
export function endOf(
  deps: Pick<Deps, 'clock'>,
  { renewal }: AnyProvider,
  value: unknown,
  before?: CredentialEnd,
): Pick<Channel, 'ends' | 'renewAt'> {
  const at = renewal?.expiresAt(value);
  if (!renewal || at === undefined) return {};
  const renews = renewal.refresh !== undefined && (renewal.renews?.(value) ?? true);
  const now = deps.clock.now();
  const ends = endRenewed({ at, renews }, before, now);
  return { ends, renewAt: firstLook(ends, now) };
}

/** The channel with another credential, which is good: nothing of the old one's end or health stays. */
export function withCredential(channel: Channel, sealed: SealedCredential): Channel {
  const { healthReason: _reason, healthAt: _since, ends: _ends, renewAt: _at, ...rest } = channel;
  return { ...rest, ...sealed, health: 'connected' };
}
