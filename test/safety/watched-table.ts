import type { Table } from '../../shared/adapters/store/table.ts';

export type Touch = { readonly how: keyof Table; readonly partition: string };

/** The same table, which tells of each partition that is asked for or written to. */
export function watchedTable(table: Table, tell: (touch: Touch) => void): Table {
  return {
    get: (key) => {
      tell({ how: 'get', partition: key.pk });
      return table.get(key);
    },
    getLately: (keys) => {
      for (const { pk } of keys) tell({ how: 'getLately', partition: pk });
      return table.getLately(keys);
    },
    put: (item, conditions) => {
      tell({ how: 'put', partition: item.pk });
      return table.put(item, conditions);
    },
    update: (key, change, conditions) => {
      tell({ how: 'update', partition: key.pk });
      return table.update(key, change, conditions);
    },
    delete: (key, conditions) => {
      tell({ how: 'delete', partition: key.pk });
      return table.delete(key, conditions);
    },
    query: (request) => {
      tell({ how: 'query', partition: request.partition });
      return table.query(request);
    },
    queryIndex: (index, request) => {
      tell({ how: 'queryIndex', partition: request.partition });
      return table.queryIndex(index, request);
    },
  };
}
