import type { AssistView } from '../email/assist-parts.ts';
import type { AssistedDelivery } from './assisted-delivery.ts';

/** What mail and page show. Files are led to by addresses of ours, which are good as long as the link is. */
export function assistView(
  { agency, brand, channel, delivery, network, task }: AssistedDelivery,
  pageUrl: string,
): AssistView {
  const { responsible, media, ...said } = task;
  return {
    agencyName: agency.name,
    brandName: brand.name,
    locale: brand.locale,
    timeZone: brand.timeZone,
    network,
    channelName: channel.name,
    dueAt: delivery.dueAt,
    ...(responsible.name === undefined ? {} : { name: responsible.name }),
    ...said,
    media: media.map(({ name, alt }, index) => ({ name, alt, url: `${pageUrl}/media/${index + 1}` })),
  };
}
