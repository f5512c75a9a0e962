import * as z from 'zod';
import type { Channel } from '../../shared/domain/channel.ts';
import { METRICS } from '../../shared/domain/metrics.ts';
import { DAY, toRfc3339 } from '../../shared/domain/time.ts';
import {
  brandMetrics,
  GROUPINGS,
  MAX_METRICS_RANGE,
  type MetricsRow,
} from '../../shared/usecases/brand-metrics.ts';
import { instantSchema, refusal } from './answers.ts';
import { calendarQuery } from './calendar-page.ts';
import { csv } from './csv.ts';
import { visibleBrand } from './lookup.ts';
import { metricsSchema } from './post-history.ts';
import { type Route, route } from './route.ts';
import { wants } from './wants.ts';

const rowSchema = z
  .object({
    day: z.string().optional().describe('`2026-11-22`, in the brand’s time zone'),
    channelId: z.string().optional(),
    channel: z.string().optional().describe('Its name; absent once it was removed'),
    network: z.string().optional(),
    publications: z.int(),
    measured: z.int().describe('How many of them anything is known of yet'),
    metrics: metricsSchema.describe('Sums; `reach` only of a single publication: it must not be added up'),
    interactions: z.number().nullable(),
  })
  .meta({ id: 'BrandMetricsRow' });

const DEFAULT_RANGE = 28 * DAY;

export const metricRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/v1/brands/{brandId}/metrics',
    operationId: 'getBrandMetrics',
    summary: 'Metrics of a client, by day and channel',
    description:
      'Publications with `from` ≤ publishedAt < `to`, each by its newest measurement. Without a range: the last 28 ' +
      'days; at most 100. JSON, or CSV by `Accept: text/csv` or `format=csv`.',
    tag: 'Metrics',
    scope: 'reader',
    query: z.strictObject({
      from: calendarQuery.from.describe('Published at or after this instant'),
      to: calendarQuery.to.describe('Published before this instant'),
      by: z
        .array(z.enum(GROUPINGS))
        .default([])
        .describe('`day`, `channel` or `day,channel`; absent: one row'),
      format: z.enum(['json', 'csv']).optional().describe('Goes before `Accept`'),
    }),
    answers: {
      200: z
        .object({ from: instantSchema, to: instantSchema, timeZone: z.string(), items: z.array(rowSchema) })
        .meta({ id: 'BrandMetrics' }),
    },
    alsoAs: ['text/csv'],
    handle: async (request, deps) => {
      const { query } = request;
      const brand = await visibleBrand(request, deps, request.params.brandId ?? '');
      const { from, to } = rangeOf(query, deps.clock.now());
      const rows = await brandMetrics(deps, { brand, from, to, by: new Set(query.by) });
      const channels = await deps.channels.list(request.caller.agency.id, brand.id);
      const items = rows.map((row) => named(row, channels));
      if (query.format === 'csv' || (query.format === undefined && wants(request, 'text/csv'))) {
        return {
          status: 200,
          headers: {
            'content-type': 'text/csv; charset=utf-8',
            'content-disposition': 'attachment; filename="metrics.csv"',
          },
          text: csv([HEADER, ...items.map(cells)]),
        };
      }
      const body = { from: toRfc3339(from), to: toRfc3339(to), timeZone: brand.timeZone, items };
      return { status: 200, body };
    },
  }),
];

function rangeOf(query: { from?: string | undefined; to?: string | undefined }, now: number) {
  const to = query.to === undefined ? now : Date.parse(query.to);
  const from = query.from === undefined ? to - DEFAULT_RANGE : Date.parse(query.from);
  if (from >= to) throw refusal('invalid_value', '/from', { rule: 'must be before to' });
  if (to - from > MAX_METRICS_RANGE) {
    throw refusal('invalid_value', '/from', { rule: 'must be at most 100 days before to' });
  }
  return { from: Math.max(from, 0), to: Math.max(to, 1) };
}

type Named = MetricsRow & { readonly channel?: string };

function named(row: MetricsRow, channels: readonly Channel[]): Named {
  const channel = channels.find(({ id }) => id === row.channelId);
  return { ...row, ...(channel ? { channel: channel.name } : {}) };
}

const HEADER = [
  'day',
  'channelId',
  'channel',
  'network',
  'publications',
  'measured',
  ...METRICS,
  'interactions',
];

/** An unknown number is an empty cell, never 0. */
function cells(row: Named): (string | number | null | undefined)[] {
  const { day, channelId, channel, network, publications, measured, metrics } = row;
  const told = METRICS.map((name) => metrics[name]);
  return [day, channelId, channel, network, publications, measured, ...told, row.interactions];
}
