import * as z from 'zod';
import type { Actor } from './agency.ts';
import type { AppErrorCode } from './app-error.ts';
import type { Account } from './channel.ts';
import { derivedId, idSchema } from './ids.ts';
import { type Instant, MINUTE } from './time.ts';

/**
 * `waiting` for the browser to come back, `exchanging` its code, `choosing` one of several accounts, `connecting`
 * it. `failed` is final: a new login is begun instead.
 */
export const LOGIN_STATUS = [
  'waiting',
  'exchanging',
  'choosing',
  'connecting',
  'connected',
  'failed',
] as const;

/** A login at a network that was begun here; good for a quarter of an hour, and for one use. */
export type PendingLogin = {
  /** Derived from the state, which is not stored: whoever reads the table cannot finish a login. */
  readonly id: string;
  readonly agencyId: string;
  readonly brandId: string;
  readonly network: string;
  readonly name?: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly shared: boolean;
  /** The channel that gets the new credential, instead of a new channel. */
  readonly reconnect?: string;
  readonly returnUrl?: string;
  readonly redirectUri: string;
  /** Sealed: the PKCE verifier. */
  readonly verifier: string;
  readonly status: (typeof LOGIN_STATUS)[number];
  readonly choices?: readonly Account[];
  /** Sealed: the credential of each account, by its id. */
  readonly credentials?: string;
  /** SHA-256 of the one token that a form may choose with. */
  readonly formHash?: string;
  readonly channelId?: string;
  readonly problem?: { readonly code: AppErrorCode; readonly message: string };
  readonly version: number;
  readonly startedAt: Instant;
  readonly startedBy: Actor;
  readonly expiresAt: Instant;
};

export const LOGIN_LASTS = 15 * MINUTE;

/** The id of the login that a state belongs to. */
export const loginIdOf = (state: string): string => derivedId('lgn', state);

export const loginInput = z.strictObject({
  network: z.string().min(1).max(40),
  name: z.string().trim().min(1).max(100).optional(),
  options: z.record(z.string(), z.unknown()).default({}),
  shared: z.boolean().default(false),
  reconnect: idSchema('chn').optional(),
  returnUrl: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional(),
});
