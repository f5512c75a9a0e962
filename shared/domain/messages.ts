import * as z from 'zod';
import { AUDIENCES } from './brand.ts';
import type { Delivery } from './delivery.ts';
import { idSchema } from './ids.ts';

const ofPost = { agencyId: idSchema('agy'), postId: idSchema('post') };
const ofChannel = { agencyId: idSchema('agy'), channelId: idSchema('chn') };
const ofBrand = { agencyId: idSchema('agy'), brandId: idSchema('brd') };

/** After so many receives a message is a dead letter. */
export const MAX_RECEIVES = 5;

/** What travels in the publish queue. Every message may arrive late, twice, or in another order. */
export const publishMessage = z.discriminatedUnion('kind', [
  /**
   * Look at this post's deliveries whose `nextAttemptAt` is `at` (epoch ms). `tries` counts visits that found no
   * head. `again`: it was worked on before and put back, so what it ended may not have been told yet. `unsent`: claims
   * (`claimedBy`) of whoever put it back, under which certainly nothing was sent; they are taken over at once.
   */
  z.object({
    kind: z.literal('wake'),
    ...ofPost,
    at: z.int(),
    tries: z.int().default(0),
    again: z.boolean().optional(),
    unsent: z.array(z.string()).optional(),
  }),
  /** What became of an attempt, but could not be written: to be settled under its fence. */
  z.object({
    kind: z.literal('settle'),
    ...ofPost,
    n: z.int(),
    fence: z.int(),
    delivery: z.custom<Delivery>((value) => typeof value === 'object' && value !== null && 'state' in value),
    at: z.int(),
  }),
]);
export type PublishMessage = z.infer<typeof publishMessage>;
export type ParkedSettle = Extract<PublishMessage, { kind: 'settle' }>;
export type Wake = Extract<PublishMessage, { kind: 'wake' }>;

/** What travels in the measure queue. */
export const measureMessage = z.discriminatedUnion('kind', [
  /** Every hour: one `brands` message for every few brands there are. */
  z.object({ kind: z.literal('sweep') }),
  /** Measure what has come of age in these brands from `since` until `at`: the instants of the sweep before and of this one. */
  z.object({
    kind: z.literal('brands'),
    agencyId: idSchema('agy'),
    brandIds: z.array(idSchema('brd')),
    since: z.int(),
    at: z.int(),
  }),
  /** The same for one brand alone; with `channelId`, only for that channel (a retry). */
  z.object({
    kind: z.literal('brand'),
    ...ofBrand,
    since: z.int().default(0),
    at: z.int(),
    channelId: idSchema('chn').optional(),
    tries: z.int().default(0),
  }),
  /** Every ten minutes: one `channel` message for each credential that must be renewed. */
  z.object({ kind: z.literal('renew') }),
  z.object({ kind: z.literal('channel'), ...ofChannel }),
  /** A renewed credential, sealed, that could not be written: to be put in the place of the one that it was made from. */
  z.object({
    kind: z.literal('credential'),
    ...ofChannel,
    /** SHA-256 of that one, as it was sealed. */
    before: z.string(),
    sealed: z.string(),
  }),
]);
export type MeasureMessage = z.infer<typeof measureMessage>;

/** What travels in the report queue: reports to build, mails to send, alerts. */
export const reportMessage = z.discriminatedUnion('kind', [
  /** From the brand's recurring schedule, or from the net that looks for a forgotten one. */
  z.object({ kind: z.literal('weekly'), ...ofBrand }),
  /** Mail a stored report to the recipients that have not got it yet. `run` separates a deliberate second sending. */
  z.object({
    kind: z.literal('send'),
    ...ofBrand,
    reportId: idSchema('rep'),
    run: z.int().default(0),
    tries: z.int().default(0),
    /** Only to these recipients; absent: to all. */
    audience: z.enum(AUDIENCES).optional(),
  }),
  /** Something in this brand needs a person: mail what is pending, at most one mail per 15 minutes. */
  z.object({ kind: z.literal('alert'), ...ofBrand }),
  /** Somebody is to publish this delivery by hand: mail them, once in each `round`, and one reminder. */
  z.object({
    kind: z.literal('ask'),
    ...ofBrand,
    postId: idSchema('post'),
    n: z.int(),
    round: z.string().max(40),
    reminder: z.boolean(),
  }),
]);
export type ReportMessage = z.infer<typeof reportMessage>;
