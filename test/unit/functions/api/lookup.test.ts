import { expect, it } from 'vitest';
import { brandRoutes } from '../../../../functions/api/brands.ts';
import { stores } from '../../../../shared/adapters/store/stores.ts';
import { memoryTable } from '../../../simulation/memory-table.ts';
import { apiWorld } from '../../../support/api-world.ts';

it('an id that no brand can have is unknown before the table is asked, which takes no key of more than 1,024 bytes', async () => {
  const inMemory = stores(memoryTable());
  const asked: string[] = [];
  const get: typeof inMemory.brands.get = async (agencyId, brandId) => {
    asked.push(brandId);
    return inMemory.brands.get(agencyId, brandId);
  };
  const { request } = await apiWorld({
    routes: brandRoutes,
    deps: { ...inMemory, brands: { ...inMemory.brands, get } },
  });
  for (const id of ['x'.repeat(1_100), 'brd_', 'BRD_00000000000000000000']) {
    expect((await request('GET', `/v1/brands/${id}`)).status).toBe(404);
  }
  expect(asked).toEqual([]);
});
