import { DAY, HOUR } from './time.ts';

/** Networks tell different things; a metric that one does not tell is `null`, never 0. */
export const METRICS = [
  'impressions',
  'views',
  'reach',
  'reactions',
  'replies',
  'shares',
  'saves',
  'clicks',
  'videoViews',
] as const;
export type Metric = (typeof METRICS)[number];
export type Metrics = Readonly<Record<Metric, number | null>>;

/**
 * Ages at which a publication is measured, and until when a late measurement still counts as that age. What has come
 * of age is collected every so often, which leaves at least half of the time for trying again, but at the first age.
 */
export const AGES = [
  { age: '1h', afterMs: HOUR, untilMs: 2 * HOUR, everyMs: HOUR },
  { age: '6h', afterMs: 6 * HOUR, untilMs: 8 * HOUR, everyMs: HOUR },
  { age: '24h', afterMs: 24 * HOUR, untilMs: 30 * HOUR, everyMs: 3 * HOUR },
  { age: '3d', afterMs: 3 * DAY, untilMs: 4 * DAY, everyMs: 12 * HOUR },
  { age: '7d', afterMs: 7 * DAY, untilMs: 8 * DAY, everyMs: 12 * HOUR },
  { age: '30d', afterMs: 30 * DAY, untilMs: 33 * DAY, everyMs: DAY },
] as const;
export type Age = (typeof AGES)[number]['age'];

/** A delivery's metrics at an age; `now` is a measurement asked for by a person, outside the fixed ages. */
export type Snapshot = {
  readonly n: number;
  readonly age: Age | 'now';
  readonly at: number;
  /** `removed`: the post is gone from the network. */
  readonly metrics: Metrics | 'removed';
};

/** A snapshot, and the post whose delivery it is of. */
export type PostSnapshot = Snapshot & { readonly postId: string };

/** Every metric null but the ones told. */
export function told(known: Partial<Record<Metric, number | null>>): Metrics {
  return Object.fromEntries(METRICS.map((name) => [name, known[name] ?? null])) as Record<
    Metric,
    number | null
  >;
}

const INTERACTIONS = ['reactions', 'replies', 'shares', 'saves'] as const;

/** reactions + replies + shares + saves as far as told; null when none of them is told. */
export function interactions(metrics: Metrics): number | null {
  const known = INTERACTIONS.map((name) => metrics[name]).filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}
