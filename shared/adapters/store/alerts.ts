import type { Instant } from '../../domain/time.ts';
import type { AlertItem, AlertStore } from '../../store-ports.ts';
import { expiry, keys, PREFIX, startingWith } from './keys.ts';
import { ABSENT, type Condition, type Item, type Table } from './table.ts';

/** So many alerts go into one mail; more wait for the next, which keeps the batch far below DynamoDB's 400 KB. */
const BATCH = 200;
const AT_ONCE = 20;

/**
 * Alerts of a brand: an item for each pending one, and a head that holds the batch in work. `take` is one
 * conditional write of the head that copies the items in, so of two takers one wins and the other reads its
 * batch; what is added meanwhile is not in the copy and waits. `done` marks each item as told, so that an
 * announcement that is repeated later brings no second mail, and empties the head last.
 */
export function alertStore(table: Table): AlertStore {
  return {
    async add(agencyId, brandId, key, item) {
      if (await table.get(keys.toldAlert(agencyId, brandId, key))) return;
      await table.put({ ...keys.pendingAlert(agencyId, brandId, key), key, doc: item }, ABSENT);
    },

    async take(agencyId, brandId, now, gapMs) {
      for (let tries = 0; tries < 10; tries += 1) {
        const head = readHead(await table.get(keys.alerts(agencyId, brandId)));
        const count = head?.count ?? 0;
        if (head?.batch) return answer(brandId, count, head.batch);

        const { items } = await table.query({
          partition: keys.ofAlerts(agencyId, brandId),
          range: startingWith(PREFIX.pending),
          limit: BATCH,
        });
        if (items.length === 0) return undefined;
        const waitMs = (head?.takenAt ?? Number.NEGATIVE_INFINITY) + gapMs - now;
        if (waitMs > 0) return { waitMs };

        const batch = Object.fromEntries(items.map(({ key, doc }) => [String(key), doc as AlertItem]));
        const taken = { count: count + 1, takenAt: now, batch };
        const set = Object.entries(taken).map(([name, value]) => [[name], value] as const);
        if (await table.update(keys.alerts(agencyId, brandId), { set }, [stillAt(count)])) {
          return answer(brandId, count + 1, batch);
        }
      }
      throw new Error('The alerts are being taken too often at once.');
    },

    async done(agencyId, brandId, batchId) {
      const key = keys.alerts(agencyId, brandId);
      const head = readHead(await table.get(key));
      if (!head?.batch || batchIdOf(brandId, head.count) !== batchId) return;
      const told = Object.entries(head.batch);
      for (let first = 0; first < told.length; first += AT_ONCE) {
        await Promise.all(
          told.slice(first, first + AT_ONCE).map(async ([name, { at }]) => {
            await table.put({ ...keys.toldAlert(agencyId, brandId, name), ttl: expiry(at) });
            await table.delete(keys.pendingAlert(agencyId, brandId, name));
          }),
        );
      }
      await table.update(key, { remove: [['batch']] }, [stillAt(head.count)]);
    },
  };
}

type Batch = Readonly<Record<string, AlertItem>>;
type Head = { readonly count: number; readonly takenAt: Instant; readonly batch?: Batch };

const readHead = (item: Item | undefined) => item as (Item & Head) | undefined;
const batchIdOf = (brandId: string, count: number): string => `${brandId}-${count}`;
const stillAt = (count: number): Condition =>
  count === 0 ? { path: ['count'], is: 'absent' } : { path: ['count'], is: 'equal', value: count };

const answer = (brandId: string, count: number, batch: Batch) => ({
  batchId: batchIdOf(brandId, count),
  items: Object.values(batch).sort((a, b) => a.at - b.at),
});
