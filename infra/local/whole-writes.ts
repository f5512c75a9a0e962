/** The parts of the DynamoDB engine (dynalite 4.0.0) that a write goes through. */
export type EngineDb = {
  updateIndexes: (
    store: EngineStore,
    table: EngineTable,
    before: unknown,
    after: unknown,
    done: (error?: unknown) => void,
  ) => void;
  getIndexActions(
    indexes: readonly unknown[],
    before: unknown,
    after: unknown,
    table: EngineTable,
  ): { puts: readonly IndexAction[]; deletes: readonly IndexAction[] };
};
type EngineTable = { readonly TableName: string; readonly GlobalSecondaryIndexes?: readonly unknown[] };
type IndexAction = { readonly index: string; readonly key: string; readonly item?: unknown };
type Done = (error?: unknown) => void;
type EngineStore = {
  readonly db: { batch(operations: readonly object[], done: Done): void };
  getItemDb(tableName: string): {
    put: (key: string, value: unknown, done: Done) => void;
    del: (key: string, done: Done) => void;
  };
};

/**
 * Makes the engine write an item and its index entries at once. By itself it takes old entries away, puts new ones,
 * and then writes the item: a kill in between leaves an item that its index does not know, and a post that nobody
 * looks at any more. All of it lies in one LevelDB, whose batches are atomic, and one batch is quicker, too.
 */
export function writeWhole(engine: EngineDb): void {
  engine.updateIndexes = (store, table, before, after, done) => {
    const { puts, deletes } = engine.getIndexActions(
      table.GlobalSecondaryIndexes ?? [],
      before,
      after,
      table,
    );
    const placeOf = ({ index, key }: IndexAction): string =>
      `index-global~${table.TableName}~${index}~${key}`;
    const entries = [
      ...deletes.map((action) => ({ type: 'del', key: placeOf(action) })),
      ...puts.map((action) => ({ type: 'put', key: placeOf(action), value: action.item })),
    ];
    const items = store.getItemDb(table.TableName);
    const { put, del } = items;
    const itemPlace = (key: string): string => `item-${table.TableName}~${key}`;
    // `done` goes on to write or delete the item before it returns.
    items.put = (key, value, written) =>
      store.db.batch([...entries, { type: 'put', key: itemPlace(key), value }], written);
    items.del = (key, written) => store.db.batch([...entries, { type: 'del', key: itemPlace(key) }], written);
    try {
      done();
    } finally {
      Object.assign(items, { put, del });
    }
  };
}
