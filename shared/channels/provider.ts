import type { ZodType } from 'zod';
import type { Account, ChannelFacts } from '../domain/channel.ts';
import type { Variant } from '../domain/content.ts';
import type { Finding } from '../domain/finding.ts';
import type { FileLimits, MediaFile } from '../domain/media.ts';
import type { Metric, Metrics } from '../domain/metrics.ts';
import type { Outcome, Safety } from '../domain/outcome.ts';
import type { Task } from '../domain/task.ts';
import type { Instant } from '../domain/time.ts';

export type { Outcome, Safety } from '../domain/outcome.ts';

export type HttpRequest = {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | StreamedBody;
};

/** A body that is never whole in memory. `chunks` may be called once per request. */
export type StreamedBody = {
  /** The exact length: it becomes `content-length`. */
  readonly bytes: number;
  readonly chunks: () => AsyncIterable<Uint8Array>;
};

/** What came of a request, by what is certain about it. Header names are lower case; bodies are clipped at 1 MB. */
export type HttpAnswer =
  | {
      kind: 'answered';
      status: number;
      headers: Readonly<Record<string, string>>;
      text: string;
      json: unknown;
    }
  /** Refused by our own guard, DNS, connect or TLS: not a byte of the request was sent. */
  | { kind: 'unreachable'; reason: string }
  /** The request, or a part of it, was sent, and no whole answer came back. */
  | { kind: 'unanswered'; reason: string };

/** What a provider is given to work with; it has no other way out. */
export type Context = {
  /** A request that may safely be repeated or lost: reads, logins, look-ups. Ends hard after 20 s. */
  readonly http: (request: HttpRequest) => Promise<HttpAnswer>;
  /**
   * The irreversible request: the one that makes the post public. Checks the claim's age, marks the point of
   * no return, takes the time for `startedAt`. At most once an attempt. Answers `unreachable` when too late.
   */
  readonly send: (request: HttpRequest) => Promise<HttpAnswer>;
  readonly now: () => Instant;
  /** A login session kept with the channel, sealed: networks count logins. Undefined when there is none. */
  readonly session: { get(): Promise<string | undefined>; set(value: string): Promise<void> };
  readonly media: {
    /** An https address of the file that anybody may read for an hour: for networks that fetch by themselves. */
    url(file: MediaFile): Promise<string>;
    /** The bytes `[from, to)` of the file, default all. Throws when the bucket fails: nothing was sent then. */
    read(file: MediaFile, range?: { from: number; to: number }): AsyncIterable<Uint8Array>;
  };
  /**
   * Asks the person in charge by mail to publish this delivery: once, however often it is called, and one reminder.
   * The mail says what `Provider.assisted` makes of the variant. Throws when nobody was asked.
   */
  readonly ask: (what: 'first' | 'reminder') => Promise<void>;
};

export type PublishRequest<Credential> = {
  readonly variant: Variant;
  readonly credential: Credential;
  readonly channel: { readonly id: string; readonly account: Account; readonly facts: ChannelFacts };
  readonly delivery: {
    readonly id: string;
    /** The same for every send of this delivery and revision, different for every other: the idempotency key. */
    readonly key: string;
    readonly dueAt: Instant;
    /** What an earlier step left by `pending`: containers, upload sessions, ids of the parts that are out. */
    readonly handle?: string;
  };
};

/**
 * Thrown by `poll` and `find` where another version of ours has left a handle that this one cannot read, before a
 * deploy or a rollback. What stands on the network cannot be told then, and to begin anew could send a part twice.
 */
export class UnreadableHandle extends Error {}

export type Found =
  /**
   * `then`: what was found is a part, or has parts to come; the handle with which `poll` goes on. `externalId` is
   * that of what was found, also of a part: it is reserved, so that two equal texts never share one.
   */
  | { kind: 'found'; externalId: string; url: string; then?: string }
  | { kind: 'absent' }
  | { kind: 'cannotTell'; reason: string };

/** A look for a delivery on the network; ids that other deliveries own are excluded by the caller's list. */
export type FindRequest<Credential> = PublishRequest<Credential> & {
  readonly since: Instant;
  readonly excluding: ReadonlySet<string>;
};

export type Verified =
  | { kind: 'verified'; account: Account; facts: ChannelFacts }
  | { kind: 'refused'; reason: string }
  | { kind: 'unreachable'; reason: string };

/** A refusal while measuring: everything of that channel waits and is tried again. */
export type MeasureFailure = Extract<Outcome, { kind: 'unauthorized' | 'rateLimited' | 'unavailable' }>;

export type Measuring<Credential> = {
  /** What each told metric means on this network, for people: `{reactions: 'likes'}`. A metric not named is never told. */
  readonly told: Readonly<Partial<Record<Metric, string>>>;
  /** How many posts one request takes. */
  readonly batch: number;
  /** Metrics by external id; `removed` when the network says the post is gone; an id left out could not be told now. */
  readonly fetch: (
    request: {
      credential: Credential;
      account: Account;
      facts: ChannelFacts;
      externalIds: readonly string[];
    },
    context: Context,
  ) => Promise<ReadonlyMap<string, Metrics | 'removed'> | MeasureFailure>;
  /** Followers now; null when this network or account has none. */
  readonly followers: (
    request: { credential: Credential; account: Account; facts: ChannelFacts },
    context: Context,
  ) => Promise<number | null | MeasureFailure>;
};

/** A network's rules as data: `checkContent` holds variants against them, `GET /v1/networks` shows them. */
export type Limits = {
  /** Longest text by this network's own count, and what it counts. Null: no limit. */
  readonly text: number | null;
  readonly unit: 'graphemes' | 'characters' | 'utf16' | 'bytes';
  /** Absent: no media. */
  readonly media?: {
    /** Fewest and most files of one post; `least` is 0 where a text alone is a post. */
    readonly least: number;
    readonly most: number;
    /** Longest alt text in characters; absent where the network has none. */
    readonly alt?: number;
    /** Absent: not this kind. */
    readonly image?: FileLimits;
    readonly video?: FileLimits;
    readonly document?: FileLimits;
    /** Most videos of one post. Default 1. */
    readonly mostVideos?: number;
    /** True where images and videos may stand in one post. */
    readonly mixed?: boolean;
    /** Longest text beside media, where that is shorter (a caption). */
    readonly caption?: number;
  };
  /** Most posts that may follow the first one in a thread; absent: no threads. Each is counted like the text. */
  readonly thread?: number;
  /** Longest first comment by the network's own count; absent: none. */
  readonly firstComment?: number;
  /** Absent: no polls. */
  readonly poll?: {
    readonly options: number;
    readonly optionText: number;
    readonly minutes: readonly [shortest: number, longest: number];
    /** Longest question of its own; absent: it is asked in the text. */
    readonly question?: number;
    readonly withMedia?: boolean;
  };
};

/** The app that an agency has registered at a network, for logging its clients in. */
export type App = {
  readonly clientId: string;
  readonly clientSecret: string;
  /** What logins by it ask for. Absent: the `scopes` of the provider's `login`. */
  readonly scopes?: readonly string[] | undefined;
};

export type Tokens = {
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** Absent: it does not expire, or nobody says when. */
  readonly expiresAt?: Instant;
  /** What the person gave of what was asked for, where the network says so beside the token. */
  readonly granted?: readonly string[];
};

/** One account that a login may post as, ready to become a channel. */
export type Choice<Credential> = { readonly account: Account; readonly credential: Credential };

/** Logging in at the network by OAuth 2 (RFC 6749, PKCE of RFC 7636). The use cases do the dance; this says where and how. */
export type Login<Credential> = {
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
  readonly scopes: readonly string[];
  /** Default: one space. */
  readonly scopeSeparator?: ',' | ' ';
  /** Further parameters of the authorization URL (`access_type`, `prompt`, `duration`). */
  readonly parameters?: Readonly<Record<string, string>>;
  /** How the app shows itself to the token endpoint. Default: `post`, in the body. */
  readonly clientAuth?: 'basic' | 'post';
  /** What the network calls `client_id`. Default: `client_id`. */
  readonly clientIdName?: string;
  readonly pkce: boolean;
  /** Everything that this login may post as; short-lived tokens are exchanged for long-lived ones here. */
  readonly choices: (
    login: { tokens: Tokens; app: App },
    context: Context,
  ) => Promise<{ kind: 'choices'; choices: readonly Choice<Credential>[] } | MeasureFailure>;
};

/** Credentials that end and can be renewed. */
export type Renewal<Credential> = {
  /** When this credential ends; undefined: not by itself. */
  readonly expiresAt: (credential: Credential) => Instant | undefined;
  /** False for a credential that came without the means to renew it. Default: true where there is `refresh`. */
  readonly renews?: (credential: Credential) => boolean;
  /** Absent: only a new login helps. The new credential must be kept before it is used: old refresh tokens may be dead. */
  readonly refresh?: (
    credential: Credential,
    app: App | undefined,
    context: Context,
  ) => Promise<{ kind: 'refreshed'; credential: Credential } | MeasureFailure>;
};

/** Our adapter to one network: plain data and functions, one file in `shared/channels/`. */
export type Provider<Credential = never, Options = unknown> = {
  readonly id: string;
  readonly name: string;
  readonly limits: Limits;
  /** Length of a text as this network counts it. */
  readonly countText: (text: string, facts?: ChannelFacts) => number;
  /** What `POST /v1/brands/{brandId}/channels` takes as `credential`; unknown keys are refused. */
  readonly credential: ZodType<Credential>;
  /** What a variant's `options` may hold on this network; unknown keys are refused. */
  readonly options: ZodType<Options>;
  /** The text as this network will show it, link included: what `countText` is asked about. */
  readonly render: (variant: Variant) => string;
  /** What is wrong or unwise; paths are JSON pointers within the variant (`/text`). */
  readonly check: (variant: Variant, facts: ChannelFacts) => Finding[];
  /** Is the credential good, and whose is it? Read from the network. */
  readonly verify: (credential: Credential, context: Context) => Promise<Verified>;
  readonly publish: (request: PublishRequest<Credential>, context: Context) => Promise<Outcome>;
  /** What holds for every account; it decides whether a mark is written before each send. */
  readonly safety: Safety;
  /** Where some accounts have it better (a page's posts can be listed, a member's cannot). Absent: `safety`. */
  readonly safetyFor?: (facts: ChannelFacts) => Safety;
  readonly find?: (request: FindRequest<Credential>, context: Context) => Promise<Found>;
  /** Goes on from `delivery.handle`: looks after a container, uploads the next chunks, sends the next part. */
  readonly poll?: (request: PublishRequest<Credential>, context: Context) => Promise<Outcome>;
  readonly metrics?: Measuring<Credential>;
  /** The dated version of the network's API that is spoken, from `api-versions.ts`. */
  readonly api?: { readonly version: string; readonly endsOn?: string; readonly source: string };
  readonly login?: Login<Credential>;
  /** Present where a person publishes by hand, made by `by-hand.ts`; then nothing is ever sent. */
  readonly assisted?: { readonly task: (variant: Variant, credential: Credential) => Task };
  readonly renewal?: Renewal<Credential>;
  /** What the network charges for publishing this, in US dollars, by its price list; absent: nothing. */
  readonly price?: (variant: Variant) => { readonly usd: number; readonly source: string };
  /**
   * Says a publication anew, in place: the whole variant as it is to stand, of which only text, link and options
   * differ from what is out. Repeating it is fine. What cannot be changed any more is `rejected`.
   */
  readonly edit?: (
    request: {
      variant: Variant;
      /** What is out, by our own books: not every network lets an account read what of it never changes. */
      was?: Variant;
      credential: Credential;
      account: Account;
      facts: ChannelFacts;
      externalId: string;
      /** What was published with it (`Outcome.parts`): on some networks it bears the same words. */
      parts?: readonly string[];
    },
    context: Context,
  ) => Promise<{ kind: 'edited' } | MeasureFailure | { kind: 'rejected'; code: string; reason: string }>;
  /** Takes a publication off the network; `absent` when it was gone already. */
  readonly remove?: (
    request: {
      credential: Credential;
      account: Account;
      facts: ChannelFacts;
      externalId: string;
      /** What was published with it (`Outcome.parts`): goes too. */
      parts?: readonly string[];
    },
    context: Context,
  ) => Promise<
    | { kind: 'removed' }
    | { kind: 'absent' }
    | MeasureFailure
    | { kind: 'rejected'; code: string; reason: string }
  >;
};
