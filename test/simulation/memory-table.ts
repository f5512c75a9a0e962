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

/**
 * The table in memory, for the simulation and for fast tests: the same suite as DynamoDB holds it to its word.
 * `frozen`: it hands out what it holds, which nobody can change, instead of a copy each time.
 */
export function memoryTable({ frozen = false } = {}): Table {
  const items = new Map<string, Item>();
  const main = new Map<string, Row[]>();
  const indexes = TABLE_SCHEMA.indexes.map((index) => ({ ...index, partitions: new Map<string, Row[]>() }));

  const handOut = frozen ? (item: Item) => item : (item: Item) => copy(item) as Item;

  /** Takes the item over: what is stored is never changed, only replaced. */
  function store(key: Key, next: Item | undefined): void {
    if (frozen) freeze(next);
    const id = idOf(key);
    const before = items.get(id);
    const moves = indexes.map(({ partitions, ...names }) => ({
      partitions,
      from: before && place(before, names.partitionKey, names.sortKey),
      to: next && place(next, names.partitionKey, names.sortKey),
    }));
    moves.push({
      partitions: main,
      from: before && place(before, 'pk', 'sk'),
      to: next && place(next, 'pk', 'sk'),
    });
    for (const { partitions, from, to } of moves) {
      if (from?.partition === to?.partition && from?.sort === to?.sort) continue;
      if (from) take(partitions, from, id);
      if (to) enter(partitions, to, id);
    }
    if (next) items.set(id, next);
    else items.delete(id);
  }

  const read = (id: string): Item => {
    const item = items.get(id);
    if (!item) throw new Error('The table lost an item.');
    return item;
  };

  return {
    async get(key) {
      const item = items.get(idOf(key));
      return item && handOut(item);
    },
    getLately: async (keys) =>
      keys.map((key) => {
        const item = items.get(idOf(key));
        return item && handOut(item);
      }),
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
      return handOut(next);
    },
    async delete(key, conditions = []) {
      if (!allHold(items.get(idOf(key)), conditions)) return false;
      store(key, undefined);
      return true;
    },
    async query(request) {
      const { rows, next } = slice(main.get(request.partition) ?? [], request);
      return { items: rows.map(({ id }) => handOut(read(id))), ...(next === undefined ? {} : { next }) };
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

type Place = { readonly partition: string; readonly sort: string };

function place(item: Item, partitionKey: string, sortKey: string): Place | undefined {
  const partition = item[partitionKey];
  const sort = item[sortKey];
  if (partition === undefined || sort === undefined) return undefined;
  if (typeof partition !== 'string' || typeof sort !== 'string') throw new TypeError('Keys are strings.');
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

function enter(partitions: Map<string, Row[]>, { partition, sort }: Place, id: string): void {
  const rows = partitions.get(partition) ?? [];
  if (rows.length === 0) partitions.set(partition, rows);
  rows.splice(search(rows, sort, id), 0, { sort, id });
}

function take(partitions: Map<string, Row[]>, { partition, sort }: Place, id: string): void {
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

/** A changed item; what the change does not touch is shared with the old one. */
function changed(before: Item, { set = [], remove = [], add = {} }: Change): Item {
  const next: Record<string, unknown> = { ...before };
  for (const [path, value] of set) {
    const { parent, name } = open(next, path);
    parent[name] = copy(value);
  }
  for (const path of remove) {
    const { parent, name } = open(next, path);
    delete parent[name];
  }
  for (const [name, value] of Object.entries(add)) next[name] = Number(next[name] ?? 0) + value;
  return next as Item;
}

/** Copies each map on the way to the last name, so that it may be changed. */
function open(item: Record<string, unknown>, path: Path): { parent: Record<string, unknown>; name: string } {
  let parent = item;
  for (const name of path.slice(0, -1)) {
    const inner = parent[name];
    if (!isMap(inner)) throw new Error(`The path ${path.join('.')} has no parent.`);
    const own = { ...inner };
    parent[name] = own;
    parent = own;
  }
  return { parent, name: path.at(-1) ?? '' };
}

function at(value: unknown, path: Path): unknown {
  let inner = value;
  for (const name of path) inner = isMap(inner) ? inner[name] : undefined;
  return inner;
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

/** All the way down, to where it has been done before; bytes cannot be. */
function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  if (Object.isFrozen(value)) return;
  for (const inner of Object.values(Object.freeze(value))) freeze(inner);
}
