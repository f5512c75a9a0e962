import type { Actor, Agency, ApiKey } from './domain/agency.ts';
import type { Brand } from './domain/brand.ts';
import type { Channel } from './domain/channel.ts';
import type { Hold } from './domain/hold.ts';
import type { PendingLogin } from './domain/login.ts';
import type { Media } from './domain/media.ts';
import type { NetworkApp } from './domain/network-app.ts';
import type { StoredReport } from './domain/report.ts';
import type { Instant } from './domain/time.ts';

/** One page of a listing; `next` is the sort position to go on from, absent at the end. */
export type Page<Item> = { readonly items: readonly Item[]; readonly next?: string };
export type PageRequest = { readonly limit: number; readonly after?: string };

export type AgencyStore = {
  /** False when the id is taken. */
  create(agency: Agency): Promise<boolean>;
  get(agencyId: string): Promise<Agency | undefined>;
  putKey(key: ApiKey): Promise<void>;
  keyByHash(hash: string): Promise<ApiKey | undefined>;
  keys(agencyId: string): Promise<readonly ApiKey[]>;
  /** False when there is no such key. Revoking twice is fine and keeps the first instant. */
  revokeKey(agencyId: string, keyId: string, at: Instant): Promise<boolean>;
  touchKey(key: ApiKey, at: Instant): Promise<void>;
};

export type BrandStore = {
  create(brand: Brand): Promise<boolean>;
  get(agencyId: string, brandId: string): Promise<Brand | undefined>;
  /** As it stood a second ago or stands now, at half the price. */
  getLately(agencyId: string, brandId: string): Promise<Brand | undefined>;
  list(agencyId: string): Promise<readonly Brand[]>;
  /** Replaces it if its version is still `expected`; the stored version is `expected + 1`. */
  replace(brand: Brand, expected: number): Promise<Brand | undefined>;
  delete(agencyId: string, brandId: string): Promise<void>;
  /** Every brand of every agency, page by page: for the hourly sweep. */
  everyBrand(page: PageRequest & { shard: number }): Promise<Page<{ agencyId: string; brandId: string }>>;
  /** Shards that `everyBrand` must be asked for. */
  readonly shards: number;
  /** The instant of the last sweep that has been handed on for all of an agency's brands. */
  sweptAt(agencyId: string): Promise<Instant | undefined>;
  putSweptAt(agencyId: string, at: Instant): Promise<void>;
};

export type ChannelStore = {
  create(channel: Channel): Promise<boolean>;
  /** Strongly consistent: the gate relies on it. */
  get(agencyId: string, channelId: string): Promise<Channel | undefined>;
  /** Those that are there, as they stood a second ago or stand now, in one call and at half the price. */
  getLately(agencyId: string, channelIds: readonly string[]): Promise<readonly Channel[]>;
  list(agencyId: string, brandId: string): Promise<readonly Channel[]>;
  replace(channel: Channel, expected: number): Promise<Channel | undefined>;
  delete(channel: Channel): Promise<void>;
  /** Brands of this agency in which that account stands. A claim of an account is a conditional write. */
  accountBrands(agencyId: string, network: string, accountId: string): Promise<readonly string[]>;
  /** Enters the account for this brand; false when it stands in another brand and `shared` is not set. */
  claimAccount(channel: Channel): Promise<boolean>;
  /** Channels that work and whose `renewAt` is at or before `until`, oldest first within a shard; a hint. */
  toRenew(
    shard: number,
    until: Instant,
    limit: number,
  ): Promise<readonly { agencyId: string; channelId: string }[]>;
  /** Shards that `toRenew` must be asked for. */
  readonly shards: number;
  /** One at a time renews a channel's credential: false while another's turn lasts. */
  takeTurn(
    agencyId: string,
    channelId: string,
    turn: { owner: string; now: Instant; until: Instant },
  ): Promise<boolean>;
  /** Ends a turn before its time, if it is still this owner's. */
  endTurn(agencyId: string, channelId: string, owner: string): Promise<void>;
  /** A sealed login session, kept apart from the channel. */
  session(agencyId: string, channelId: string): Promise<string | undefined>;
  putSession(agencyId: string, channelId: string, sealed: string): Promise<void>;
  /** One number per local day, `2026-11-22`; the last one of a day stays. */
  putFollowers(agencyId: string, channelId: string, day: string, count: number): Promise<void>;
  followers(
    agencyId: string,
    channelId: string,
    fromDay: string,
    toDay: string,
  ): Promise<readonly { day: string; count: number }[]>;
};

/** The agency's apps at the networks, one each. */
export type AppStore = {
  put(app: NetworkApp): Promise<void>;
  get(agencyId: string, network: string): Promise<NetworkApp | undefined>;
  list(agencyId: string): Promise<readonly NetworkApp[]>;
  delete(agencyId: string, network: string): Promise<void>;
};

/** Logins under way; gone a day after their end. */
export type LoginStore = {
  create(login: PendingLogin): Promise<void>;
  get(agencyId: string, loginId: string): Promise<PendingLogin | undefined>;
  /** Replaces it if its version is still `expected`; the stored version is `expected + 1`. */
  replace(login: PendingLogin, expected: number): Promise<PendingLogin | undefined>;
};

export type MediaStore = {
  /** The stored one when the id is taken, else this one. */
  create(media: Media): Promise<Media>;
  get(agencyId: string, brandId: string, mediaId: string): Promise<Media | undefined>;
  replace(media: Media): Promise<void>;
  list(agencyId: string, brandId: string, page: PageRequest): Promise<Page<Media>>;
  delete(media: Media): Promise<void>;
};

export type HoldStore = {
  put(hold: Hold): Promise<void>;
  get(agencyId: string, holdId: string): Promise<Hold | undefined>;
  /**
   * Holds whose `until` has passed are left to the caller. Strongly consistent, because the gate relies on it, unless
   * `lately` is enough: then at half the price.
   */
  active(agencyId: string, how?: { readonly lately?: true }): Promise<readonly Hold[]>;
  /** Released holds stay readable by `get`, and are active no more. False when it was released already. */
  release(hold: Hold): Promise<boolean>;
};

export type ReportStore = {
  /** False when the id is taken: the week's report is made once. */
  create(report: StoredReport): Promise<boolean>;
  get(agencyId: string, reportId: string): Promise<StoredReport | undefined>;
  replace(report: StoredReport): Promise<void>;
  list(agencyId: string, brandId: string, page: PageRequest): Promise<Page<StoredReport>>;
};

/** At most one mail per id: `begin` before SendEmail, `end` after it. */
export type MailEntry = {
  readonly id: string;
  readonly agencyId: string;
  /** What the mail is about: an erasure of the brand takes the entry with it. */
  readonly brandId?: string;
  readonly state: 'sending' | 'sent' | 'failed' | 'uncertain';
  readonly to: string;
  readonly at: Instant;
  readonly messageId?: string;
  readonly reason?: string;
};
export type MailLedger = {
  /** Enters it as `sending`; the present entry instead, when there is one. */
  begin(entry: MailEntry): Promise<MailEntry | undefined>;
  end(entry: MailEntry): Promise<void>;
  get(agencyId: string, mailId: string): Promise<MailEntry | undefined>;
  /** Addresses that asked to get no more mails of this brand. */
  unsubscribed(agencyId: string, brandId: string): Promise<ReadonlySet<string>>;
  unsubscribe(agencyId: string, brandId: string, email: string, at: Instant): Promise<void>;
};

/** What a brand's next alert mail will say; kept until it has been taken into one. */
export type AlertItem = {
  readonly at: Instant;
  readonly code: string;
  readonly subject: string;
  readonly deliveryId?: string;
  readonly channelId?: string;
  readonly reportId?: string;
  readonly reason?: string;
};
export type AlertStore = {
  /** Adding the same `key` twice keeps one. */
  add(agencyId: string, brandId: string, key: string, item: AlertItem): Promise<void>;
  /**
   * Takes what is pending into one batch if the last was begun at least `gapMs` before `now`; a batch that was
   * taken and not `done` comes again under the same id. Undefined: nothing to send. `waitMs`: too early.
   */
  take(
    agencyId: string,
    brandId: string,
    now: Instant,
    gapMs: number,
  ): Promise<{ batchId: string; items: readonly AlertItem[] } | { waitMs: number } | undefined>;
  done(agencyId: string, brandId: string, batchId: string): Promise<void>;
};

/** Append-only: who did what. */
export type AuditEntry = {
  readonly at: Instant;
  readonly actor: Actor;
  readonly act: string;
  readonly target: string;
  readonly data?: Readonly<Record<string, unknown>>;
};
export type AuditStore = { append(agencyId: string, entry: AuditEntry): Promise<void> };

/** What shows which stored items are one brand's: its own id and those of all that it has or had. */
export type BrandTrace = {
  readonly agencyId: string;
  readonly brandId: string;
  readonly ids: ReadonlySet<string>;
  /** Its last erasure, as the audit tells it. */
  readonly erased?: Pick<AuditEntry, 'at' | 'data'>;
};
export type BrandRecord = {
  /** What it is: `post`, `content`, `mail` … */
  readonly kind: string;
  /** No other record has it. */
  readonly name: string;
  /** An erasure takes lower turns first, so that what shows the rest goes last. */
  readonly turn: number;
  /** What an export says of it, without secrets; nothing for indexes, names and sealed things. */
  readonly lines: () => readonly Readonly<Record<string, unknown>>[];
  /** Files of it in the media bucket. */
  readonly paths: readonly string[];
};
/** Everything that is stored of one brand, for its export and its erasure. Reads the whole table, each time. */
export type BrandRecords = {
  /** Undefined when nothing of such a brand is or was here. */
  trace(brandId: string): Promise<BrandTrace | undefined>;
  all(trace: BrandTrace): AsyncIterable<BrandRecord>;
  erase(trace: BrandTrace, record: BrandRecord): Promise<void>;
  /** Notes of an erasure under way: for each kind, SHA-256 of what goes. Adding twice is fine. */
  notes(trace: BrandTrace): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  addNotes(trace: BrandTrace, notes: ReadonlyMap<string, ReadonlySet<string>>): Promise<void>;
  forgetNotes(trace: BrandTrace): Promise<void>;
};
