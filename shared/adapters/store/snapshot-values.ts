import { type Metric, type Snapshot, told } from '../../domain/metrics.ts';

/** `[at]` for a removed post, else `[at, what is told]`, by letter. */
export type SnapshotValue = readonly [at: number, told?: Readonly<Record<string, number>>];

export const toValue = ({ at, metrics }: Snapshot): SnapshotValue =>
  metrics === 'removed' ? [at] : [at, shortMetrics(metrics)];

export function fromValue([at, short]: SnapshotValue): Pick<Snapshot, 'at' | 'metrics'> {
  const known = Object.entries(short ?? {}).map(([letter, count]) => [METRIC_BY_LETTER.get(letter), count]);
  return { at, metrics: short === undefined ? 'removed' : told(Object.fromEntries(known)) };
}

const LETTERS: Readonly<Record<Metric, string>> = {
  impressions: 'i',
  views: 'v',
  reach: 'h',
  reactions: 'r',
  replies: 'p',
  shares: 's',
  saves: 'k',
  clicks: 'c',
  videoViews: 'w',
};
const METRIC_BY_LETTER = new Map(Object.entries(LETTERS).map(([name, letter]) => [letter, name as Metric]));

const shortMetrics = (metrics: Exclude<Snapshot['metrics'], 'removed'>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(metrics).flatMap(([name, value]) =>
      value === null ? [] : [[LETTERS[name as Metric], value] as const],
    ),
  );
