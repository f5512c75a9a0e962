import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { meter } from '../../bench/cost-meter.ts';
import { gbSeconds, MEMORY_MB } from '../../bench/cost-prices.ts';
import { meteredTable } from '../../bench/cost-table.ts';
import { memoryTable } from '../../simulation/memory-table.ts';

const INFRA = ['api', 'publishing', 'measuring', 'reporting']
  .map((file) => readFileSync(join(import.meta.dirname, `../../../infra/${file}.ts`), 'utf8'))
  .join('');

test.each(Object.entries(MEMORY_MB))(
  'the %s function is counted with the memory that it has',
  (name, memory) => {
    const told = new RegExp(`name: '${name}',[^}]*?memoryMb: ([\\d_]+)`).exec(INFRA)?.[1];
    expect(Number(told?.replace('_', ''))).toBe(memory);
  },
);

test('a function with a fourteenth of a core takes fourteen times as long for its own work', () => {
  expect(gbSeconds('publish', { waitedMs: 1_000, calls: 0 })).toBeCloseTo(0.125 * 1.028, 3);
  expect(gbSeconds('api', { waitedMs: 0, calls: 8 })).toBeCloseTo(0.5 * 0.042, 3);
});

test('writes are billed by kilobytes of the larger item, and again for each index entry that moves', async () => {
  const used = meter();
  const table = meteredTable(memoryTable(), used, async () => undefined);
  const key = { pk: 'A#agy#POST#post', sk: 'H' };
  await table.put({ ...key, text: 'x'.repeat(1_500), wk: 'W#1', ws: '1' });
  await table.update(key, { set: [[['text'], 'short']] });
  await table.update(key, { set: [[['ws'], '2']] });
  await table.update(key, { remove: [['wk'], ['ws']] });
  const units = used.lines().map(({ call, usd }) => [call, Math.round(usd / 0.625e-6)]);
  expect(units).toEqual([
    ['PutItem POST', 2],
    ['PutItem POST, index wake', 1],
    ['UpdateItem POST', 2 + 1 + 1],
    ['UpdateItem POST, index wake', 2 + 1],
  ]);
});

test('reads are billed by four kilobytes, those of an index half', async () => {
  const used = meter();
  const table = meteredTable(memoryTable(), used, async () => undefined);
  await table.put({ pk: 'A#agy#POST#post', sk: 'H', text: 'x'.repeat(5_000), ck: 'C', cs: '1' });
  await table.get({ pk: 'A#agy#POST#post', sk: 'H' });
  await table.get({ pk: 'A#agy#POST#other', sk: 'H' });
  await table.query({ partition: 'A#agy#POST#post', limit: 10 });
  await table.queryIndex('calendar', { partition: 'C', limit: 10 });
  const units = used.lines().flatMap(({ call, usd }) => (/^Put/.test(call) ? [] : [[call, usd / 0.125e-6]]));
  expect(units).toEqual([
    ['GetItem POST', 2 + 1],
    ['Query POST', 2],
    ['Query index calendar', 0.5],
  ]);
});

test('gets of one turn are one call, those of one after the other are not', async () => {
  const used = meter();
  const table = meteredTable(memoryTable(), used, async () => undefined);
  const get = (sk: string) => table.get({ pk: 'A#agy#POST#post', sk });
  const runUsd = async (run: () => Promise<unknown>): Promise<number> => {
    used.reset();
    await used.invoke('publish', () => 0, run);
    return used.lines().find(({ call }) => call === 'run publish')?.usd ?? 0;
  };
  const one = await runUsd(() => get('a'));
  expect(await runUsd(() => Promise.all([get('a'), get('b'), get('c')]))).toBe(one);
  const rest = () => new Promise((resolve) => process.nextTick(resolve));
  expect(
    await runUsd(() =>
      get('a')
        .then(rest)
        .then(() => get('b')),
    ),
  ).toBeGreaterThan(one);
});
