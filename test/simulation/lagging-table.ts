import type { Item, Key, Table } from '../../shared/adapters/store/table.ts';
import { memoryTable } from './memory-table.ts';
import type { VirtualClock } from './virtual-clock.ts';

export type LaggingTable = {
  readonly table: Table;
  /** Is anything due in the wake index by then? Spares the simulation rescues that would find nothing. */
  readonly wakesBy: (until: number) => boolean;
};

/** Reads at half the price show what stood so long ago at the most. */
const LATELY = 1_000;

/**
 * One true table whose indexes follow a moment later, item by item in order, and whose cheap reads lag. `seen` hears of every write of an item
 * when it happens, with the item after it.
 */
export function laggingTable(
  clock: VirtualClock,
  lag: () => number,
  seen: (key: Key, after: Item | undefined) => void,
): LaggingTable {
  const table = memoryTable({ frozen: true });
  const indexes = memoryTable();
  const shown = new Map<string, { text: string; at: number }>();
  const wakes = new Map<string, number>();
  /** What each item has been, oldest first, as far back as anybody may see. */
  const versions = new Map<string, { since: number; item: Item | undefined }[]>();

  const remember = (id: string, item: Item | undefined): void => {
    const known = versions.get(id) ?? [];
    const standing = known.findLastIndex(({ since }) => since <= clock.now() - LATELY);
    versions.set(id, [...known.slice(Math.max(0, standing)), { since: clock.now(), item }]);
  };
  const stoodAt = ({ pk, sk }: Key, then: number): Item | undefined =>
    versions.get(`${pk}\n${sk}`)?.findLast(({ since }) => since <= then)?.item;

  const follow = (key: Key, after: Item | undefined): void => {
    seen(key, after);
    remember(`${key.pk}\n${key.sk}`, after);
    const keys = indexKeysOf(after);
    const id = `${key.pk}\n${key.sk}`;
    const text = JSON.stringify(keys);
    const before = shown.get(id);
    if (before?.text === text || (!before && text === '{}')) return;
    // never before an older write of the same item
    const at = Math.max(clock.now() + lag(), before?.at ?? 0);
    shown.set(id, { text, at });
    clock.at(at, () => {
      void indexes.put({ pk: key.pk, sk: key.sk, ...keys });
      if (keys.wk?.startsWith('W#') && keys.ws) wakes.set(id, Number(keys.ws.split('#')[0]));
      else wakes.delete(id);
    });
  };

  return {
    wakesBy: (until) => [...wakes.values()].some((at) => at <= until),
    table: {
      ...table,
      async put(item, conditions) {
        const written = await table.put(item, conditions);
        if (written) follow(item, await table.get(item));
        return written;
      },
      async update(key, change, conditions) {
        const after = await table.update(key, change, conditions);
        if (after) follow(key, after);
        return after;
      },
      async delete(key, conditions) {
        const deleted = await table.delete(key, conditions);
        if (deleted) follow(key, undefined);
        return deleted;
      },
      getLately: async (keys) => {
        const then = clock.now() - Math.min(lag(), LATELY);
        return keys.map((key) => stoodAt(key, then));
      },
      queryIndex: (name, request) => indexes.queryIndex(name, request),
    },
  };
}

const INDEX_KEYS = ['ck', 'cs', 'wk', 'ws', 'ak', 'as'] as const;

function indexKeysOf(item: Item | undefined): Partial<Record<(typeof INDEX_KEYS)[number], string>> {
  const keys: Partial<Record<(typeof INDEX_KEYS)[number], string>> = {};
  for (const name of INDEX_KEYS) if (typeof item?.[name] === 'string') keys[name] = item[name];
  return keys;
}
