import { expect, test } from 'vitest';
import { makeDocs } from '../../functions/api/build-docs.ts';
import { routes } from '../../functions/api/routes.ts';
import { checkTenants } from './tenants.ts';
import { OTHER_AGENCY } from './two-tenants.ts';

const { document } = makeDocs();

test('another tenant’s ids, cursors and bodies are answered like those of nobody, on every route', async () => {
  const { examples, ...result } = await checkTenants(document, { requests: 3_000, seed: 1 });
  expect(examples).toEqual([]);
  expect(result).toMatchObject({ holds: true, requests: 3_000, routes: routes.length });
  // A check whose requests are all refused at the door would see nothing.
  expect(result.byStatus[200]).toBeGreaterThan(300);
  expect(result.byStatus[201]).toBeGreaterThan(10);
}, 120_000);

test('a store that looks into another agency is found by its bytes, its answers and its reads', async () => {
  const result = await checkTenants(document, {
    requests: 500,
    seed: 1,
    spoil: (sound) => ({
      ...sound,
      channels: {
        ...sound.channels,
        get: async (agencyId, id) =>
          (await sound.channels.get(agencyId, id)) ?? (await sound.channels.get(OTHER_AGENCY, id)),
      },
    }),
  });
  expect(result.holds).toBe(false);
  expect(result.leaks).toBeGreaterThan(0);
  expect(result.differences).toBeGreaterThan(0);
  expect(result.touches).toBeGreaterThan(0);
});
