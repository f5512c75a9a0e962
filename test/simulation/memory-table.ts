import {
  type Change,
  type Condition,
  type Item,
  type Key,
  type Path,
  remaining,
  type Table,
} from '../../shared/adapters/store/table.ts';
import { TABLE_SCHEMA } from '../../shared/table-schema.ts';

/** The table in memory, for the simulation and for fast tests: the same suite as DynamoDB holds it to its word. */
export function memoryTable(): Table {
  const items = new Map<string, Item>();
  const main = new Map<string, Row[]>();
  const indexes = TABLE_SCHEMA.indexes.map((index) => ({ ...index, partitions: new Map<string, Row[]>() }));

  function store(key: Key, next: Item | undefined): void {
    const id = idOf(key);
    const placed = indexes.map((index) => next && place(next, index));
    const before = items.get(id);
    if (before) {
      take(main, before.pk, before.sk, id);
      for (const index of indexes) {
        const at = place(before, index);
        if (at) take(index.partitions, at.partition, at.sort, id);
      }
      items.delete(id);
    }
    if (!next) return;
    items.set(id, next);
    enter(main, next.pk, next.sk, id);
    for (const [n, index] of indexes.entries()) {
      const at = placed[n];
      if (at) enter(index.partitions, at.partition, at.sort, id);
    }
  }

  const read = (id: string): Item => {
    const item = items.get(id);
    if (!item) throw new Error('The table lost an item.');
    return item;
  };

  return {
    async get(key) {
      const item = items.get(idOf(key));
      return item && (copy(item) as Item);
    },
    async put(item, conditions = []) {
      if (!allHold(items.get(idOf(item)), conditions)) return false;
      store(item, copy(item) as Item);
      return true;
    },
    async update(key, change, conditions = []) {
      const before = items.get(idOf(key));
      if (!allHold(before, conditions)) return undefined;
      const next = changed(before ?? { pk: key.pk, sk: key.sk }, change);
      store(key, next);
      return copy(next) as Item;
    },
    async delete(key, conditions = []) {
      if (!allHold(items.get(idOf(key)), conditions)) return false;
      store(key, undefined);
      return true;
    },
    async query(request) {
      const { rows, next } = slice(main.get(request.partition) ?? [], request);
      return { items: rows.map(({ id }) => copy(read(id)) as Item), ...(next === undefined ? {} : { next }) };
    },
    async queryIndex(name, request) {
      const index = indexes.find((known) => known.name === name);
      const { rows, next } = slice(index?.partitions.get(request.partition) ?? [], request);
      return {
        items: rows.map(({ sort, id }) => ({ pk: read(id).pk, sk: read(id).sk, sort })),
        ...(next === undefined ? {} : { next }),
      };
    },
  };
}

/** An entry of a partition, which is kept sorted. */
type Row = { readonly sort: string; readonly id: string };

const idOf = ({ pk, sk }: Key): string => `${pk}\n${sk}`;

function place(item: Item, index: { partitionKey: string; sortKey: string }) {
  const partition = item[index.partitionKey];
  const sort = item[index.sortKey];
  if (partition === undefined || sort === undefined) return undefined;
  if (typeof partition !== 'string' || typeof sort !== 'string')
    throw new TypeError('Index keys are strings.');
  return { partition, sort };
}

/** Place of the first row that is not before (sort, id). */
function search(rows: readonly Row[], sort: string, id = ''): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle];
    if (row && (row.sort < sort || (row.sort === sort && row.id < id))) low = middle + 1;
    else high = middle;
  }
  return low;
}

function enter(partitions: Map<string, Row[]>, partition: string, sort: string, id: string): void {
  const rows = partitions.get(partition) ?? [];
  if (rows.length === 0) partitions.set(partition, rows);
  rows.splice(search(rows, sort, id), 0, { sort, id });
}

function take(partitions: Map<string, Row[]>, partition: string, sort: string, id: string): void {
  const rows = partitions.get(partition);
  if (!rows) return;
  rows.splice(search(rows, sort, id), 1);
  if (rows.length === 0) partitions.delete(partition);
}

function slice(rows: readonly Row[], request: Parameters<Table['query']>[0]): { rows: Row[]; next?: string } {
  const range = remaining(request);
  if (!range || request.limit < 1) return { rows: [] };
  const start = range.low === undefined ? 0 : search(rows, range.low);
  const end = range.high === undefined ? rows.length : search(rows, `${range.high}\u0000`);
  const kept = rows.slice(start, Math.min(end, start + request.limit));
  const last = end - start > request.limit ? kept.at(-1) : undefined;
  return { rows: kept, ...(last ? { next: last.sort } : {}) };
}

const allHold = (item: Item | undefined, conditions: readonly Condition[]): boolean =>
  conditions.every((condition) => holds(item && at(item, condition.path), condition));

function holds(value: unknown, condition: Condition): boolean {
  switch (condition.is) {
    case 'present':
      return value !== undefined;
    case 'absent':
      return value === undefined;
    case 'equal':
      return value === condition.value;
    case 'in':
      return condition.values.some((known) => known === value);
  }
}

function changed(before: Item, { set = [], remove = [], add = {} }: Change): Item {
  const next = copy(before) as Record<string, unknown>;
  for (const [path, value] of set) parent(next, path)[path.at(-1) ?? ''] = copy(value);
  for (const path of remove) delete parent(next, path)[path.at(-1) ?? ''];
  for (const [name, value] of Object.entries(add)) next[name] = Number(next[name] ?? 0) + value;
  return next as Item;
}

function at(value: unknown, path: Path): unknown {
  let inner = value;
  for (const name of path) inner = isMap(inner) ? inner[name] : undefined;
  return inner;
}

function parent(item: Record<string, unknown>, path: Path): Record<string, unknown> {
  const [first, ...rest] = path;
  const outer = rest.length === 0 ? item : at(item, [first, ...rest.slice(0, -1)]);
  if (!isMap(outer)) throw new Error(`The path ${path.join('.')} has no parent.`);
  return outer;
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

/** A deep copy, without what is undefined; refuses what DynamoDB would not take. */
function copy(value: unknown): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map(copy);
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (!isMap(value)) throw new TypeError(`A table cannot hold ${String(value)}.`);
  const result: Record<string, unknown> = {};
  for (const name in value) if (value[name] !== undefined) result[name] = copy(value[name]);
  return result;
}
