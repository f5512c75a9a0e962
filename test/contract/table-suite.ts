import { describe, expect, it } from 'vitest';
import { ABSENT, type Item, PRESENT, type Table } from '../../shared/adapters/store/table.ts';

/** What every implementation of the table promises. `make` gives an empty one. */
export function testTable(name: string, make: () => Promise<Table>): void {
  const setup = async (...items: Item[]) => {
    const table = await make();
    for (const item of items) await table.put(item);
    return table;
  };
  const key = { pk: 'p', sk: 's' };

  describe(`${name}: items`, () => {
    it('gives back what was put, and nothing for an unknown key', async () => {
      const item = {
        ...key,
        text: 'ü ✓',
        empty: '',
        number: 1_764_489_600_123,
        fraction: -0.25,
        yes: true,
        nothing: null,
        bytes: new Uint8Array([0, 255]),
        list: [1, 'two', [null]],
        map: { inner: { deep: [] } },
      };
      const table = await setup(item);
      expect(await table.get(key)).toEqual(item);
      expect(await table.get({ pk: 'p', sk: 'other' })).toBeUndefined();
    });

    it('gives many at once in the order of their keys, however many, and twice if asked so', async () => {
      const many = Array.from({ length: 130 }, (_, n) => ({ pk: `p${n % 7}`, sk: `s${n}`, n }));
      const table = await setup(...many);
      const unknown = { pk: 'p', sk: 'unknown' };
      const keys = [unknown, ...many.toReversed(), { pk: 'p0', sk: 's0' }].map(({ pk, sk }) => ({ pk, sk }));
      expect(await table.getLately(keys)).toEqual([undefined, ...many.toReversed(), many[0]]);
      expect(await table.getLately([])).toEqual([]);
    });

    it('leaves out properties that are undefined, at any depth', async () => {
      const table = await setup({ ...key, gone: undefined, map: { gone: undefined, kept: 1 } });
      expect(Object.keys((await table.get(key)) ?? {}).sort()).toEqual(['map', 'pk', 'sk']);
      expect(await table.get(key)).toStrictEqual({ ...key, map: { kept: 1 } });
    });

    it('refuses numbers that are none', async () => {
      const table = await make();
      await expect(table.put({ ...key, number: Number.NaN })).rejects.toThrow();
      await expect(table.put({ ...key, number: Number.POSITIVE_INFINITY })).rejects.toThrow();
    });

    it('keeps its own copy', async () => {
      const item = { ...key, map: { list: [1] } };
      const table = await setup(item);
      item.map.list.push(2);
      const first = (await table.get(key)) as typeof item;
      first.map.list.push(3);
      expect(await table.get(key)).toEqual({ ...key, map: { list: [1] } });
    });

    it('replaces the whole item with a put', async () => {
      const table = await setup({ ...key, old: 1 }, { ...key, fresh: 2 });
      expect(await table.get(key)).toEqual({ ...key, fresh: 2 });
    });

    it('deletes, and does not mind when there is nothing to delete', async () => {
      const table = await setup({ ...key });
      expect(await table.delete(key)).toBe(true);
      expect(await table.delete(key)).toBe(true);
      expect(await table.get(key)).toBeUndefined();
    });
  });

  describe(`${name}: conditions`, () => {
    it('puts once when the item must be absent', async () => {
      const table = await make();
      expect(await table.put({ ...key, by: 'first' }, ABSENT)).toBe(true);
      expect(await table.put({ ...key, by: 'second' }, ABSENT)).toBe(false);
      expect(await table.get(key)).toEqual({ ...key, by: 'first' });
    });

    it('lets one of many concurrent puts win', async () => {
      const table = await make();
      const won = await Promise.all(Array.from({ length: 10 }, (_, by) => table.put({ ...key, by }, ABSENT)));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect((await table.get(key))?.by).toBe(won.indexOf(true));
    });

    it.each([
      ['present', { path: ['map', 'n'], is: 'present' }, true],
      ['present, where it is not', { path: ['map', 'other'], is: 'present' }, false],
      ['present below something absent', { path: ['none', 'n'], is: 'present' }, false],
      ['absent', { path: ['map', 'other'], is: 'absent' }, true],
      ['absent, where it is not', { path: ['map', 'n'], is: 'absent' }, false],
      ['equal', { path: ['map', 'n'], is: 'equal', value: 3 }, true],
      ['equal to another value', { path: ['map', 'n'], is: 'equal', value: 4 }, false],
      ['equal to the same as text', { path: ['map', 'n'], is: 'equal', value: '3' }, false],
      ['equal below something absent', { path: ['none', 'n'], is: 'equal', value: 3 }, false],
      ['in', { path: ['map', 's'], is: 'in', values: ['x', 'y'] }, true],
      ['in others', { path: ['map', 's'], is: 'in', values: ['z'] }, false],
      ['in, of something absent', { path: ['map', 'other'], is: 'in', values: ['x'] }, false],
    ] as const)('knows %s', async (_title, condition, holds) => {
      const table = await setup({ ...key, map: { n: 3, s: 'x' } });
      expect((await table.update(key, { set: [[['hit'], 1]] }, [condition])) !== undefined).toBe(holds);
      expect(await table.delete(key, [condition])).toBe(holds);
    });

    it('writes nothing unless all of them hold', async () => {
      const table = await setup({ ...key, a: 1 });
      const both = [PRESENT, [{ path: ['a'], is: 'equal', value: 2 }]].flat() as typeof PRESENT;
      expect(await table.put({ ...key, a: 9 }, both)).toBe(false);
      expect(await table.update(key, { set: [[['a'], 9]] }, both)).toBeUndefined();
      expect(await table.delete(key, both)).toBe(false);
      expect(await table.get(key)).toEqual({ ...key, a: 1 });
    });

    it('creates nothing by an update of an absent item that must be present', async () => {
      const table = await make();
      expect(await table.update(key, { set: [[['d', 'x'], 1]] }, PRESENT)).toBeUndefined();
      expect(await table.get(key)).toBeUndefined();
    });
  });

  describe(`${name}: updates`, () => {
    it('sets, removes and adds in one write and answers the item after it', async () => {
      const table = await setup({ ...key, map: { a: 1, b: 2 }, gone: true, count: 5 });
      const after = await table.update(key, {
        set: [
          [['map', 'a'], { new: 1 }],
          [['name'], 'x'],
        ],
        remove: [['gone'], ['map', 'b']],
        add: { count: 2, other: -1 },
      });
      expect(after).toEqual({ ...key, map: { a: { new: 1 } }, name: 'x', count: 7, other: -1 });
      expect(await table.get(key)).toEqual(after);
    });

    it('creates an absent item', async () => {
      const table = await make();
      expect(await table.update(key, { set: [[['a'], 1]] })).toEqual({ ...key, a: 1 });
    });

    it('takes names that DynamoDB reserves, and names with dots', async () => {
      const table = await setup({ ...key, data: 1 });
      const change = { set: [[['a.b'], 2]], remove: [['data']], add: { size: 1 } } as const;
      expect(await table.update(key, change)).toEqual({ ...key, 'a.b': 2, size: 1 });
    });

    it('throws when the parent of a path is missing', async () => {
      const table = await setup({ ...key });
      await expect(table.update(key, { set: [[['none', 'x'], 1]] })).rejects.toThrow();
    });

    it('does not lose concurrent updates of siblings', async () => {
      const table = await setup({ ...key, d: {} });
      const names = Array.from({ length: 12 }, (_, n) => `n${n}`);
      await Promise.all(names.map((n) => table.update(key, { set: [[['d', n], n]], add: { v: 1 } })));
      const item = await table.get(key);
      expect(item?.v).toBe(12);
      expect(item?.d).toEqual(Object.fromEntries(names.map((n) => [n, n])));
    });
  });

  describe(`${name}: queries`, () => {
    const row = (sk: string) => ({ pk: 'p', sk });
    const sorts = (found: { items: readonly { sk: string }[] }) => found.items.map(({ sk }) => sk);

    it('reads one partition in order, within the range, both ends included', async () => {
      const table = await setup(row('c'), row('a'), row('d'), row('b'), { pk: 'q', sk: 'b' });
      expect(sorts(await table.query({ partition: 'p', limit: 9 }))).toEqual(['a', 'b', 'c', 'd']);
      const range = { low: 'b', high: 'c' };
      expect(sorts(await table.query({ partition: 'p', range, limit: 9 }))).toEqual(['b', 'c']);
      expect(await table.query({ partition: 'none', limit: 9 })).toEqual({ items: [] });
      expect(sorts(await table.query({ partition: 'p', range, limit: 9, lately: true }))).toEqual(['b', 'c']);
    });

    it('reads on behind any position, and gives none at the end', async () => {
      const table = await setup(row('a'), row('b'), row('c'), row('d'));
      const first = await table.query({ partition: 'p', limit: 2 });
      expect(first).toEqual({ items: [row('a'), row('b')], next: 'b' });
      const second = await table.query({ partition: 'p', limit: 2, after: 'b' });
      expect(second).toEqual({ items: [row('c'), row('d')] });
      expect(sorts(await table.query({ partition: 'p', limit: 2, after: 'bb' }))).toEqual(['c', 'd']);
    });

    it('keeps to the range whatever position it is given', async () => {
      const table = await setup(row('a'), row('b'), row('c'), row('d'));
      const ask = (after: string) =>
        table.query({ partition: 'p', range: { low: 'b', high: 'c' }, limit: 9, after });
      expect(sorts(await ask(''))).toEqual(['b', 'c']);
      expect(sorts(await ask('a'))).toEqual(['b', 'c']);
      expect(sorts(await ask('b'))).toEqual(['c']);
      expect(sorts(await ask('c'))).toEqual([]);
      expect(sorts(await ask('zzz'))).toEqual([]);
      expect(sorts(await ask('z'.repeat(5_000)))).toEqual([]);
    });

    it('takes a range that is upside down as empty', async () => {
      const table = await setup(row('b'));
      expect(await table.query({ partition: 'p', range: { low: 'c', high: 'a' }, limit: 9 })).toEqual({
        items: [],
      });
    });

    it('reads past the megabyte at which DynamoDB ends a page', async () => {
      const big = (sk: string) => ({ pk: 'p', sk, text: 'x'.repeat(300_000) });
      const table = await setup(...['a', 'b', 'c', 'd', 'e'].map(big));
      const found = await table.query({ partition: 'p', limit: 5 });
      expect(sorts(found)).toEqual(['a', 'b', 'c', 'd', 'e']);
      expect(found.next).toBeUndefined();
    });
  });

  describe(`${name}: indexes`, () => {
    const head = (sk: string, ws?: string) => ({ pk: 'p', sk, ...(ws ? { wk: 'W#0', ws } : {}) });
    const ask = (table: Table, more: { limit?: number; after?: string } = {}) =>
      table.queryIndex('wake', { partition: 'W#0', limit: 9, ...more });

    it('lists keys only of the items that carry the index attributes, in its order', async () => {
      const table = await setup({ ...head('x', '2'), secret: 1 }, head('y', '1'), head('z'));
      expect((await ask(table)).items).toEqual([
        { pk: 'p', sk: 'y', sort: '1' },
        { pk: 'p', sk: 'x', sort: '2' },
      ]);
    });

    it('follows puts, updates and deletes', async () => {
      const table = await setup(head('x', '2'), head('y', '3'), head('z', '4'));
      await table.update({ pk: 'p', sk: 'x' }, { set: [[['ws'], '5']] });
      await table.update({ pk: 'p', sk: 'y' }, { remove: [['wk'], ['ws']] });
      await table.put(head('z'));
      expect((await ask(table)).items.map(({ sk }) => sk)).toEqual(['x']);
      await table.delete({ pk: 'p', sk: 'x' });
      expect((await ask(table)).items).toEqual([]);
    });

    it('goes on behind a position', async () => {
      const table = await setup(head('x', '1'), head('y', '2'), head('z', '3'));
      const first = await ask(table, { limit: 2 });
      expect(first.next).toBe('2');
      const rest = await ask(table, { limit: 2, after: '2' });
      expect(rest).toEqual({ items: [{ pk: 'p', sk: 'z', sort: '3' }] });
    });
  });
}
