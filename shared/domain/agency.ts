import * as z from 'zod';
import { idSchema } from './ids.ts';
import type { Instant } from './time.ts';

/** The tenant: owns keys and brands, and one data key that seals its credentials. */
export type Agency = {
  readonly id: string;
  readonly name: string;
  /** The agency's data key, encrypted by KMS (base64). The plain key never leaves memory. */
  readonly dataKey: string;
  /** Event types that cost more than they help most agencies, and are announced only when named here. */
  readonly optInEvents: readonly ('post.scheduled' | 'delivery.published')[];
  readonly createdAt: Instant;
};

/** Who did it: the person or machine behind a key, or `system`. */
export type Actor = { readonly keyId: string; readonly name: string; readonly email?: string };
export const SYSTEM: Actor = { keyId: 'system', name: 'system' };

export const SCOPES = ['reader', 'editor', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** An API key. The secret is shown once and stored only as its SHA-256. */
export type ApiKey = {
  readonly id: string;
  readonly agencyId: string;
  readonly hash: string;
  readonly actor: { readonly name: string; readonly email?: string };
  readonly scope: Scope;
  /** Absent: every brand of the agency. */
  readonly brandIds?: readonly string[];
  readonly expiresAt?: Instant;
  readonly revokedAt?: Instant;
  readonly lastUsedAt?: Instant;
  readonly createdAt: Instant;
  readonly createdBy: Actor;
};

export const keyInput = z.strictObject({
  actor: z.strictObject({ name: z.string().trim().min(1).max(100), email: z.email().optional() }),
  scope: z.enum(SCOPES),
  brandIds: z.array(idSchema('brd')).min(1).max(100).optional(),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
});
export type KeyInput = z.infer<typeof keyInput>;
