import { describe, expect, test } from 'vitest';
import { sharedReads } from '../../../../shared/adapters/store/shared-reads.ts';
import type { Item, Table } from '../../../../shared/adapters/store/table.ts';
import { memoryTable } from '../../../simulation/memory-table.ts';

const key = { pk: 'p', sk: 's' };
const query = { partition: 'p', limit: 9 };

/** A table whose reads see the state at their beginning and answer when they are told to. */
function slowTable() {
  const table = memoryTable();
  const waiting: (() => void)[] = [];
  let reads = 0;
  const slow = async <Answer>(read: () => Promise<Answer>): Promise<Answer> => {
    reads += 1;
    const answer = await read();
    await new Promise<void>((resolve) => waiting.push(resolve));
    return answer;
  };
  const shared = sharedReads({
    ...table,
    get: (one) => slow(() => table.get(one)),
    getLately: (keys) => slow(() => table.getLately(keys)),
    query: (one) => slow(() => table.query(one)),
  } satisfies Table);
  const rest = () => new Promise((resolve) => setImmediate(resolve));
  return {
    table,
    shared,
    reads: () => reads,
    answer: async () => {
      await rest();
      waiting.shift()?.();
      await rest();
    },
  };
}

describe('shared reads', () => {
  test('one read serves all who asked while another was under way', async () => {
    const it = slowTable();
    await it.table.put({ ...key, text: 'there' });
    const asked = [1, 2, 3, 4].map(() => it.shared.get(key));
    await it.answer();
    await it.answer();
    expect((await Promise.all(asked)).map((item) => item?.text)).toEqual(Array(4).fill('there'));
    expect(it.reads()).toBe(2);
  });

  test.each([
    ['get', (shared: Table) => shared.get(key)],
    ['getLately', (shared: Table) => shared.getLately([key]).then(([item]): Item | undefined => item)],
    ['query', (shared: Table) => shared.query(query).then(({ items }): Item | undefined => items[0])],
  ])('what was written before the %s is seen, though an older one was under way', async (_name, read) => {
    const it = slowTable();
    const before = read(it.shared);
    await new Promise((resolve) => setImmediate(resolve));
    await it.shared.put({ ...key, text: 'a hold' });
    const after = read(it.shared);
    await it.answer();
    await it.answer();
    expect(await before).toBeUndefined();
    expect((await after)?.text).toBe('a hold');
  });

  test('a read that fails fails those who shared it, and nobody behind', async () => {
    const table = memoryTable();
    await table.put(key);
    let faults = 2;
    const shared = sharedReads({
      ...table,
      get: async (one) => {
        if (faults-- > 0) throw new Error('throttled');
        return table.get(one);
      },
    });
    const asked = await Promise.allSettled([shared.get(key), shared.get(key), shared.get(key)]);
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await shared.get(key)).toEqual(key);
  });

  test('different things are read side by side', async () => {
    const it = slowTable();
    const asked = [it.shared.get(key), it.shared.get({ ...key, sk: 'other' }), it.shared.query(query)];
    await new Promise((resolve) => setImmediate(resolve));
    expect(it.reads()).toBe(3);
    for (const _ of asked) await it.answer();
    await Promise.all(asked);
  });
});
