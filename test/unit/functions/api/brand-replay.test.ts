import { describe, expect, it } from 'vitest';
import { brandRoutes } from '../../../../functions/api/brands.ts';
import { type ApiWorld, apiWorld } from '../../../support/api-world.ts';
import { anId } from '../../../support/builders.ts';

const bakery = { name: 'Bakery', timeZone: 'Europe/Berlin' };
const world = () => apiWorld({ routes: brandRoutes });

describe('adding a brand with an Idempotency-Key', () => {
  const headers = { 'idempotency-key': 'bakery-1' };
  const add = ({ request }: ApiWorld, over: object = {}, key = 'admin') =>
    request('POST', '/v1/brands', { body: { ...bakery, ...over }, headers, key });

  it('makes one however often it is sent, and answers it as it is now', async () => {
    const here = await world();
    const first = await add(here);
    expect(first.headers['idempotent-replayed']).toBeUndefined();
    const { body: renamed } = await here.request('PATCH', `/v1/brands/${first.body.id}`, {
      body: { name: 'Bakery & Sons', report: { weekday: 'friday' } },
    });
    const again = await add(here);
    expect(again).toMatchObject({ status: 201, headers: { 'idempotent-replayed': 'true', etag: '"2"' } });
    expect(again.body).toEqual(renamed);
    expect(again.body).not.toHaveProperty('requestHash');
    expect((await here.request('GET', '/v1/brands')).body.items).toHaveLength(1);
    expect(here.seen.reportsArmed.map(({ report }) => report.weekday)).toEqual(['monday', 'friday']);
    expect(here.seen.audit.map(({ act }) => act)).toEqual(['brand.create', 'brand.update']);
  });

  it('refuses the key with another body, and a key of another form', async () => {
    const here = await world();
    const first = await add(here);
    expect(await add(here, { name: 'Zoo' })).toMatchObject({
      status: 422,
      body: { code: 'key_reused', brandId: first.body.id },
    });
    const odd = { 'idempotency-key': 'bäckerei' };
    expect((await here.request('POST', '/v1/brands', { body: bakery, headers: odd })).status).toBe(422);
  });

  it('means something else in another agency', async () => {
    const here = await world();
    await here.addKey('stranger', { agencyId: anId('agy', 'other') });
    await here.deps.agencies.create({ ...here.agency, id: anId('agy', 'other') });
    const [ours, theirs] = [await add(here), await add(here, {}, 'stranger')];
    expect(theirs.headers['idempotent-replayed']).toBeUndefined();
    expect(theirs.body.id).not.toBe(ours.body.id);
  });

  it('that meets itself answers the brand that was faster, whose schedule stands', async () => {
    const here = await world();
    const { brands } = here.deps;
    const raced = await apiWorld({
      routes: brandRoutes,
      deps: {
        brands: {
          ...brands,
          create: async (brand) => {
            await brands.create({ ...brand, createdAt: brand.createdAt - 1 });
            return brands.create(brand);
          },
        },
      },
    });
    const reply = await add(raced);
    expect(reply).toMatchObject({ status: 201, headers: { 'idempotent-replayed': 'true' } });
    expect((await raced.request('GET', '/v1/brands')).body.items).toEqual([reply.body]);
    expect(raced.seen.reportsArmed).toHaveLength(2);
  });
});
