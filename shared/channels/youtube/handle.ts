import * as z from 'zod';
import type { Instant } from '../../domain/time.ts';
import { readHandle } from '../handle.ts';
import type { Outcome } from '../provider.ts';

const known = {
  videoId: z.string().min(1),
  /** What could not be done about it, so far. */
  missing: z.string().optional(),
};
const tries = z.int().nonnegative();

/** How far a delivery is: what `publish` and `poll` leave for the next step. */
const steps = z.discriminatedUnion('step', [
  z.strictObject({ step: z.literal('upload'), uri: z.url() }),
  /** All bytes are in; YouTube works on them since `since`. */
  z.strictObject({ step: z.literal('process'), since: z.number(), ...known }),
  z.strictObject({ step: z.literal('playlist'), tries, ...known }),
  z.strictObject({ step: z.literal('comment'), tries, ...known }),
  z.strictObject({ step: z.literal('end'), commentId: z.string().min(1), ...known }),
]);
export type YoutubeStep = z.infer<typeof steps>;

export const toHandle = (step: YoutubeStep): string => JSON.stringify(step);

/** Undefined: there is none, or it is none of ours. */
export const stepOf = (handle: string | undefined): YoutubeStep | undefined => readHandle(steps, handle);

/** The upload is complete. */
export const uploaded = (videoId: string, now: Instant): Outcome => ({
  kind: 'pending',
  handle: toHandle({ step: 'process', since: now, videoId }),
  checkAt: now,
});
