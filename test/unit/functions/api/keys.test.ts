import { describe, expect, it } from 'vitest';
import { keyRoutes } from '../../../../functions/api/keys.ts';
import { sha256 } from '../../../../shared/domain/ids.ts';
import { apiWorld } from '../../../support/api-world.ts';
import { aBrand, anId } from '../../../support/builders.ts';

const world = () => apiWorld({ routes: keyRoutes });
const ines = { actor: { name: 'Ines', email: 'ines@agency.example' }, scope: 'editor' };

describe('making a key', () => {
  it('shows its secret once, and stores only its hash', async () => {
    const { request, deps, agency, seen } = await world();
    const made = await request('POST', '/v1/keys', { body: ines });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ ...ines, createdBy: { name: 'admin' } });
    const { secret, id } = made.body;
    expect(secret).toMatch(/^sp_[\w-]{43}$/);
    expect((await deps.agencies.keyByHash(sha256(secret)))?.id).toBe(id);
    const listed = await request('GET', '/v1/keys');
    expect(listed.body.items.map((key: { id: string }) => key.id)).toContain(id);
    expect(listed.text).not.toContain(secret);
    expect(listed.text).not.toContain(sha256(secret));
    expect(JSON.stringify(await deps.agencies.keys(agency.id))).not.toContain(secret);
    expect(JSON.stringify(seen.audit)).not.toContain(secret);
    expect(seen.audit).toMatchObject([
      { act: 'key.create', target: id, data: { name: 'Ines', scope: 'editor' } },
    ]);
  });

  it('makes one that works at once, as who it belongs to', async () => {
    const { request, agency } = await world();
    const { secret, id } = (await request('POST', '/v1/keys', { body: ines })).body;
    expect((await request('GET', '/v1/me', { key: secret })).body).toEqual({
      agency: { id: agency.id, name: agency.name },
      actor: { keyId: id, ...ines.actor },
      scope: 'editor',
    });
  });

  it('may limit it to brands that there are, and to a time to come', async () => {
    const { request, deps, agency } = await world();
    const brand = aBrand({ agencyId: agency.id });
    await deps.brands.create(brand);
    const good = await request('POST', '/v1/keys', {
      body: { ...ines, brandIds: [brand.id, brand.id], expiresAt: '2026-12-24T18:00:00+01:00' },
    });
    expect(good.body).toMatchObject({ brandIds: [brand.id], expiresAt: '2026-12-24T17:00:00Z' });
    const bad = await request('POST', '/v1/keys', {
      body: { ...ines, brandIds: [brand.id, anId('brd', 'nowhere')], expiresAt: '2026-11-29T12:00:00Z' },
    });
    expect(bad.status).toBe(422);
    expect(bad.body.findings).toMatchObject([
      { rule: 'time_past', path: '/expiresAt' },
      { rule: 'unknown_brand', path: '/brandIds/1' },
    ]);
  });

  it('is for admins of the whole agency', async () => {
    const { request, addKey } = await world();
    await addKey('limited', { brandIds: [anId('brd')] });
    for (const key of ['editor', 'reader', 'limited']) {
      expect((await request('POST', '/v1/keys', { body: ines, key })).status, key).toBe(403);
      expect((await request('GET', '/v1/keys', { key })).status, key).toBe(403);
    }
  });
});

describe('revoking a key', () => {
  it('ends it at once and keeps it in the list', async () => {
    const { request } = await world();
    const { secret, id } = (await request('POST', '/v1/keys', { body: ines })).body;
    expect((await request('DELETE', `/v1/keys/${id}`)).status).toBe(204);
    expect((await request('GET', '/v1/me', { key: secret })).status).toBe(401);
    const { items } = (await request('GET', '/v1/keys')).body;
    expect(items.find((key: { id: string }) => key.id === id)).toMatchObject({
      revokedAt: '2026-11-29T12:00:00Z',
    });
    expect((await request('DELETE', `/v1/keys/${id}`)).status).toBe(204);
  });

  it('is refused for the last admin key', async () => {
    const { request, deps, agency, addKey } = await world();
    await addKey('limited', { brandIds: [anId('brd')] });
    await addKey('past', { expiresAt: 1 });
    const own = (await deps.agencies.keys(agency.id)).find(({ actor }) => actor.name === 'admin');
    const reply = await request('DELETE', `/v1/keys/${own?.id}`);
    expect(reply).toMatchObject({ status: 409, body: { code: 'conflict' } });
    await addKey('second');
    expect((await request('DELETE', `/v1/keys/${own?.id}`)).status).toBe(204);
    expect((await request('GET', '/v1/me')).status).toBe(401);
  });

  it('of another agency is as unknown as any', async () => {
    const { request, addKey } = await world();
    const other = await addKey('stranger', { agencyId: anId('agy', 'other') });
    const [there, nowhere] = [
      await request('DELETE', `/v1/keys/${other.id}`),
      await request('DELETE', `/v1/keys/${anId('key', 'nowhere')}`),
    ];
    expect(there.status).toBe(404);
    expect(there.body).toEqual(nowhere.body);
  });
});
