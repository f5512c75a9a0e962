import type { Attempt } from '../../domain/delivery.ts';
import type { Snapshot } from '../../domain/metrics.ts';
import type { PostStore } from '../../post-ports.ts';
import { expiry, keys, PREFIX, startingWith } from './keys.ts';
import { fromValue, type SnapshotValue, toValue } from './snapshot-values.ts';
import { ABSENT, everything, type Path, type Table } from './table.ts';

type MeasureStore = Pick<
  PostStore,
  'addAttempt' | 'attempts' | 'putAsked' | 'asked' | 'askedLately' | 'reserveExternalId'
>;

/**
 * What was tried, what was measured because a person asked and which external ids are owned: beside the head, so that
 * it stays small.
 */
export function postMeasures(table: Table): MeasureStore {
  return {
    async addAttempt({ agencyId, postId }, attempt) {
      const { at, n, attempt: number } = attempt;
      await table.put({ ...keys.attempt(agencyId, postId, at, n, number), doc: attempt, ttl: expiry(at) });
    },
    async attempts(agencyId, postId) {
      const items = await everything(table, keys.ofPost(agencyId, postId), startingWith(PREFIX.attempt));
      return items.map(({ doc }) => doc as Attempt);
    },
    async putAsked(agencyId, postId, snapshots) {
      if (snapshots.length === 0) return;
      // an attribute each, so that two measurements at once write side by side
      const set = snapshots.map((snapshot): readonly [Path, unknown] => [
        [nameOf(snapshot)],
        toValue(snapshot),
      ]);
      const ttl = expiry(Math.max(...snapshots.map(({ at }) => at)));
      await table.update(keys.asked(agencyId, postId), { set: [...set, [['ttl'], ttl]] });
    },
    asked: async (agencyId, postId) => readAsked(await table.get(keys.asked(agencyId, postId))),
    async askedLately(agencyId, postIds) {
      const items = await table.getLately(postIds.map((id) => keys.asked(agencyId, id)));
      return items.map(readAsked);
    },
    async reserveExternalId({ agencyId, postId, n }, network, externalId) {
      const key = keys.external(agencyId, network, externalId);
      if (await table.put({ ...key, postId, n }, ABSENT)) return true;
      const owner = await table.get(key);
      return owner?.postId === postId && owner.n === n;
    },
  };
}

/** What an item with a post's snapshots says. */
export function readAsked(item: Readonly<Record<string, unknown>> = {}): Snapshot[] {
  const snapshots = Object.entries(item).flatMap(([name, value]) => {
    const match = /^(\d+)@(.+)$/.exec(name);
    if (!match) return [];
    return [{ n: Number(match[1]), age: match[2] as Snapshot['age'], ...fromValue(value as SnapshotValue) }];
  });
  return snapshots.sort((a, b) => a.n - b.n || a.at - b.at);
}

const nameOf = ({ n, age }: Snapshot): string => `${n}@${age}`;
