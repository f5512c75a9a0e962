import { expect, test } from 'vitest';
import { ROUTE_FILES } from '../../../../functions/api/route-files.ts';

test.each(ROUTE_FILES)(
  'the file that answers $paths.0 answers just the addresses that are told of it',
  async ({ paths, read }) => {
    const answered = new Set((await read()).map(({ path }) => path));
    expect([...answered].sort()).toEqual([...paths].sort());
  },
);
