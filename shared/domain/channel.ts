import * as z from 'zod';
import type { Actor } from './agency.ts';
import type { CredentialEnd } from './credential-end.ts';
import type { Instant } from './time.ts';

export const CHANNEL_HEALTH = ['connected', 'expiring', 'expired', 'disconnected'] as const;
export type ChannelHealth = (typeof CHANNEL_HEALTH)[number];

/** Who the network says this is, read from the network when the channel was connected. */
export type Account = { readonly id: string; readonly handle: string; readonly url: string };

/**
 * What one instance or site told about itself when connected, in whatever shape its provider wants
 * (a Mastodon instance's character limit, say). Plain data, kept with the channel.
 */
export type ChannelFacts = Readonly<Record<string, string | number | boolean>>;

/** One connected account on a network. */
export type Channel = {
  readonly id: string;
  readonly agencyId: string;
  readonly brandId: string;
  readonly network: string;
  readonly name: string;
  readonly account: Account;
  readonly facts: ChannelFacts;
  readonly options: Readonly<Record<string, unknown>>;
  /** Sealed by the vault; never in an answer, a log or an event. */
  readonly credential: string;
  /** When the credential ends by itself, and whether it is renewed before; absent: nobody says that it ends. */
  readonly ends?: CredentialEnd;
  /** When the renewal job looks at it next. */
  readonly renewAt?: Instant;
  readonly health: ChannelHealth;
  readonly healthReason?: string;
  /** Since when it is not `connected`. */
  readonly healthAt?: Instant;
  readonly shared: boolean;
  /** A person publishes what is due here, asked by mail; absent: we do. */
  readonly assisted?: true;
  readonly version: number;
  readonly createdAt: Instant;
  readonly createdBy: Actor;
};

export const channelInput = z.strictObject({
  network: z.string().min(1).max(40),
  name: z.string().trim().min(1).max(100),
  credential: z.record(z.string(), z.unknown()),
  options: z.record(z.string(), z.unknown()).default({}),
  /** Allows an account that already stands in another brand of the agency. */
  shared: z.boolean().default(false),
  /** A person publishes by hand; the credential says who. */
  assisted: z.boolean().default(false),
});

export const channelPatch = z.strictObject({
  name: z.string().trim().min(1).max(100).optional(),
  credential: z.record(z.string(), z.unknown()).optional(),
  options: z.record(z.string(), z.unknown()).optional(),
});

/** Its login is good; else it must be connected again before anything is asked with it. */
export const works = ({ health }: Pick<Channel, 'health'>): boolean =>
  health === 'connected' || health === 'expiring';
