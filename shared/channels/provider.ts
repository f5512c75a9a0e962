import type { ZodType } from 'zod';
import type { Account, ChannelFacts } from '../domain/channel.ts';
import type { Variant } from '../domain/content.ts';
import type { Finding } from '../domain/finding.ts';
import type { Metric, Metrics } from '../domain/metrics.ts';
import type { Outcome, Safety } from '../domain/outcome.ts';
import type { Instant } from '../domain/time.ts';

export type { Outcome, Safety } from '../domain/outcome.ts';

export type HttpRequest = {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
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
    /** Handle of an earlier step, if the provider left one. */
    readonly handle?: string;
  };
};

export type Found =
  | { kind: 'found'; externalId: string; url: string }
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

export type Limits = {
  /** Longest text by this network's own count, and what it counts. Null: no limit. */
  readonly text: number | null;
  readonly unit: 'graphemes' | 'characters' | 'utf16' | 'bytes';
  readonly media: number;
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
  readonly safety: Safety;
  readonly find?: (request: FindRequest<Credential>, context: Context) => Promise<Found>;
  readonly poll?: (request: PublishRequest<Credential>, context: Context) => Promise<Outcome>;
  readonly metrics?: Measuring<Credential>;
  /** Takes a publication off the network; `absent` when it was gone already. */
  readonly remove?: (
    request: { credential: Credential; account: Account; facts: ChannelFacts; externalId: string },
    context: Context,
  ) => Promise<
    | { kind: 'removed' }
    | { kind: 'absent' }
    | MeasureFailure
    | { kind: 'rejected'; code: string; reason: string }
  >;
};
