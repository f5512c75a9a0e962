import * as z from 'zod';
import { AUDIENCES, type Audience } from '../../shared/domain/brand.ts';
import { ISSUE_CAUSES, type StoredReport } from '../../shared/domain/report.ts';
import { toRfc3339 } from '../../shared/domain/time.ts';
import { instantSchema, maybeAt } from './answers.ts';

const int = z.number().nullable();
const words = { channel: z.string(), network: z.string(), excerpt: z.string() };
const details = z
  .object({
    deliveryId: z.string(),
    latenessMs: int,
    attempts: z.int().describe('How often it was tried'),
    code: z.string().nullable(),
    reason: z.string().nullable(),
  })
  .optional()
  .describe('Only in the agency’s copy');
const resonances = z.object({
  counted: z.int().describe('Publications whose interactions are known'),
  interactions: z.number(),
  mean: int.describe('Per publication'),
});
const comparison = resonances.extend({ change: int.describe('As a fraction; null where it would mislead') });

const publicationSchema = z
  .object({
    publishedAt: instantSchema,
    ...words,
    url: z.string().nullable(),
    resonance: z.union([
      z.object({ kind: z.literal('counted'), interactions: z.number() }),
      z.object({ kind: z.enum(['later', 'not_told', 'removed']) }),
    ]),
    parts: z.record(z.string(), int).nullable(),
    fromLastWeek: z.boolean(),
    agency: details,
  })
  .meta({ id: 'ReportPublication' });

const dataSchema = z
  .looseObject({
    audience: z.enum(AUDIENCES),
    brandName: z.string(),
    timeZone: z.string(),
    from: instantSchema,
    to: instantSchema,
    asOf: instantSchema,
    planned: z.int(),
    published: z.int(),
    issues: z.array(
      z.object({
        kind: z.enum(['failed', 'missed', 'held', 'checking', 'underway']),
        cause: z.enum(ISSUE_CAUSES).nullable(),
        dueAt: instantSchema,
        newAt: instantSchema.nullable(),
        ...words,
        agency: details,
      }),
    ),
    resonance: resonances,
    lastWeek: comparison.nullable(),
    fourWeeks: comparison.extend({ weeks: z.int() }).nullable(),
    channels: z.array(
      z.looseObject({
        name: z.string(),
        network: z.string(),
        published: z.int(),
        counted: z.int(),
        interactions: int,
        tells: z.array(z.string()),
        followers: z.object({ first: z.number(), last: z.number(), change: int }).nullable(),
      }),
    ),
    publications: z.array(publicationSchema),
    removed: z.int().optional().describe('Publications that have gone from their network, and do not count'),
    later: z.int().describe('Publications that count next week'),
    strongest: publicationSchema.nullable(),
    weakest: publicationSchema.nullable(),
    next: z.looseObject({ from: instantSchema, to: instantSchema, planned: z.int() }),
  })
  .meta({ id: 'ReportData', description: 'Numbers of one audience’s copy; null: not told, never 0' });

export const reportSummarySchema = z
  .object({
    id: z.string(),
    brandId: z.string(),
    week: z.string().describe('ISO week of the last day'),
    provisional: z.boolean(),
    from: instantSchema,
    to: instantSchema,
    note: z.string().optional(),
    createdAt: instantSchema,
    sentAt: instantSchema.optional().describe('When every recipient had been served'),
  })
  .meta({ id: 'ReportSummary' });

export const reportSchema = reportSummarySchema.extend({ data: dataSchema }).meta({ id: 'Report' });

export function summarize(report: StoredReport): z.infer<typeof reportSummarySchema> {
  const { id, brandId, week, provisional, from, to, note, createdAt, sentAt } = report;
  return {
    id,
    brandId,
    week,
    provisional,
    from: toRfc3339(from),
    to: toRfc3339(to),
    ...(note === undefined ? {} : { note }),
    createdAt: toRfc3339(createdAt),
    ...maybeAt('sentAt', sentAt),
  };
}

export function presentReport(report: StoredReport, audience: Audience): z.infer<typeof reportSchema> {
  return { ...summarize(report), data: withTimes(report.data[audience]) as z.infer<typeof dataSchema> };
}

const INSTANT = /^(from|to|asOf|\w+At)$/;

/** The same data with its instants as RFC 3339 texts. */
function withTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withTimes);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([name, inner]): [string, unknown] => {
    if (typeof inner === 'number' && INSTANT.test(name)) return [name, toRfc3339(inner)];
    return [name, withTimes(inner)];
  });
  return Object.fromEntries(entries);
}
