import type { Table } from '../../shared/adapters/store/table.ts';

/** Every write is done twice and the second answer given, as when the SDK repeats a request whose answer was lost. */
export function repeating(table: Table): Table {
  const twice = async <Answer>(write: () => Promise<Answer>): Promise<Answer> => {
    await write();
    return write();
  };
  return {
    ...table,
    put: (item, conditions) => twice(() => table.put(item, conditions)),
    update: (key, change, conditions) => twice(() => table.update(key, change, conditions)),
    delete: (key, conditions) => twice(() => table.delete(key, conditions)),
  };
}

/** The same table, with the number of calls of each kind. */
export function counting(table: Table) {
  const calls = { get: 0, getLately: 0, put: 0, update: 0, delete: 0, query: 0, queryIndex: 0 };
  const counted: Table = {
    get: (...args) => counts('get', table.get(...args)),
    getLately: (...args) => counts('getLately', table.getLately(...args)),
    put: (...args) => counts('put', table.put(...args)),
    update: (...args) => counts('update', table.update(...args)),
    delete: (...args) => counts('delete', table.delete(...args)),
    query: (...args) => counts('query', table.query(...args)),
    queryIndex: (...args) => counts('queryIndex', table.queryIndex(...args)),
  };
  function counts<Answer>(kind: keyof typeof calls, answer: Answer): Answer {
    calls[kind] += 1;
    return answer;
  }
  return { table: counted, calls };
}

/** The same table, whose writes fail from the (n + 1)-th on: the process ends there. */
export function crashingAfter(writes: number, table: Table): Table {
  let left = writes;
  const orCrash = async <Answer>(write: () => Promise<Answer>): Promise<Answer> => {
    left -= 1;
    if (left < 0) throw new Error('crash');
    return write();
  };
  return {
    ...table,
    put: (item, conditions) => orCrash(() => table.put(item, conditions)),
    update: (key, change, conditions) => orCrash(() => table.update(key, change, conditions)),
    delete: (key, conditions) => orCrash(() => table.delete(key, conditions)),
  };
}

/** The same table; before its first update somebody else gets a turn. */
export function interrupted(table: Table, others: () => Promise<unknown>): Table {
  let turn: (() => Promise<unknown>) | undefined = others;
  return {
    ...table,
    update: async (key, change, conditions) => {
      const now = turn;
      turn = undefined;
      await now?.();
      return table.update(key, change, conditions);
    },
  };
}
