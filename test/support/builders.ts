import type { Actor, Agency, ApiKey } from '../../shared/domain/agency.ts';
import type { Brand } from '../../shared/domain/brand.ts';
import type { Channel } from '../../shared/domain/channel.ts';
import { type Content, contentHash } from '../../shared/domain/content.ts';
import type { Delivery } from '../../shared/domain/delivery.ts';
import type { Hold } from '../../shared/domain/hold.ts';
import { derivedId, type IdPrefix, sha256 } from '../../shared/domain/ids.ts';
import type { Post } from '../../shared/domain/post.ts';
import { HOUR, type Instant } from '../../shared/domain/time.ts';

/** A valid id that is the same for the same name: `anId('post', 'monday')`. */
export const anId = (prefix: IdPrefix, name = 'default'): string => derivedId(prefix, name);

/** Sunday, 29 November 2026, 12:00 UTC: when everything below was made. */
export const MADE_AT: Instant = Date.UTC(2026, 10, 29, 12);
/** Monday, 30 November 2026, 08:00 UTC: when posts are due. */
export const DUE_AT: Instant = Date.UTC(2026, 10, 30, 8);

export const anActor = (over: Partial<Actor> = {}): Actor => ({
  keyId: anId('key'),
  name: 'Editor',
  email: 'editor@agency.example',
  ...over,
});

export const anAgency = (over: Partial<Agency> = {}): Agency => ({
  id: anId('agy'),
  name: 'Agency',
  dataKey: 'sealed-data-key',
  optInEvents: [],
  createdAt: MADE_AT,
  ...over,
});

export const anApiKey = (over: Partial<ApiKey> = {}): ApiKey => ({
  id: anId('key'),
  agencyId: anId('agy'),
  hash: sha256('secret'),
  actor: { name: 'Editor', email: 'editor@agency.example' },
  scope: 'admin',
  createdAt: MADE_AT,
  createdBy: anActor(),
  ...over,
});

export const aBrand = (over: Partial<Brand> = {}): Brand => ({
  id: anId('brd'),
  agencyId: anId('agy'),
  name: 'Bakery',
  timeZone: 'Europe/Berlin',
  locale: 'de',
  alerts: { recipients: ['alerts@agency.example'] },
  report: { weekday: 'monday', time: '08:00', recipients: [{ email: 'client@bakery.example' }] },
  version: 1,
  createdAt: MADE_AT,
  createdBy: anActor(),
  ...over,
});

export const aChannel = (over: Partial<Channel> = {}): Channel => ({
  id: anId('chn'),
  agencyId: anId('agy'),
  brandId: anId('brd'),
  network: 'mastodon',
  name: 'Bakery on Mastodon',
  account: { id: '1001', handle: '@bakery@social.example', url: 'https://social.example/@bakery' },
  facts: {},
  options: {},
  credential: 'sealed-credential',
  health: 'connected',
  shared: false,
  version: 1,
  createdAt: MADE_AT,
  createdBy: anActor(),
  ...over,
});

export const aContent = (over: Partial<Content> = {}): Content => ({
  base: { text: 'Fresh bread from seven o’clock.' },
  variants: {},
  ...over,
});

/** Scheduled, untouched. `nextAttemptAt` follows `dueAt` unless given. */
export const aDelivery = (over: Partial<Delivery> = {}): Delivery => ({
  n: 1,
  channelId: anId('chn'),
  network: 'mastodon',
  state: 'scheduled',
  dueAt: DUE_AT,
  nextAttemptAt: over.dueAt ?? DUE_AT,
  fence: 0,
  attempts: 0,
  rescues: 0,
  holds: [],
  ...over,
});

/** One scheduled delivery; `wakeAt` is 90 s after the earliest due time, as at creation. */
export const aPost = (over: Partial<Post> = {}): Post => {
  const deliveries = over.deliveries ?? [aDelivery()];
  const earliest = Math.min(...deliveries.map((delivery) => delivery.dueAt));
  return {
    id: anId('post'),
    agencyId: anId('agy'),
    brandId: anId('brd'),
    version: 1,
    revision: 1,
    contentHash: contentHash(aContent()),
    requestHash: sha256('request'),
    draft: false,
    labels: [],
    createdAt: MADE_AT,
    createdBy: anActor(),
    deliveries,
    ...(deliveries.length > 0 ? { wakeAt: earliest + 90_000 } : {}),
    ...over,
  };
};

export const aHold = (over: Partial<Hold> = {}): Hold => ({
  id: anId('hld'),
  agencyId: anId('agy'),
  scope: { brandId: anId('brd') },
  reason: 'The client asked us to stop.',
  by: anActor(),
  since: DUE_AT - HOUR,
  ...over,
});
