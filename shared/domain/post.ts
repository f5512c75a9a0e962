import * as z from 'zod';
import type { Actor } from './agency.ts';
import { contentSchema, variantSchema } from './content.ts';
import type { Delivery } from './delivery.ts';
import { idSchema } from './ids.ts';
import { type LatePolicy, latePolicySchema } from './late-policy.ts';
import type { Instant } from './time.ts';
import { wallClockInput } from './wall-clock.ts';

const MAX_CHANNELS = 25;

/** When: an RFC 3339 instant with any offset, `"now"`, or a wall-clock time in a zone (the brand's, if none is named). */
export const dueAtInput = z.union([z.literal('now'), z.iso.datetime({ offset: true }), wallClockInput], {
  error: 'must be an RFC 3339 instant, "now", or {"local": …}',
});
export type DueAtInput = z.infer<typeof dueAtInput>;

export const postInput = z.strictObject({
  content: contentSchema,
  variants: z.record(z.string(), variantSchema.extend({ dueAt: dueAtInput.optional() })).default({}),
  channels: z.array(idSchema('chn')).max(MAX_CHANNELS),
  dueAt: dueAtInput.optional(),
  latePolicy: latePolicySchema.optional(),
  labels: z.array(z.string().trim().min(1).max(50)).max(20).default([]),
  campaign: z.string().trim().min(1).max(100).optional(),
  draft: z.boolean().default(false),
});
export type PostInput = z.infer<typeof postInput>;

/** The head of a post: all its deliveries' states, small. The content of each revision is stored apart. */
export type Post = {
  readonly id: string;
  readonly agencyId: string;
  readonly brandId: string;
  /** Counts every write of the head; raising or removing an index entry is conditioned on it. */
  readonly version: number;
  readonly revision: number;
  readonly contentHash: string;
  /** SHA-256 of the request that made it: tells a replay from another body under the same key. */
  readonly requestHash: string;
  readonly draft: boolean;
  readonly deletedAt?: Instant;
  readonly latePolicy?: LatePolicy;
  readonly labels: readonly string[];
  readonly campaign?: string;
  /** The base due time of a draft without channels. */
  readonly dueAt?: Instant;
  readonly createdAt: Instant;
  readonly createdBy: Actor;
  readonly deliveries: readonly Delivery[];
  /** When `rescue` looks at it, if nothing else moved it before; absent when all is final. */
  readonly wakeAt?: Instant;
  /** Since when a person must look at it; absent when nobody must. */
  readonly attentionAt?: Instant;
};
