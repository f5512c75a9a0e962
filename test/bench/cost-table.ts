import type { Found, Item, Table } from '../../shared/adapters/store/table.ts';
import { TABLE_SCHEMA } from '../../shared/table-schema.ts';
import { itemSize } from '../support/item-size.ts';
import type { Meter } from './cost-meter.ts';

/**
 * A table whose use is billed as DynamoDB bills it on demand: reads by 4 KB (half where they may lag), writes by
 * 1 KB of the larger of the item before and after, refused ones, too, and the same for each index entry that is
 * made, moved or taken away. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
export function meteredTable(table: Table, meter: Meter, pass: () => Promise<void>): Table {
  const read = (call: string, bytes: number, share: number): void =>
    meter.bill(call, 'dynamodb.read-unit', Math.max(1, Math.ceil(bytes / READ_BYTES)) * share);

  const written = async <Answer>(
    call: string,
    key: { pk: string; sk: string },
    write: () => Promise<Answer>,
  ): Promise<Answer> => {
    await before(meter, pass);
    // The table in memory does each at once: begun together, nothing comes between them.
    const [old, answer, next] = await Promise.all([table.get(key), write(), table.get(key)]);
    const named = `${call} ${kindOf(key)}`;
    meter.bill(named, 'dynamodb.write-unit', units(Math.max(sizeOf(old), sizeOf(next))));
    for (const index of TABLE_SCHEMA.indexes) {
      const [from, to] = [entryOf(old, index), entryOf(next, index)];
      if (JSON.stringify(from) === JSON.stringify(to)) continue;
      const amount = [from, to].reduce((sum, entry) => sum + (entry ? units(itemSize(entry)) : 0), 0);
      meter.bill(`${named}, index ${index.name}`, 'dynamodb.write-unit', amount, amount);
    }
    return answer;
  };

  return {
    async get(key) {
      meter.calledTogether();
      await pass();
      const item = await table.get(key);
      read(`GetItem ${kindOf(key)}`, sizeOf(item), 1);
      return item;
    },
    async getLately(keys) {
      // DynamoDB takes a hundred keys in a call, and bills each item by itself.
      for (let start = 0; start < keys.length; start += 100) await before(meter, pass);
      const items = await table.getLately(keys);
      for (const [index, key] of keys.entries()) {
        read(`BatchGetItem ${kindOf(key)}`, sizeOf(items[index]), 0.5);
      }
      return items;
    },
    put: (item, conditions) => written('PutItem', item, () => table.put(item, conditions)),
    update: (key, change, conditions) =>
      written('UpdateItem', key, () => table.update(key, change, conditions)),
    delete: (key, conditions) => written('DeleteItem', key, () => table.delete(key, conditions)),
    async query(request) {
      await before(meter, pass);
      const found = await table.query(request);
      const share = request.lately ? 0.5 : 1;
      read(`Query ${kindOf({ pk: request.partition, sk: request.range?.low ?? '' })}`, total(found), share);
      return found;
    },
    async queryIndex(name, request) {
      await before(meter, pass);
      const found = await table.queryIndex(name, request);
      const entry = ({ pk, sk, sort }: { pk: string; sk: string; sort: string }): Item => ({
        pk,
        sk,
        ck: request.partition,
        cs: sort,
      });
      read(`Query index ${name}`, total({ items: found.items.map(entry) }), 0.5);
      return found;
    },
  };
}

const READ_BYTES = 4_096;
const units = (bytes: number): number => Math.max(1, Math.ceil(bytes / 1_024));
const sizeOf = (item: Item | undefined): number => (item ? itemSize(item) : 0);
const total = ({ items }: Pick<Found<Item>, 'items'>): number =>
  items.reduce((sum, item) => sum + itemSize(item), 0);

async function before(meter: Meter, pass: () => Promise<void>): Promise<void> {
  meter.called();
  await pass();
}

/** What an index of keys only holds of an item. */
function entryOf(
  item: Item | undefined,
  { partitionKey, sortKey }: { partitionKey: string; sortKey: string },
): Item | undefined {
  if (item?.[partitionKey] === undefined || item[sortKey] === undefined) return undefined;
  return { pk: item.pk, sk: item.sk, [partitionKey]: item[partitionKey], [sortKey]: item[sortKey] };
}

/** `A#agy_1#POST#post_2` and `REV#1#ab` give `POST REV`: names without the ids. */
function kindOf({ pk, sk }: { pk: string; sk: string }): string {
  const [first = '', , kind] = pk.split('#');
  const inner = /^[A-Z]+(?=#|$)/.exec(sk)?.[0];
  return [first === 'A' ? kind : first, inner === undefined || inner === 'H' ? undefined : inner]
    .filter((part) => part !== undefined)
    .join(' ');
}
