import { describe, expect, it } from 'vitest';
import { brandRoutes } from '../../../../functions/api/brands.ts';
import type { Post } from '../../../../shared/domain/post.ts';
import { HOUR } from '../../../../shared/domain/time.ts';
import { type ApiWorld, apiWorld } from '../../../support/api-world.ts';
import { aChannel, aDelivery, anId, aPost, MADE_AT } from '../../../support/builders.ts';

const bakery = { name: 'Bakery', timeZone: 'Europe/Berlin' };
const world = () => apiWorld({ routes: brandRoutes });

async function aBrandIn({ request }: ApiWorld, over: object = {}): Promise<string> {
  return (await request('POST', '/v1/brands', { body: { ...bakery, ...over } })).body.id;
}

/** Due in two hours; with `local`, promised in Berlin's time. */
async function aPostIn({ deps, agency }: ApiWorld, brandId: string, over: Partial<Post> = {}): Promise<Post> {
  const dueAt = MADE_AT + 2 * HOUR;
  const wall = { local: '2026-11-29T15:00', timeZone: 'Europe/Berlin' };
  const post = aPost({ agencyId: agency.id, brandId, deliveries: [aDelivery({ dueAt, wall })], ...over });
  await deps.posts.create(post);
  return post;
}

describe('adding a brand', () => {
  it('fills in what was not said, and tells where it is', async () => {
    const { request } = await world();
    const reply = await request('POST', '/v1/brands', { body: bakery });
    expect(reply.status).toBe(201);
    expect(reply.body).toMatchObject({
      ...bakery,
      locale: 'en',
      alerts: { recipients: [] },
      report: { weekday: 'monday', time: '08:00', recipients: [] },
      version: 1,
      createdAt: '2026-11-29T12:00:00Z',
      createdBy: { name: 'admin' },
    });
    expect(reply.body).not.toHaveProperty('agencyId');
    expect(reply.headers).toMatchObject({ location: `/v1/brands/${reply.body.id}`, etag: '"1"' });
    expect((await request('GET', `/v1/brands/${reply.body.id}`)).body).toEqual(reply.body);
  });

  it('arms the weekly report before the brand is there', async () => {
    const { deps, agency } = await world();
    const order: string[] = [];
    const { request, seen } = await apiWorld({
      routes: brandRoutes,
      deps: {
        scheduler: { ...deps.scheduler, armReport: async () => void order.push('armed') },
        brands: {
          ...deps.brands,
          create: async (brand) => {
            order.push('created');
            return deps.brands.create(brand);
          },
        },
      },
    });
    const { body } = await request('POST', '/v1/brands', { body: bakery });
    expect(order).toEqual(['armed', 'created']);
    expect(await deps.brands.get(agency.id, body.id)).toBeDefined();
    expect(seen.audit).toMatchObject([
      { act: 'brand.create', target: body.id, actor: { name: 'admin' }, data: { name: 'Bakery' } },
    ]);
  });

  it('is refused with the fields that are wrong, and changes nothing', async () => {
    const { request, seen } = await world();
    const reply = await request('POST', '/v1/brands', {
      body: { name: 'Bakery', timeZone: 'Berlin', zone: 1 },
    });
    expect(reply.status).toBe(422);
    expect(reply.body.findings).toMatchObject([
      {
        path: '/timeZone',
        rule: 'invalid_value',
        message: '“timeZone” must be an IANA time zone like Europe/Berlin.',
      },
      { path: '/zone', rule: 'unknown_field' },
    ]);
    expect(seen.reportsArmed).toEqual([]);
    expect((await request('GET', '/v1/brands')).body.items).toEqual([]);
  });

  it('is for admins whose key reaches the whole agency', async () => {
    const { request, addKey } = await world();
    await addKey('limited', { brandIds: [anId('brd')] });
    for (const key of ['editor', 'reader', 'limited']) {
      expect((await request('POST', '/v1/brands', { body: bakery, key })).status, key).toBe(403);
    }
  });
});

describe('reading brands', () => {
  it('lists them by name, and only those that the key reaches', async () => {
    const here = await world();
    const [zoo, , bar] = [
      await aBrandIn(here, { name: 'Zoo' }),
      await aBrandIn(here),
      await aBrandIn(here, { name: 'Bar' }),
    ];
    await here.addKey('limited', { scope: 'reader', brandIds: [zoo, bar] });
    const names = async (key: string) =>
      (await here.request('GET', '/v1/brands', { key })).body.items.map(({ name }: { name: string }) => name);
    expect(await names('reader')).toEqual(['Bakery', 'Bar', 'Zoo']);
    expect(await names('limited')).toEqual(['Bar', 'Zoo']);
  });

  it('answers the same for an unknown brand and for one out of reach', async () => {
    const here = await world();
    const id = await aBrandIn(here);
    await here.addKey('limited', { brandIds: [anId('brd', 'other')] });
    await here.addKey('stranger', { agencyId: anId('agy', 'other') });
    await here.deps.agencies.create({ ...here.agency, id: anId('agy', 'other') });
    const unknown = await here.request('GET', `/v1/brands/${anId('brd', 'nowhere')}`);
    expect(unknown.status).toBe(404);
    for (const key of ['limited', 'stranger']) {
      for (const method of ['GET', 'PATCH', 'DELETE']) {
        expect((await here.request(method, `/v1/brands/${id}`, { key })).body, method).toEqual(unknown.body);
      }
    }
  });
});

describe('changing a brand', () => {
  it('takes only what is named, and counts versions', async () => {
    const here = await world();
    const id = await aBrandIn(here, { latePolicy: { maxLate: 'PT2H', otherwise: 'hold' } });
    const reply = await here.request('PATCH', `/v1/brands/${id}`, {
      body: { report: { time: '07:30' }, latePolicy: null },
    });
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({
      name: 'Bakery',
      report: { weekday: 'monday', time: '07:30' },
      version: 2,
    });
    expect(reply.body).not.toHaveProperty('latePolicy');
    expect(reply.headers.etag).toBe('"2"');
    expect(here.seen.audit.at(-1)).toMatchObject({
      act: 'brand.update',
      target: id,
      data: { fields: ['latePolicy', 'report'] },
    });
  });

  it('is judged as a whole after merging', async () => {
    const here = await world();
    const id = await aBrandIn(here);
    const reply = await here.request('PATCH', `/v1/brands/${id}`, {
      body: { name: null, report: { recipients: [{ email: 'x' }] }, id: 'brd_mine' },
    });
    expect(reply.body.findings).toMatchObject([
      { rule: 'required', path: '/name' },
      { rule: 'invalid_value', path: '/report/recipients/0/email' },
      { rule: 'unknown_field', path: '/id' },
    ]);
    const misspelt = await here.request('PATCH', `/v1/brands/${id}`, { body: { latePolice: null } });
    expect(misspelt.body.findings).toMatchObject([{ rule: 'unknown_field', path: '/latePolice' }]);
    expect((await here.request('GET', `/v1/brands/${id}`)).body.version).toBe(1);
  });

  it('moves the weekly report only when its instant changes', async () => {
    const here = await world();
    const id = await aBrandIn(here);
    here.seen.reportsArmed.length = 0;
    await here.request('PATCH', `/v1/brands/${id}`, { body: { name: 'Bakery & Sons' } });
    expect(here.seen.reportsArmed).toEqual([]);
    await here.request('PATCH', `/v1/brands/${id}`, { body: { report: { weekday: 'friday' } } });
    await here.request('PATCH', `/v1/brands/${id}`, { body: { timeZone: 'Europe/Lisbon' } });
    expect(here.seen.reportsArmed).toMatchObject([
      { id, timeZone: 'Europe/Berlin', report: { weekday: 'friday' } },
      { id, timeZone: 'Europe/Lisbon', report: { weekday: 'friday' } },
    ]);
  });

  it('is stopped for who has read an older version', async () => {
    const here = await world();
    const id = await aBrandIn(here);
    const rename = (name: string, tag: string) =>
      here.request('PATCH', `/v1/brands/${id}`, { body: { name }, headers: { 'If-Match': tag } });
    expect((await rename('First', '"1"')).status).toBe(200);
    const late = await rename('Second', '"1"');
    expect(late).toMatchObject({ status: 412, body: { code: 'stale', etag: '"2"' } });
    expect((await here.request('GET', `/v1/brands/${id}`)).body.name).toBe('First');
  });

  it('that loses a race is refused, and the schedule follows the winner', async () => {
    const here = await world();
    const id = await aBrandIn(here);
    const { brands } = here.deps;
    const raced = {
      ...brands,
      replace: async (brand: Parameters<typeof brands.replace>[0], expected: number) => {
        const stored = await brands.get(brand.agencyId, brand.id);
        if (stored) await brands.replace({ ...stored, name: 'Winner' }, stored.version);
        return brands.replace(brand, expected);
      },
    };
    const loser = await apiWorld({ routes: brandRoutes, deps: { brands: raced } });
    const reply = await loser.request('PATCH', `/v1/brands/${id}`, {
      body: { report: { weekday: 'friday' } },
    });
    expect(reply.status).toBe(412);
    expect(loser.seen.reportsArmed.map(({ report }) => report.weekday)).toEqual(['friday', 'monday']);
  });

  it('to another zone asks what becomes of posts that were promised in local time', async () => {
    const here = await world();
    const id = await aBrandIn(here);
    const post = await aPostIn(here, id);
    const reply = await here.request('PATCH', `/v1/brands/${id}`, { body: { timeZone: 'America/New_York' } });
    expect(reply.status).toBe(409);
    expect(reply.body.posts).toMatchObject([
      {
        postId: post.id,
        local: '2026-11-29T15:00',
        timeZone: 'Europe/Berlin',
        dueAt: '2026-11-29T14:00:00Z',
      },
    ]);
    expect((await here.request('GET', `/v1/brands/${id}`)).body.timeZone).toBe('Europe/Berlin');
  });

  it.each([
    ['keep-instant', '2026-11-29T14:00:00.000Z'],
    ['keep-local', '2026-11-29T20:00:00.000Z'],
  ])('to another zone with %s moves them so', async (mode, instant) => {
    const here = await world();
    const id = await aBrandIn(here);
    const post = await aPostIn(here, id);
    const reply = await here.request('PATCH', `/v1/brands/${id}?reslot=${mode}`, {
      body: { timeZone: 'America/New_York' },
    });
    expect(reply).toMatchObject({ status: 200, body: { timeZone: 'America/New_York' } });
    const moved = await here.deps.posts.get(here.agency.id, post.id);
    expect(new Date(moved?.deliveries[0]?.dueAt ?? 0).toISOString()).toBe(instant);
  });
});

describe('deleting a brand', () => {
  it('takes its channels and its weekly report away', async () => {
    const here = await world();
    const id = await aBrandIn(here);
    const channel = aChannel({ agencyId: here.agency.id, brandId: id });
    await here.deps.channels.create(channel);
    expect(await here.request('DELETE', `/v1/brands/${id}`)).toMatchObject({ status: 204, text: '' });
    expect((await here.request('GET', `/v1/brands/${id}`)).status).toBe(404);
    expect(await here.deps.channels.get(here.agency.id, channel.id)).toBeUndefined();
    expect(here.seen.reportsDisarmed).toEqual([id]);
    expect(here.seen.audit.at(-1)).toMatchObject({
      act: 'brand.delete',
      target: id,
      data: { name: 'Bakery' },
    });
  });

  it('is refused while deliveries are open, and lists them', async () => {
    const here = await world();
    const id = await aBrandIn(here);
    const post = await aPostIn(here, id);
    const reply = await here.request('DELETE', `/v1/brands/${id}`);
    expect(reply).toMatchObject({
      status: 409,
      body: { code: 'conflict', deliveries: [`dlv_${post.id.slice(5)}_01`] },
    });
    expect((await here.request('GET', `/v1/brands/${id}`)).status).toBe(200);
    expect(here.seen.reportsDisarmed).toEqual([]);
  });

  it('cancels them when that is asked for', async () => {
    const here = await world();
    const id = await aBrandIn(here);
    const post = await aPostIn(here, id);
    expect((await here.request('DELETE', `/v1/brands/${id}?cancel=true`)).status).toBe(204);
    const stored = await here.deps.posts.get(here.agency.id, post.id);
    expect(stored?.deliveries.map(({ state }) => state)).toEqual(['cancelled']);
  });

  it('is refused in any case while something is publishing', async () => {
    const here = await world();
    const id = await aBrandIn(here);
    await aPostIn(here, id, {
      deliveries: [
        aDelivery({ state: 'publishing', dueAt: MADE_AT, claimedAt: MADE_AT, leaseUntil: MADE_AT + 75_000 }),
      ],
    });
    const reply = await here.request('DELETE', `/v1/brands/${id}?cancel=true`);
    expect(reply).toMatchObject({ status: 409, body: { deliveries: [expect.stringMatching(/^dlv_/)] } });
    expect((await here.request('GET', `/v1/brands/${id}`)).status).toBe(200);
  });
});
