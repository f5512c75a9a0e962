import { expect, test } from 'vitest';
import { readSince } from '../../../shared/channels/read-since.ts';

const FROM = 100;

/** Reads pages of times, each by its number. */
async function reading(...pages: readonly (readonly number[])[]) {
  const asked: string[] = [];
  const read = async (next = '0') => {
    asked.push(next);
    const n = Number(next);
    return { entries: pages[n] ?? [], ...(n + 1 < pages.length ? { next: String(n + 1) } : {}) };
  };
  const told = await readSince(read, (time) => time, FROM);
  return 'kind' in told ? expect.fail('no page failed') : { pages: asked.length, ...told };
}

test('a list is read to its end', async () => {
  expect(await reading([2, 3], [120])).toEqual({ pages: 2, entries: [2, 3, 120], whole: true });
  expect(await reading([])).toEqual({ pages: 1, entries: [], whole: true });
});

test('a list that has stood newest first is not read beyond an entry from before', async () => {
  expect(await reading([130, 120], [110, 99], [98])).toMatchObject({ pages: 2, whole: true });
});

test('an older entry tells nothing where the list does not stand newest first, or says no times', async () => {
  expect(await reading([1, 2], [3, 120])).toMatchObject({ pages: 2 });
  expect(await reading([50, 50], [50, 120])).toMatchObject({ pages: 2 });
  expect(await reading([150, 120, 130, 99], [140])).toMatchObject({ pages: 2 });
});

test('a list without an end is given up, and that is said', async () => {
  const pages = Array.from({ length: 9 }, (_, n) => [200 + n]);
  expect(await reading(...pages)).toMatchObject({ pages: 5, whole: false });
});

test('a page that cannot be read is the answer', async () => {
  const failure = { kind: 'cannotTell', reason: 'HTTP 500' } as const;
  expect(
    await readSince<number, typeof failure>(
      async () => failure,
      (time) => time,
      FROM,
    ),
  ).toBe(failure);
});
