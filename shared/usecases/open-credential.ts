import type { Agency } from '../domain/agency.ts';
import type { Channel } from '../domain/channel.ts';
import type { Deps } from '../ports.ts';

/** A channel's secret in the clear, in the shape its provider wants. It goes to the provider and nowhere else. */
export async function openCredential(
  deps: Pick<Deps, 'vault'>,
  agency: Agency,
  channel: Channel,
): Promise<unknown> {
  return JSON.parse(await deps.vault.open(agency, channel.id, 'credential', channel.credential));
}
