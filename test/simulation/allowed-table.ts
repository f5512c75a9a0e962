import type { Table } from '../../shared/adapters/store/table.ts';
import { type FunctionName, RIGHTS } from '../support/function-rights.ts';

/** The table as a function's role lets it be used; `refused` hears what is not allowed, which then fails as on AWS. */
export function allowedTable(table: Table, name: FunctionName, refused: (what: string) => void): Table {
  const rights: Readonly<Record<string, readonly string[]>> = RIGHTS[name];
  const checked = <Answer>(action: string, resource: string, act: () => Promise<Answer>): Promise<Answer> => {
    if (rights[resource]?.includes(`dynamodb:${action}`)) return act();
    refused(`${name}: ${action} on ${resource}`);
    // With its class of fault, as the SDK throws it: trying again is no use.
    const error = new Error(`${name} is not authorized to perform ${action} on ${resource}`);
    return Promise.reject(Object.assign(error, { name: 'AccessDeniedException', $fault: 'client' }));
  };
  return {
    get: (key) => checked('GetItem', 'Table', () => table.get(key)),
    getLately: (keys) => checked('BatchGetItem', 'Table', () => table.getLately(keys)),
    put: (item, conditions) => checked('PutItem', 'Table', () => table.put(item, conditions)),
    update: (key, change, conditions) =>
      checked('UpdateItem', 'Table', () => table.update(key, change, conditions)),
    delete: (key, conditions) => checked('DeleteItem', 'Table', () => table.delete(key, conditions)),
    query: (request) => checked('Query', 'Table', () => table.query(request)),
    queryIndex: (index, request) =>
      checked('Query', `Table/index/${index}`, () => table.queryIndex(index, request)),
  };
}
