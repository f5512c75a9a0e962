import type { Found, Item, Table } from './table.ts';

/**
 * The same table; consistent reads of one thing at one time are shared. Whoever asks gets an answer to a read that
 * began after they asked, never one that was under way: so a gate that reads after its claim misses no hold that was
 * there by then. In a burst hundreds of deliveries ask for the same brand, channel and holds, and one answer serves
 * all that asked while the last one was under way. What is shared must not be changed by who gets it.
 */
export function sharedReads(table: Table): Table {
  const gets = joining<Item | undefined>();
  const latelies = joining<readonly (Item | undefined)[]>();
  const queries = joining<Found<Item>>();
  return {
    ...table,
    get: (key) => gets(`${key.pk}\n${key.sk}`, () => table.get(key)),
    getLately: (keys) => latelies(JSON.stringify(keys), () => table.getLately(keys)),
    query: (request) => queries(JSON.stringify(request), () => table.query(request)),
  };
}

type Line<Value> = { readonly ended: Promise<void>; next?: Promise<Value> };

/** Per key one read under way, and at most one that waits for its end to begin. */
function joining<Value>(): (key: string, read: () => Promise<Value>) => Promise<Value> {
  const lines = new Map<string, Line<Value>>();
  const begin = (key: string, read: () => Promise<Value>): Promise<Value> => {
    const value = read();
    const over = (): void => {
      if (lines.get(key) === line) lines.delete(key);
    };
    const line: Line<Value> = { ended: value.then(over, over) };
    lines.set(key, line);
    return value;
  };
  return (key, read) => {
    const line = lines.get(key);
    if (!line) return begin(key, read);
    line.next ??= line.ended.then(() => begin(key, read));
    return line.next;
  };
}
