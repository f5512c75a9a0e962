import { WEEKDAYS } from '../../domain/brand.ts';
import type { Attempt } from '../../domain/delivery.ts';
import type { DeliveryFacts } from '../../domain/delivery-facts.ts';
import type { Metric, Snapshot } from '../../domain/metrics.ts';
import { told } from '../../domain/metrics.ts';
import type { Measures, PostStore } from '../../post-ports.ts';
import { expiry, keys, PREFIX, startingWith } from './keys.ts';
import { ABSENT, everything, type Path, type Table } from './table.ts';

type MeasureStore = Pick<
  PostStore,
  | 'addAttempt'
  | 'attempts'
  | 'putSnapshot'
  | 'snapshots'
  | 'snapshotsLately'
  | 'measured'
  | 'reserveExternalId'
>;

/** What was tried, what was measured and which external ids are owned: beside the head, so that it stays small. */
export function postMeasures(table: Table): MeasureStore {
  const measured: MeasureStore['measured'] = async (agencyId, postId) => {
    return readMeasures((await table.get(keys.snapshots(agencyId, postId))) ?? {});
  };
  return {
    async addAttempt({ agencyId, postId }, attempt) {
      const { at, n, attempt: number } = attempt;
      await table.put({ ...keys.attempt(agencyId, postId, at, n, number), doc: attempt, ttl: expiry(at) });
    },
    async attempts(agencyId, postId) {
      const items = await everything(table, keys.ofPost(agencyId, postId), startingWith(PREFIX.attempt));
      return items.map(({ doc }) => doc as Attempt);
    },
    async putSnapshot(agencyId, postId, snapshots, facts = []) {
      if (snapshots.length === 0) return { snapshots: [], facts: [] };
      // an attribute each, so that two measurements at once write side by side
      const set = [
        ...snapshots.map((snapshot): readonly [Path, unknown] => [[nameOf(snapshot)], toValue(snapshot)]),
        ...facts.map((one): readonly [Path, unknown] => [[`${one.n}!`], fromFacts(one)]),
      ];
      const ttl = expiry(Math.max(...snapshots.map(({ at }) => at)));
      const change = { set: [...set, [['ttl'], ttl] as const] };
      return readMeasures((await table.update(keys.snapshots(agencyId, postId), change)) ?? {});
    },
    snapshots: async (agencyId, postId) => (await measured(agencyId, postId)).snapshots,
    async snapshotsLately(agencyId, postIds) {
      const items = await table.getLately(postIds.map((id) => keys.snapshots(agencyId, id)));
      return items.map((item) => readMeasures(item ?? {}).snapshots);
    },
    measured,
    async reserveExternalId({ agencyId, postId, n }, network, externalId) {
      const key = keys.external(agencyId, network, externalId);
      if (await table.put({ ...key, postId, n }, ABSENT)) return true;
      const owner = await table.get(key);
      return owner?.postId === postId && owner.n === n;
    },
  };
}

/** What an item with snapshots says. */
export function readMeasures(item: Readonly<Record<string, unknown>>): Measures {
  const attributes = Object.entries(item);
  const snapshots = attributes.flatMap(([name, value]) => toSnapshot(name, value));
  const facts = attributes.flatMap(([name, value]) => toFacts(name, value));
  return {
    snapshots: snapshots.sort((a, b) => a.n - b.n || a.at - b.at),
    facts: facts.sort((a, b) => a.n - b.n),
  };
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

const nameOf = ({ n, age }: Snapshot): string => `${n}@${age}`;

/** `[at]` for a removed post, else `[at, what is told]`. */
const toValue = ({ at, metrics }: Snapshot) => (metrics === 'removed' ? [at] : [at, shortMetrics(metrics)]);

const shortMetrics = (metrics: Exclude<Snapshot['metrics'], 'removed'>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(metrics).flatMap(([name, value]) =>
      value === null ? [] : [[LETTERS[name as Metric], value] as const],
    ),
  );

function toSnapshot(name: string, value: unknown): Snapshot[] {
  const match = /^(\d+)@(.+)$/.exec(name);
  if (!match) return [];
  const [at, short] = value as [number, Record<string, number>?];
  const known = Object.entries(short ?? {}).map(([letter, count]) => [METRIC_BY_LETTER.get(letter), count]);
  const metrics = short === undefined ? 'removed' : told(Object.fromEntries(known));
  return [{ n: Number(match[1]), age: match[2] as Snapshot['age'], at, metrics }];
}

type ShortFacts = readonly [
  form: DeliveryFacts['form'],
  length: number,
  weekday: number,
  hour: number,
  author: string,
  labels: readonly string[],
  campaign: string | null,
];

const fromFacts = ({ form, length, weekday, hour, author, labels, campaign }: DeliveryFacts): ShortFacts => [
  form,
  length,
  WEEKDAYS.indexOf(weekday),
  hour,
  author,
  labels,
  campaign ?? null,
];

function toFacts(name: string, value: unknown): DeliveryFacts[] {
  const match = /^(\d+)!$/.exec(name);
  if (!match) return [];
  const [form, length, weekday, hour, author, labels, campaign] = value as ShortFacts;
  return [
    {
      n: Number(match[1]),
      form,
      length,
      weekday: WEEKDAYS[weekday] ?? 'monday',
      hour,
      labels,
      ...(campaign === null ? {} : { campaign }),
      author,
    },
  ];
}
