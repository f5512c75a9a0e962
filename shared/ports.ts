import type { HttpAnswer, HttpRequest, Provider } from './channels/provider.ts';
import type { Agency } from './domain/agency.ts';
import type { Brand } from './domain/brand.ts';
import type { OutsideEvent } from './domain/events.ts';
import type { Media, MediaFile, MediaType } from './domain/media.ts';
import type { MeasureMessage, PublishMessage, ReportMessage } from './domain/messages.ts';
import type { Instant } from './domain/time.ts';
import type { PostStore } from './post-ports.ts';
import type {
  AgencyStore,
  AlertStore,
  AppStore,
  AuditStore,
  BrandStore,
  ChannelStore,
  HoldStore,
  LoginStore,
  MailLedger,
  MediaStore,
  ReportStore,
} from './store-ports.ts';

/** The only source of time. `now` is corrected by AWS's own clock; `monotonic` never goes back and measures leases. */
export type Clock = {
  readonly now: () => Instant;
  /** Milliseconds since some start; only differences mean something. It goes on while the process is frozen. */
  readonly monotonic: () => number;
  readonly sleep: (ms: number) => Promise<void>;
};

/** The only source of randomness. */
export type Random = {
  /** Cryptographically random bytes. */
  readonly bytes: (count: number) => Uint8Array;
};

export type Scheduler = {
  /** One one-time schedule for this wake, early enough for the queue's delay. Arming twice is fine. */
  arm(wake: { agencyId: string; postId: string; at: Instant }): Promise<void>;
  /** Best effort; a schedule that is gone is fine. */
  disarm(wake: { postId: string; at: Instant }): Promise<void>;
  /** Creates or moves the brand's weekly schedule to its weekday, time and zone. */
  armReport(brand: Pick<Brand, 'id' | 'agencyId' | 'timeZone' | 'report'>): Promise<void>;
  disarmReport(brandId: string): Promise<void>;
};

export type Queue<Message> = {
  /** Sends one message; `delaySeconds` 0–900, `group` for fair queueing among agencies. */
  send(message: Message, options?: { delaySeconds?: number; group?: string }): Promise<void>;
};

/** Messages that will not be handled any more: put aside with the reason, for a person to look at. */
export type DeadLetters = {
  put(letter: {
    /** The message as it came. */
    readonly body: string;
    readonly group?: string;
    /** At most 250 characters, without content or secrets. */
    readonly reason: string;
    readonly receives: number;
    readonly failedAt: Instant;
  }): Promise<void>;
};

export type Bus = { announce(events: readonly OutsideEvent[]): Promise<void> };

export type Mail = {
  readonly to: string;
  /** Whom a mailbox names as its sender, beside the address. */
  readonly fromName?: string;
  /** Where an answer goes; else to the address that all mails come from. */
  readonly replyTo?: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** Ledger id: sent as the tag `mailId` and the header `X-Sendeplan-Mail`. */
  readonly mailId: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly attachments?: readonly { name: string; type: string; content: string }[];
};
export type Mailer = {
  /** `refused`: certainly not sent and no use in repeating; `unavailable`: certainly not sent; `uncertain`: it may be out. */
  send(
    mail: Mail,
  ): Promise<
    { kind: 'sent'; messageId: string } | { kind: 'refused' | 'unavailable' | 'uncertain'; reason: string }
  >;
  /** Was a mail with this ledger id accepted? `unknown` where nobody can tell. */
  wasSent(
    mailId: string,
  ): Promise<{ kind: 'sent'; messageId: string } | { kind: 'absent' } | { kind: 'unknown' }>;
};

/** Seals secrets with the agency's data key; `field` and `owner` are bound in, so a swapped ciphertext does not open. */
export type Vault = {
  /** A fresh data key for a new agency, encrypted (base64). */
  newDataKey(agencyId: string): Promise<string>;
  seal(agency: Agency, owner: string, field: string, plain: string): Promise<string>;
  open(agency: Agency, owner: string, field: string, sealed: string): Promise<string>;
};

/** What this process knows of channels that must wait, by their networks' own word. */
export type Budgets = {
  /** Undefined: nothing is known against sending now. */
  readonly blockedUntil: (channelId: string) => Instant | undefined;
  readonly note: (channelId: string, until: Instant) => void;
};

/** Where uploaded bytes lie. A path is written once: what it holds never changes. */
export type Bucket = {
  /** A request that uploads exactly these bytes until `expiresAt`: length and SHA-256 are signed in. */
  uploadUrl(
    path: string,
    upload: { type: MediaType; bytes: number; sha256: string },
  ): Promise<{ url: string; headers: Readonly<Record<string, string>>; expiresAt: Instant }>;
  /** Anybody may read it at this address for an hour. */
  readUrl(path: string): Promise<string>;
  /** Bytes `[from, to)`, default all. Throws when the bucket fails in the middle, too. */
  read(path: string, range?: { from: number; to: number }): AsyncIterable<Uint8Array>;
  /** Undefined when nothing is there. */
  size(path: string): Promise<number | undefined>;
  put(path: string, file: { type: MediaType; bytes: Uint8Array }): Promise<void>;
  /** Deleting nothing is fine. */
  delete(path: string): Promise<void>;
};

/** What the bytes of an upload are, read without holding them whole. */
export type Inspected =
  | Pick<Media, 'files' | 'durationMs' | 'videoCodec' | 'audioCodec'>
  /** Not what it was said to be, damaged, or of a kind that we do not take. */
  | { readonly refused: string };

/** Reads uploads: needs libraries that only one function carries. */
export type Inspector = {
  /** Looks at the uploaded original, and makes the smaller JPEGs of an image. Doing it twice is fine. */
  inspect(media: Media, original: MediaFile): Promise<Inspected>;
};

/** `beforeSend` is asked when the socket is ready and before the first byte; false ends as `unreachable`. */
export type Http = (
  request: HttpRequest,
  beforeSend?: () => boolean | Promise<boolean>,
) => Promise<HttpAnswer>;

/** Structured lines: ids, codes and numbers, never content or secrets. */
export type Log = {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** Writes what is gathered from lines so far (numbers for metrics): at the end of each call of a function. */
  flush?(): void;
};

// biome-ignore lint/suspicious/noExplicitAny: each provider has its own credential and options types
export type AnyProvider = Provider<any, any>;

export type Settings = {
  readonly stage: string;
  readonly laptop: boolean;
  readonly mailFrom: string;
  /** Base of the links in mails, without a trailing slash. */
  readonly publicUrl: string;
  /** Where the laptop's sandbox network is; absent on a deployed stage, which does not offer it. */
  readonly sandboxUrl?: string;
};

/** Everything a use case may need; each takes the part it uses by `Pick`. Built in `functions/runtime.ts` only. */
export type Deps = {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly settings: Settings;
  readonly agencies: AgencyStore;
  readonly brands: BrandStore;
  readonly channels: ChannelStore;
  readonly apps: AppStore;
  readonly logins: LoginStore;
  readonly posts: PostStore;
  readonly holds: HoldStore;
  readonly reports: ReportStore;
  readonly mails: MailLedger;
  readonly media: MediaStore;
  readonly bucket: Bucket;
  /** Only in the function that carries what reads images and videos. */
  readonly inspector?: Inspector;
  readonly alerts: AlertStore;
  readonly audit: AuditStore;
  readonly scheduler: Scheduler;
  readonly publishQueue: Queue<PublishMessage>;
  readonly measureQueue: Queue<MeasureMessage>;
  readonly reportQueue: Queue<ReportMessage>;
  readonly deadLetters: (queue: 'publish' | 'measure' | 'report') => DeadLetters;
  readonly bus: Bus;
  readonly mailer: Mailer;
  readonly vault: Vault;
  readonly http: Http;
  readonly budgets: Budgets;
  /** The provider of a network; undefined when it is unknown, or not offered here. */
  readonly provider: (network: string) => Promise<AnyProvider | undefined>;
  readonly providers: () => Promise<readonly AnyProvider[]>;
};
