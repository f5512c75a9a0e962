import type { Brand } from '../domain/brand.ts';
import { INTERACTION_PARTS } from '../domain/report.ts';
import type { GatheredChannel, GatheredDelivery, ReportInput } from '../domain/report-input.ts';
import { localDay, type ReportPeriod } from '../domain/report-week.ts';
import type { AnyProvider, Deps } from '../ports.ts';
import { channelProvider } from './channel-provider.ts';

/** A brand's channels with what their networks tell, and their followers by day in a period. */
export async function gatherChannels(
  deps: Pick<Deps, 'channels' | 'provider'>,
  brand: Pick<Brand, 'id' | 'agencyId' | 'timeZone'>,
  period: ReportPeriod,
): Promise<GatheredChannel[]> {
  const firstDay = localDay(brand, period.from);
  const lastDay = localDay(brand, Math.max(period.from, period.to - 1));
  const channels = await deps.channels.list(brand.agencyId, brand.id);
  return Promise.all(
    channels.map(async (channel) => {
      const { id, name, network, health } = channel;
      const provider = await channelProvider(deps, channel);
      return {
        id,
        name,
        network: provider?.name ?? network,
        health,
        tells: partsTold(provider),
        followers: await deps.channels.followers(brand.agencyId, id, firstDay, lastDay),
      };
    }),
  );
}

/** The networks of what went to a channel that has been deleted since: its name is lost, its network's is not. */
export async function gatherLostNetworks(
  deps: Pick<Deps, 'provider'>,
  channels: readonly GatheredChannel[],
  deliveries: readonly GatheredDelivery[],
): Promise<ReportInput['networks']> {
  const known = new Set(channels.map(({ id }) => id));
  const lost = deliveries.filter(({ delivery }) => !known.has(delivery.channelId));
  const networks = [...new Set(lost.map(({ delivery }) => delivery.network))].map(async (network) => {
    const provider = await deps.provider(network);
    return [network, { network: provider?.name ?? network, tells: partsTold(provider) }] as const;
  });
  return Object.fromEntries(await Promise.all(networks));
}

function partsTold(provider: AnyProvider | undefined): GatheredChannel['tells'] {
  const told = provider?.metrics?.told ?? {};
  return INTERACTION_PARTS.filter((part) => told[part] !== undefined);
}
