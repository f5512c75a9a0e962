import type { Brand } from '../domain/brand.ts';
import { INTERACTION_PARTS } from '../domain/report.ts';
import type { GatheredChannel } from '../domain/report-input.ts';
import { localDay, type ReportPeriod } from '../domain/report-week.ts';
import type { Deps } from '../ports.ts';
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
      const told = provider?.metrics?.told ?? {};
      return {
        id,
        name,
        network: provider?.name ?? network,
        health,
        tells: INTERACTION_PARTS.filter((part) => told[part] !== undefined),
        followers: await deps.channels.followers(brand.agencyId, id, firstDay, lastDay),
      };
    }),
  );
}
