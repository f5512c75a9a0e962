import type { Item, Key, Table } from '../../shared/adapters/store/table.ts';

/**
 * A table that refuses what DynamoDB refuses: empty or too long keys, items above 400 KB (Developer Guide, “Quotas”:
 * partition keys 2,048 bytes, sort keys 1,024 bytes).
 */
export function withDynamoLimits(table: Table): Table {
  return {
    get: async (key) => table.get(checked(key)),
    getLately: async (keys) => table.getLately(keys.map(checked)),
    put: async (item, conditions) => table.put(small(item), conditions),
    update: async (key, change, conditions) => table.update(checked(key), change, conditions),
    delete: async (key, conditions) => table.delete(checked(key), conditions),
    query: async (request) => {
      part('partition key', request.partition, 2_048);
      if (request.range) for (const end of Object.values(request.range)) part('sort key', end, 1_024);
      return table.query(request);
    },
    queryIndex: async (index, request) => {
      part('partition key', request.partition, 2_048);
      return table.queryIndex(index, request);
    },
  };
}

function checked<Whole extends Key>(key: Whole): Whole {
  part('partition key', key.pk, 2_048);
  part('sort key', key.sk, 1_024);
  return key;
}

function part(name: string, text: string, most: number): void {
  const bytes = Buffer.byteLength(text);
  if (bytes >= 1 && bytes <= most) return;
  throw new Error(`ValidationException: a ${name} of ${bytes} bytes; 1 to ${most} are allowed`);
}

function small(item: Item): Item {
  const bytes = Buffer.byteLength(JSON.stringify(item));
  if (bytes > 400 * 1024) throw new Error(`ValidationException: an item of ${bytes} bytes`);
  return checked(item);
}
