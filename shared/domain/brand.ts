import * as z from 'zod';
import type { Actor } from './agency.ts';
import { latePolicySchema } from './late-policy.ts';
import type { Instant } from './time.ts';
import { timeZoneSchema } from './wall-clock.ts';

export const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;
export type Weekday = (typeof WEEKDAYS)[number];
export const AUDIENCES = ['client', 'agency'] as const;
export type Audience = (typeof AUDIENCES)[number];

/** A BCP 47 tag whose language the e-mails speak. */
export const localeSchema = z
  .string()
  .regex(/^(de|en)(-[A-Z]{2})?$/, 'must be de or en, with or without a region');

const alertRecipients = z.array(z.email().max(254)).max(20);
export const reportRecipientSchema = z.strictObject({
  email: z.email().max(254),
  name: z.string().trim().min(1).max(100).optional(),
  locale: localeSchema.optional(),
  audience: z.enum(AUDIENCES).optional(),
});
export type ReportRecipient = z.infer<typeof reportRecipientSchema>;

export const brandInput = z.strictObject({
  name: z.string().trim().min(1).max(100),
  timeZone: timeZoneSchema,
  locale: localeSchema.default('en'),
  latePolicy: latePolicySchema.optional(),
  alerts: z.strictObject({ recipients: alertRecipients }).default({ recipients: [] }),
  report: z
    .strictObject({
      weekday: z.enum(WEEKDAYS).default('monday'),
      time: z
        .string()
        .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day like 08:00')
        .default('08:00'),
      recipients: z.array(reportRecipientSchema).max(50).default([]),
      replyTo: z
        .email()
        .max(254)
        .optional()
        .describe('Where an answer to the mail goes; unless told, to the address that it comes from'),
    })
    .default({ weekday: 'monday', time: '08:00', recipients: [] }),
});
export type BrandInput = z.infer<typeof brandInput>;

/** A client of the agency. */
export type Brand = BrandInput & {
  readonly id: string;
  readonly agencyId: string;
  /** Counts writes: what `If-Match` and conditional updates look at. */
  readonly version: number;
  /** SHA-256 of the request that made it under an idempotency key; tells a replay from another body. */
  readonly requestHash?: string;
  readonly createdAt: Instant;
  readonly createdBy: Actor;
};
