import { describe, expect, it } from 'vitest';
import { type Route, route } from '../../../../functions/api/route.ts';
import { HOUR } from '../../../../shared/domain/time.ts';
import { type ApiWorldOptions, apiWorld } from '../../../support/api-world.ts';
import { anAgency, anId, MADE_AT } from '../../../support/builders.ts';

const scoped = (scope: Route['scope']): Route =>
  route({
    method: 'GET',
    path: `/for/${scope}`,
    operationId: scope,
    summary: '',
    tag: 'Test',
    scope,
    answers: { 200: null },
    handle: async ({ caller }) => ({
      status: 200,
      body: { agency: caller.agency.id, actor: caller.actor, brandIds: caller.brandIds },
    }),
  });

const world = (options: ApiWorldOptions = {}) =>
  apiWorld({ routes: [scoped('reader'), scoped('editor'), scoped('admin'), scoped('public')], ...options });

describe('a key', () => {
  it('opens what its scope includes and nothing more', async () => {
    const { request } = await world();
    const statuses = async (key: string) => {
      const replies = ['reader', 'editor', 'admin'].map((scope) => request('GET', `/for/${scope}`, { key }));
      return (await Promise.all(replies)).map(({ status }) => status);
    };
    expect(await statuses('reader')).toEqual([200, 403, 403]);
    expect(await statuses('editor')).toEqual([200, 200, 403]);
    expect(await statuses('admin')).toEqual([200, 200, 200]);
  });

  it('tells the route who calls, and for which brands', async () => {
    const { request, addKey, agency } = await world();
    const key = await addKey('limited', {
      scope: 'reader',
      actor: { name: 'Ines', email: 'ines@agency.example' },
      brandIds: [anId('brd', 'a')],
    });
    expect((await request('GET', '/for/reader', { key: 'limited' })).body).toEqual({
      agency: agency.id,
      actor: { keyId: key.id, name: 'Ines', email: 'ines@agency.example' },
      brandIds: [anId('brd', 'a')],
    });
  });

  it('is refused the same way whether missing, unknown, revoked or expired', async () => {
    const { request, addKey, time } = await world();
    await addKey('revoked', { revokedAt: MADE_AT });
    await addKey('expired', { expiresAt: time.now });
    const replies = await Promise.all(
      [null, 'unknown', 'revoked', 'expired'].map((key) => request('GET', '/for/reader', { key })),
    );
    const basic = await request('GET', '/for/reader', {
      key: null,
      headers: { authorization: 'Basic YTpi' },
    });
    const [first] = replies;
    expect(first).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer' },
      body: { code: 'unauthenticated' },
    });
    for (const reply of [...replies, basic]) expect(reply).toEqual(first);
  });

  it('works until the instant it expires', async () => {
    const { request, addKey, time } = await world();
    await addKey('short', { expiresAt: time.now + 1 });
    expect((await request('GET', '/for/reader', { key: 'short' })).status).toBe(200);
    time.now += 1;
    expect((await request('GET', '/for/reader', { key: 'short' })).status).toBe(401);
  });

  it('of an agency that is gone opens nothing', async () => {
    const { request, addKey } = await world();
    await addKey('orphan', { agencyId: anAgency({ id: anId('agy', 'gone') }).id });
    expect((await request('GET', '/for/reader', { key: 'orphan' })).status).toBe(401);
  });

  it('is not asked for where everybody may look', async () => {
    const { request } = await world();
    expect((await request('GET', '/for/public', { key: null })).status).toBe(200);
    expect((await request('GET', '/for/public?utm_source=mail', { key: null })).status).toBe(200);
  });

  it('has its last use noted at most twice a day', async () => {
    const { request, deps, agency, time } = await world();
    const lastUse = async () =>
      (await deps.agencies.keys(agency.id)).find(({ actor }) => actor.name === 'reader')?.lastUsedAt;
    await request('GET', '/for/reader', { key: 'reader' });
    expect(await lastUse()).toBe(MADE_AT);
    time.now += 12 * HOUR - 1;
    await request('GET', '/for/reader', { key: 'reader' });
    expect(await lastUse()).toBe(MADE_AT);
    time.now += 1;
    await request('GET', '/for/reader', { key: 'reader' });
    expect(await lastUse()).toBe(MADE_AT + 12 * HOUR);
  });

  it('opens the door even when its use cannot be noted', async () => {
    const { deps } = await world();
    const agencies = {
      ...deps.agencies,
      touchKey: async () => {
        throw new Error('throttled');
      },
    };
    const { request } = await world({ deps: { agencies } });
    expect((await request('GET', '/for/reader')).status).toBe(200);
  });

  it('that asks too often has to wait', async () => {
    const { request, time } = await world();
    const replies = await Promise.all(Array.from({ length: 201 }, () => request('GET', '/for/reader')));
    const refused = replies.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatchObject({
      headers: { 'retry-after': '1' },
      body: { code: 'too_many_requests' },
    });
    time.now += 1_000;
    expect((await request('GET', '/for/reader')).status).toBe(200);
  });
});
