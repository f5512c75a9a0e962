/**
 * The small port that all stores stand on: one table of documents, conditional writes of single items, no
 * transactions. Two implementations pass the same suite (`test/contract/table-suite.ts`): DynamoDB and memory.
 *
 * Values are strings, finite numbers, booleans, null, `Uint8Array`, arrays and plain objects of those; a
 * property that is undefined is left out. Whatever goes in or comes out is the caller's own copy. Anything but
 * a failed condition throws: throttling, outages, an item over DynamoDB's 400 KB.
 */
export type Table = {
  /** Strongly consistent. */
  get(key: Key): Promise<Item | undefined>;
  /**
   * Any number of items in the order of their keys, in few calls and at half the price: what was written in the last
   * second may be missing or as it was. For readers who do no harm by that.
   */
  getLately(keys: readonly Key[]): Promise<readonly (Item | undefined)[]>;
  /** Writes the whole item; false when a condition failed. */
  put(item: Item, conditions?: readonly Condition[]): Promise<boolean>;
  /**
   * Changes parts of an item and answers the item after it; undefined when a condition failed. Creates an absent
   * item unless a condition forbids it. Throws when the parent of a nested path does not exist.
   */
  update(key: Key, change: Change, conditions?: readonly Condition[]): Promise<Item | undefined>;
  /** False when a condition failed; deleting nothing is fine. */
  delete(key: Key, conditions?: readonly Condition[]): Promise<boolean>;
  /** Items of one partition by sort key, ascending; strongly consistent but where `lately` says otherwise. */
  query(request: Query): Promise<Found<Item>>;
  /** Keys of the items in one partition of an index, by its sort key, ascending. Lags a moment behind. */
  queryIndex(index: IndexName, request: Query): Promise<Found<IndexEntry>>;
};

export type Key = { readonly pk: string; readonly sk: string };
export type Item = Key & { readonly [attribute: string]: unknown };
export type IndexName = 'calendar' | 'wake' | 'attention';
/** The item's own key, and the sort key that it has in the index. */
export type IndexEntry = Key & { readonly sort: string };

/** Names from the item inwards: `['d', '01', 'f']`. Arrays cannot be entered. */
export type Path = readonly [string, ...string[]];

/** All of a list must hold, at the moment of the write. A comparison with something absent does not hold. */
export type Condition = { readonly path: Path } & (
  | { readonly is: 'present' | 'absent' }
  | { readonly is: 'equal'; readonly value: string | number }
  | { readonly is: 'in'; readonly values: readonly (string | number)[] }
);

export type Change = {
  readonly set?: readonly (readonly [Path, unknown])[];
  readonly remove?: readonly Path[];
  /** Numbers to add to attributes of the item itself; an absent one counts as 0. */
  readonly add?: Readonly<Record<string, number>>;
};

export type Query = {
  readonly partition: string;
  /** Both ends belong to it. */
  readonly range?: { readonly low: string; readonly high: string };
  readonly limit: number;
  /** Sort key to go on behind; need not exist. */
  readonly after?: string;
  /** At half the price, as by `getLately`. */
  readonly lately?: true;
};

/** `next` is there when there is more: the sort key of the last item, for `after`. */
export type Found<Row> = { readonly items: readonly Row[]; readonly next?: string };

export const ABSENT: readonly Condition[] = [{ path: ['pk'], is: 'absent' }];
export const PRESENT: readonly Condition[] = [{ path: ['pk'], is: 'present' }];

/** What is left of the asked range behind `after`; undefined when nothing can be there. */
export function remaining(request: Query): { low?: string; high?: string } | undefined {
  // no sort key of ours is longer; DynamoDB refuses operands above 1,024 bytes
  const after = request.after?.slice(0, 250);
  const { low, high } = request.range ?? {};
  // the next possible text after `after` is `after` and a NUL
  const from = after !== undefined && (low === undefined || after >= low) ? `${after}\u0000` : low;
  if (from !== undefined && high !== undefined && from > high) return undefined;
  return { ...(from === undefined ? {} : { low: from }), ...(high === undefined ? {} : { high }) };
}

/** Reads a query to its end. */
export async function everything(
  table: Table,
  partition: string,
  range?: Query['range'],
  how: Pick<Query, 'lately'> = {},
): Promise<Item[]> {
  const items: Item[] = [];
  let after: string | undefined;
  do {
    const found = await table.query({
      partition,
      limit: 500,
      ...how,
      ...(range ? { range } : {}),
      ...(after === undefined ? {} : { after }),
    });
    items.push(...found.items);
    after = found.next;
  } while (after !== undefined);
  return items;
}
