import type { Actor } from '../domain/agency.ts';
import type { Channel } from '../domain/channel.ts';
import type { Deps } from '../ports.ts';
import { cancelOpen, openDeliveries, stillOpen } from './open-deliveries.ts';

/**
 * Takes the channel and its credential away; what it has published stays on the network.
 * @throws conflict with `deliveries`: those still open, or, with `cancel`, those that could not be cancelled any more
 */
export async function deleteChannel(
  deps: Deps,
  input: { actor: Actor; channel: Channel; cancel: boolean },
): Promise<void> {
  const { actor, channel, cancel } = input;
  const where = { agencyId: channel.agencyId, brandId: channel.brandId, channelId: channel.id };
  const open = cancel ? await cancelOpen(deps, { ...where, actor }) : await openDeliveries(deps, where);
  if (open.length > 0) throw stillOpen(open, cancel);
  await deps.channels.delete(channel);
  await deps.audit.append(channel.agencyId, {
    at: deps.clock.now(),
    actor,
    act: 'channel.delete',
    target: channel.id,
    data: { network: channel.network, account: channel.account.id },
  });
}
