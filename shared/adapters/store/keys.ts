import { sha256 } from '../../domain/ids.ts';
import { DAY, type Instant } from '../../domain/time.ts';
import type { Key, Query } from './table.ts';

/**
 * Every key of the table. `A` stands for `A#<agencyId>`: each partition starts with it, so that no request can
 * leave its tenant, except the key by hash and the index partitions of what runs for all tenants. Parts are
 * escaped, so that none can hold a `#`.
 *
 * | item                | pk                        | sk                              | index                      |
 * |---------------------|---------------------------|---------------------------------|----------------------------|
 * | agency              | A#AGENCY                  | H                               |                            |
 * | API key             | KEY#<sha256>              | H                               |                            |
 * | an agency's keys    | A#KEYS                    | <keyId>                         |                            |
 * | brand               | A#BRANDS                  | <brandId>                       | wake B#<shard>, <brandId>  |
 * | a brand's channels  | A#BRAND#<brandId>         | CHANNEL#<channelId>             |                            |
 * | a brand's reports   | A#BRAND#<brandId>         | REPORT#<newest first>#<id>      |                            |
 * | a brand's media      | A#BRAND#<brandId>         | MEDIA#<mediaId>                 |                            |
 * | unsubscribed        | A#BRAND#<brandId>         | UNSUBSCRIBED#<email>            |                            |
 * | last sweep          | A#SWEEP                   | H                               |                            |
 * | channel             | A#CHANNEL#<channelId>     | H                               | wake C#<shard>, <renewAt>#<channelId> |
 * | login session       | A#CHANNEL#<channelId>     | SESSION                         |                            |
 * | turn to renew       | A#CHANNEL#<channelId>     | TURN                            |                            |
 * | followers of a day  | A#CHANNEL#<channelId>     | FOLLOWERS#<day>                 |                            |
 * | account             | A#ACCOUNT#<network>#<id>  | H                               |                            |
 * | app at a network    | A#APPS                    | <network>                       |                            |
 * | login               | A#LOGIN#<loginId>         | H                               |                            |
 * | post: head          | A#POST#<postId>           | H                               | calendar A#DUE#<brandId>, <due>#<postId>; wake W#<shard>, <wakeAt>#<postId>; attention A#ATTENTION, <since>#<postId> |
 * | post: further due   | A#POST#<postId>           | AT#<ms>                         | calendar, as above         |
 * | post: content       | A#POST#<postId>           | REV#<revision>#<hash>           |                            |
 * | post: attempt       | A#POST#<postId>           | TRY#<ms>#<n>#<attempt>          |                            |
 * | post: asked snapshots | A#POST#<postId>         | SNAPSHOTS                       |                            |
 * | swept snapshots     | A#SNAPSHOTS#<brandId>     | <ms>                            |                            |
 * | external id's owner | A#EXTERNAL#<network>#<sha256> | H                           |                            |
 * | hold                | A#HOLD#<holdId>           | H                               |                            |
 * | active holds        | A#HOLDS                   | <holdId>                        |                            |
 * | report              | A#REPORT#<reportId>       | H                               |                            |
 * | mail                | A#MAIL#<mailId>           | H                               |                            |
 * | a brand's alerts    | A#ALERTS#<brandId>        | H, P#<key> pending, T#<key> told |                           |
 * | audit               | A#AUDIT#<yyyy-mm>         | <ms>#<random>                   |                            |
 * | notes of an erasure | A#ERASURE#<brandId>       | <kind>#<n>                      |                            |
 */
export const keys = {
  agency: (agencyId: string) => head(of(agencyId, 'AGENCY')),
  keyByHash: (hash: string) => head(`KEY#${part(hash)}`),
  keyOfAgency: (agencyId: string, keyId: string): Key => ({ pk: keys.keysOfAgency(agencyId), sk: keyId }),
  keysOfAgency: (agencyId: string) => of(agencyId, 'KEYS'),
  brand: (agencyId: string, brandId: string): Key => ({ pk: keys.brands(agencyId), sk: brandId }),
  brands: (agencyId: string) => of(agencyId, 'BRANDS'),
  ofBrand: (agencyId: string, brandId: string) => of(agencyId, 'BRAND', brandId),
  sweep: (agencyId: string) => head(of(agencyId, 'SWEEP')),
  channelOfBrand: (agencyId: string, brandId: string, channelId: string): Key => ({
    pk: keys.ofBrand(agencyId, brandId),
    sk: `${PREFIX.channel}${channelId}`,
  }),
  reportOfBrand: (agencyId: string, brandId: string, createdAt: Instant, reportId: string): Key => ({
    pk: keys.ofBrand(agencyId, brandId),
    sk: `${PREFIX.report}${pad(NO_TIME - createdAt)}#${reportId}`,
  }),
  mediaOfBrand: (agencyId: string, brandId: string, mediaId: string): Key => ({
    pk: keys.ofBrand(agencyId, brandId),
    sk: `${PREFIX.media}${mediaId}`,
  }),
  unsubscribed: (agencyId: string, brandId: string, email: string): Key => ({
    pk: keys.ofBrand(agencyId, brandId),
    sk: `${PREFIX.unsubscribed}${email}`,
  }),
  channel: (agencyId: string, channelId: string) => head(keys.ofChannel(agencyId, channelId)),
  session: (agencyId: string, channelId: string): Key => ({
    pk: keys.ofChannel(agencyId, channelId),
    sk: 'SESSION',
  }),
  turn: (agencyId: string, channelId: string): Key => ({
    pk: keys.ofChannel(agencyId, channelId),
    sk: 'TURN',
  }),
  followers: (agencyId: string, channelId: string, day: string): Key => ({
    pk: keys.ofChannel(agencyId, channelId),
    sk: `${PREFIX.followers}${day}`,
  }),
  ofChannel: (agencyId: string, channelId: string) => of(agencyId, 'CHANNEL', channelId),
  account: (agencyId: string, network: string, accountId: string) =>
    head(of(agencyId, 'ACCOUNT', network, accountId)),
  app: (agencyId: string, network: string): Key => ({ pk: keys.apps(agencyId), sk: network }),
  apps: (agencyId: string) => of(agencyId, 'APPS'),
  login: (agencyId: string, loginId: string) => head(of(agencyId, 'LOGIN', loginId)),
  post: (agencyId: string, postId: string) => head(keys.ofPost(agencyId, postId)),
  ofPost: (agencyId: string, postId: string) => of(agencyId, 'POST', postId),
  pointer: (agencyId: string, postId: string, at: Instant): Key => ({
    pk: keys.ofPost(agencyId, postId),
    sk: `${PREFIX.pointer}${pad(at)}`,
  }),
  /** Content is found by its hash, so two edits that race for one revision do not overwrite each other. */
  content: (agencyId: string, postId: string, revision: number, hash: string): Key => ({
    pk: keys.ofPost(agencyId, postId),
    sk: `REV#${revision}#${hash.slice(0, 16)}`,
  }),
  attempt: (agencyId: string, postId: string, at: Instant, n: number, attempt: number): Key => ({
    pk: keys.ofPost(agencyId, postId),
    sk: `${PREFIX.attempt}${pad(at)}#${n}#${attempt}`,
  }),
  asked: (agencyId: string, postId: string): Key => ({
    pk: keys.ofPost(agencyId, postId),
    sk: 'SNAPSHOTS',
  }),
  swept: (agencyId: string, brandId: string, at: Instant): Key => ({
    pk: keys.sweptOf(agencyId, brandId),
    sk: pad(at),
  }),
  sweptOf: (agencyId: string, brandId: string) => of(agencyId, 'SNAPSHOTS', brandId),
  external: (agencyId: string, network: string, externalId: string) =>
    head(of(agencyId, 'EXTERNAL', network, sha256(externalId))),
  hold: (agencyId: string, holdId: string) => head(of(agencyId, 'HOLD', holdId)),
  activeHold: (agencyId: string, holdId: string): Key => ({ pk: keys.activeHolds(agencyId), sk: holdId }),
  activeHolds: (agencyId: string) => of(agencyId, 'HOLDS'),
  report: (agencyId: string, reportId: string) => head(of(agencyId, 'REPORT', reportId)),
  mail: (agencyId: string, mailId: string) => head(of(agencyId, 'MAIL', mailId)),
  alerts: (agencyId: string, brandId: string) => head(keys.ofAlerts(agencyId, brandId)),
  pendingAlert: (agencyId: string, brandId: string, key: string): Key => ({
    pk: keys.ofAlerts(agencyId, brandId),
    sk: `${PREFIX.pending}${key}`,
  }),
  toldAlert: (agencyId: string, brandId: string, key: string): Key => ({
    pk: keys.ofAlerts(agencyId, brandId),
    sk: `T#${key}`,
  }),
  ofAlerts: (agencyId: string, brandId: string) => of(agencyId, 'ALERTS', brandId),
  audit: (agencyId: string, at: Instant, random: string): Key => ({
    pk: of(agencyId, 'AUDIT', new Date(at).toISOString().slice(0, 7)),
    sk: `${pad(at)}#${random}`,
  }),
  ofErasure: (agencyId: string, brandId: string) => of(agencyId, 'ERASURE', brandId),
} as const;

/** Partitions of the indexes. */
export const indexed = {
  calendar: (agencyId: string, brandId: string) => of(agencyId, 'DUE', brandId),
  attention: (agencyId: string) => of(agencyId, 'ATTENTION'),
  wake: (shard: number) => `W#${shard}`,
  brands: (shard: number) => `B#${shard}`,
  renewals: (shard: number) => `C#${shard}`,
};

/** Beginnings of sort keys that are read together. */
export const PREFIX = {
  channel: 'CHANNEL#',
  report: 'REPORT#',
  media: 'MEDIA#',
  unsubscribed: 'UNSUBSCRIBED#',
  followers: 'FOLLOWERS#',
  pointer: 'AT#',
  attempt: 'TRY#',
  pending: 'P#',
};

/** The instant of posts that have none: they sort at the end of the calendar (in the year 2286). */
export const NO_TIME: Instant = 9_999_999_999_999;

/** What runs for all tenants is spread over so many index partitions. */
export const SHARDS = 16;
export const shardOf = (id: string): number => Number.parseInt(sha256(id).slice(0, 1), SHARDS);

/** An instant as 13 digits, so that texts sort like instants. */
export const pad = (at: Instant): string =>
  String(Math.min(Math.max(Math.floor(at), 0), NO_TIME)).padStart(13, '0');

/** Sort key of a post or channel at an instant, in every index. */
export const sortOf = (at: Instant, id: string): string => `${pad(at)}#${id}`;
export const instantOf = (sort: string): Instant => Number(sort.slice(0, 13));

/** The range of `from <= at < to` among such sort keys. */
export const between = (from: Instant, to: Instant): NonNullable<Query['range']> => ({
  low: pad(from),
  high: `${pad(to - 1)}#${LAST}`,
});
export const startingWith = (prefix: string): NonNullable<Query['range']> => ({
  low: prefix,
  high: `${prefix}${LAST}`,
});

/** Agency and last part of a partition: `A#agy_1#POST#post_2` gives `agy_1` and `post_2`. */
export function readPartition(pk: string): { agencyId: string; id: string } {
  const parts = pk.split('#');
  return { agencyId: decodeURIComponent(parts[1] ?? ''), id: decodeURIComponent(parts.at(-1) ?? '') };
}

/** Every part of a partition: `A#agy_1#BRAND#brd_2` is of kind `BRAND` with the rest `brd_2`. Undefined: no tenant's. */
export function partsOf(pk: string): { agencyId: string; kind: string; rest: readonly string[] } | undefined {
  const [first, agencyId, kind, ...rest] = pk.split('#').map(decodeURIComponent);
  return first === 'A' && agencyId !== undefined && kind !== undefined ? { agencyId, kind, rest } : undefined;
}

/** `ttl` of what may go 400 days after an instant: epoch seconds. DynamoDB deletes it days later, or never here. */
export const expiry = (at: Instant): number => Math.ceil((at + 400 * DAY) / 1_000);

/** Sorts behind everything that ids, emails and alert keys are made of. */
const LAST = '\u{10ffff}';
const head = (pk: string): Key => ({ pk, sk: 'H' });
const part = (text: string): string => text.replace(/[%#]/g, encodeURIComponent);
const of = (agencyId: string, kind: string, ...parts: string[]): string =>
  ['A', part(agencyId), kind, ...parts.map(part)].join('#');
