import type { Brand } from '../domain/brand.ts';
import type { Delivery } from '../domain/delivery.ts';
import { POINTER_AFTER } from '../domain/late-policy.ts';
import { interactions, METRICS, type Metric, type Metrics, type Snapshot } from '../domain/metrics.ts';
import type { Post } from '../domain/post.ts';
import { localDay } from '../domain/report-week.ts';
import { DAY, type Instant } from '../domain/time.ts';
import type { Deps } from '../ports.ts';
import { brandPosts } from './brand-posts.ts';
import { snapshotsOf } from './snapshots-of.ts';

export const GROUPINGS = ['day', 'channel'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** The longest range that one question may cover. */
export const MAX_METRICS_RANGE = 100 * DAY;

/** Publications of one day, one channel, both, or the whole range, added up. */
export type MetricsRow = {
  /** `2026-11-22`, in the brand's zone. */
  readonly day?: string;
  readonly channelId?: string;
  readonly network?: string;
  readonly publications: number;
  /** How many of them a network has told anything about yet. */
  readonly measured: number;
  /** Sums; null where nobody told. `reach` is told only for a single publication: people would be counted twice. */
  readonly metrics: Metrics;
  readonly interactions: number | null;
};

type Publication = { readonly delivery: Delivery; readonly at: Instant };
type Told = Publication & { readonly metrics?: Metrics };
type Group = { readonly head: Pick<MetricsRow, 'day' | 'channelId' | 'network'>; readonly told: Told[] };

/**
 * What a brand published in `from <= publishedAt < to` and what came back, by the newest snapshot of each
 * publication. Of one that has gone from its network since, the last that was told counts.
 */
export async function brandMetrics(
  deps: Pick<Deps, 'posts'>,
  input: { brand: Brand; from: Instant; to: Instant; by: ReadonlySet<Grouping> },
): Promise<readonly MetricsRow[]> {
  const { brand, by } = input;
  const rows = new Map<string, Group>();
  if (by.size === 0) rows.set('', { head: {}, told: [] });
  for (const publication of await measured(deps, input)) {
    const head = {
      ...(by.has('day') ? { day: localDay(brand, publication.at) } : {}),
      ...(by.has('channel')
        ? { channelId: publication.delivery.channelId, network: publication.delivery.network }
        : {}),
    };
    const key = `${head.day ?? ''} ${head.channelId ?? ''}`.trim();
    const row: Group = rows.get(key) ?? { head, told: [] };
    row.told.push(publication);
    rows.set(key, row);
  }
  return [...rows]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { head, told }]) => ({ ...head, ...addUp(told) }));
}

async function measured(
  deps: Pick<Deps, 'posts'>,
  input: { brand: Brand; from: Instant; to: Instant },
): Promise<readonly Told[]> {
  const posts = await publishedPosts(deps, input);
  const snapshots = await snapshotsOf(
    deps,
    input.brand,
    posts.map(({ post }) => post),
  );
  return posts.flatMap(({ publications }, index) =>
    publications.map((publication) => {
      const metrics = newest(snapshots[index] ?? [], publication.delivery.n);
      return { ...publication, ...(metrics ? { metrics } : {}) };
    }),
  );
}

/** Posts with a publication in the range: they stand in the calendar shortly before it, or have a pointer at it. */
async function publishedPosts(
  deps: Pick<Deps, 'posts'>,
  { brand, from, to }: { brand: Brand; from: Instant; to: Instant },
): Promise<readonly { post: Post; publications: readonly Publication[] }[]> {
  const found: { post: Post; publications: readonly Publication[] }[] = [];
  for await (const post of brandPosts(deps, brand.agencyId, brand.id, { from: from - POINTER_AFTER, to })) {
    const publications = post.deliveries.flatMap((delivery) => {
      const at = delivery.publishedAt;
      return at !== undefined && from <= at && at < to ? [{ delivery, at }] : [];
    });
    if (publications.length > 0) found.push({ post, publications });
  }
  return found;
}

function newest(snapshots: readonly Snapshot[], n: number): Metrics | undefined {
  const told = snapshots.filter((snapshot) => snapshot.n === n && snapshot.metrics !== 'removed');
  const last = told.toSorted((a, b) => a.at - b.at).at(-1)?.metrics;
  return last === 'removed' ? undefined : last;
}

function addUp(
  told: readonly Told[],
): Pick<MetricsRow, 'publications' | 'measured' | 'metrics' | 'interactions'> {
  const all = told.flatMap(({ metrics }) => (metrics ? [metrics] : []));
  const sum = (name: Metric): number | null => {
    if (name === 'reach' && told.length > 1) return null;
    const known = all.map((metrics) => metrics[name]).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
  };
  const metrics = Object.fromEntries(METRICS.map((name) => [name, sum(name)])) as Record<
    Metric,
    number | null
  >;
  return { publications: told.length, measured: all.length, metrics, interactions: interactions(metrics) };
}
