import { byHand } from '../channels/by-hand.ts';
import type { Channel } from '../domain/channel.ts';
import type { AnyProvider, Deps } from '../ports.ts';

/**
 * The provider that a channel goes by: its network's, or, where people publish, that network's rules by hand. Whoever
 * asks, sends or measures takes this one: an assisted channel's credential is none of its network's.
 */
export async function channelProvider(
  deps: Pick<Deps, 'provider'>,
  { network, assisted }: { readonly network: string; readonly assisted?: Channel['assisted'] | boolean },
): Promise<AnyProvider | undefined> {
  const provider = await deps.provider(network);
  return provider === undefined || !assisted || provider.assisted ? provider : byHand(provider);
}
