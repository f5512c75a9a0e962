import * as z from 'zod';
import type { Instant } from '../../domain/time.ts';
import { readHandle } from '../handle.ts';
import type { Outcome } from '../provider.ts';

const publishId = z.string().min(1);
const tries = z.int().nonnegative();

/** How far a delivery is: what `publish` and `poll` leave for the next step. `tries`: how often TikTok failed at it. */
const steps = z.discriminatedUnion('step', [
  z.strictObject({ step: z.literal('start'), tries }),
  /** So many bytes are in; the address came at `since`. */
  z.strictObject({
    step: z.literal('upload'),
    publishId,
    url: z.url(),
    sent: z.int(),
    since: z.number(),
    tries,
  }),
  /** TikTok has all that it needs, since then. */
  z.strictObject({ step: z.literal('wait'), publishId, since: z.number(), tries }),
]);
export type TiktokStep = z.infer<typeof steps>;
export type UploadStep = Extract<TiktokStep, { step: 'upload' }>;
export type WaitStep = Extract<TiktokStep, { step: 'wait' }>;

export const toHandle = (step: TiktokStep): string => JSON.stringify(step);

/** Undefined: there is none, or it is none of ours. */
export const stepOf = (handle: string | undefined): TiktokStep | undefined => readHandle(steps, handle);

export const goOn = (step: TiktokStep, checkAt: Instant): Outcome => ({
  kind: 'pending',
  handle: toHandle(step),
  checkAt,
});
