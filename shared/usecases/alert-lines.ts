import type { Brand } from '../domain/brand.ts';
import type { Channel } from '../domain/channel.ts';
import { resolveVariant } from '../domain/content.ts';
import { parseDeliveryId } from '../domain/ids.ts';
import { excerpt } from '../domain/report-rows.ts';
import type { AlertKind, AlertLine } from '../email/alert-mail.ts';
import type { Deps } from '../ports.ts';
import type { AlertItem } from '../store-ports.ts';

type Looking = Pick<Deps, 'posts' | 'channels' | 'provider'>;

const KINDS: Readonly<Record<string, AlertKind>> = {
  'delivery.failed': 'failed',
  'delivery.missed': 'missed',
  'delivery.uncertain': 'uncertain',
  'delivery.incomplete': 'incomplete',
  'channel.expiring': 'expiring',
  'channel.expired': 'expired',
  'report.uncertain': 'mail_uncertain',
  'report.not_sent': 'mail_not_sent',
};

/** What alert items are about, as people can read it: channel and network, text, time, and where to look. */
export function alertLines(deps: Looking, brand: Brand, items: readonly AlertItem[]): Promise<AlertLine[]> {
  return Promise.all(items.map((item) => lineOf(deps, brand, item)));
}

async function lineOf(deps: Looking, brand: Brand, item: AlertItem): Promise<AlertLine> {
  const { at, code, deliveryId, channelId, reason } = item;
  const [channel, post] = await Promise.all([
    channelId === undefined ? undefined : deps.channels.get(brand.agencyId, channelId),
    deliveryId === undefined ? undefined : postFacts(deps, brand, deliveryId),
  ]);
  const id = deliveryId ?? item.reportId ?? channelId;
  return {
    kind: KINDS[code] ?? 'other',
    where: channel ? await placeOf(deps, channel) : item.subject,
    at,
    ...(channel ? { url: channel.account.url } : {}),
    ...post,
    ...(reason === undefined ? {} : { reason }),
    ...(id === undefined ? {} : { id }),
  };
}

async function placeOf(deps: Pick<Deps, 'provider'>, { name, network }: Channel): Promise<string> {
  return `${name} · ${(await deps.provider(network))?.name ?? network}`;
}

async function postFacts(
  deps: Pick<Deps, 'posts'>,
  { agencyId, id: brandId }: Brand,
  deliveryId: string,
): Promise<Pick<AlertLine, 'dueAt' | 'excerpt' | 'url'> | undefined> {
  const parsed = parseDeliveryId(deliveryId);
  const post = parsed && (await deps.posts.get(agencyId, parsed.postId));
  const delivery = post?.deliveries.find(({ n }) => n === parsed?.n);
  if (!post || !delivery || post.brandId !== brandId) return undefined;
  const content = await deps.posts.content(agencyId, post.id, post.revision, post.contentHash);
  const text = content ? excerpt(resolveVariant(content, delivery.network, delivery.channelId).text) : '';
  const { dueAt, url } = delivery;
  return { dueAt, ...(text === '' ? {} : { excerpt: text }), ...(url === undefined ? {} : { url }) };
}
