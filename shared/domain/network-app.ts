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
  readonly setAt: Instant;
  readonly setBy: Actor;
};

export const appInput = z.strictObject({
  clientId: z.string().trim().min(1).max(500),
  clientSecret: z.string().trim().min(1).max(4_096),
});
