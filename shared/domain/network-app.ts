import * as z from 'zod';
import type { Actor } from './agency.ts';
import type { Instant } from './time.ts';

/** The app that an agency has registered at a network, by which its clients log in there. */
export type NetworkApp = {
  readonly agencyId: string;
  readonly network: string;
  readonly clientId: string;
  /** Sealed by the vault; never in an answer, a log or an event. */
  readonly clientSecret: string;
  /** What its logins ask for, where that is not what we would ask for: it holds other permissions. */
  readonly scopes?: readonly string[] | undefined;
  readonly setAt: Instant;
  readonly setBy: Actor;
};

export const appInput = z.strictObject({
  clientId: z.string().trim().min(1).max(500),
  clientSecret: z.string().trim().min(1).max(4_096),
  scopes: z
    .array(
      z
        .string()
        .max(200)
        .regex(/^[^\s,]+$/, 'must be one scope'),
    )
    .min(1)
    .max(30)
    .optional(),
});
