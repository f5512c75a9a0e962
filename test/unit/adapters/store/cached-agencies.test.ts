import { expect, test } from 'vitest';
import { cachedAgencies } from '../../../../shared/adapters/store/cached-agencies.ts';
import { stores } from '../../../../shared/adapters/store/stores.ts';
import { memoryTable } from '../../../simulation/memory-table.ts';
import { anAgency } from '../../../support/builders.ts';

test('an agency is read once an hour; one that is not there is asked for again', async () => {
  let now = 0;
  let reads = 0;
  const { agencies } = stores(memoryTable());
  const counted = {
    ...agencies,
    get: async (id: string) => {
      reads += 1;
      return agencies.get(id);
    },
  };
  const cached = cachedAgencies(counted, () => now);
  const agency = anAgency();
  expect(await cached.get(agency.id)).toBeUndefined();
  await cached.create(agency);
  expect(await cached.get(agency.id)).toEqual(agency);
  reads = 0;
  await cached.get(agency.id);
  now = 3_599_999;
  await cached.get(agency.id);
  const readWithin = reads;
  now = 3_700_000;
  await cached.get(agency.id);
  expect([readWithin, reads]).toEqual([0, 1]);
});
