import { describe, expect, test } from 'vitest';
import { appRoutes } from '../../../../functions/api/apps.ts';
import { strayId } from '../../../support/api-steps.ts';
import { apiWorld, fakeProvider } from '../../../support/api-world.ts';
import { OAUTH_APP, oauthProvider } from '../../../support/fake-networks/oauth.ts';

const setup = () =>
  apiWorld({
    routes: appRoutes,
    providers: [fakeProvider(), oauthProvider('https://network.example')],
  });
const redirectUri = 'https://api.agency.example/v1/connect/callback';

describe('the agency’s apps', () => {
  test('are shown without their secrets, with the address to register', async () => {
    const world = await setup();
    expect((await world.request('GET', '/v1/apps')).body).toEqual({ items: [], redirectUri });
    const set = await world.request('PUT', '/v1/apps/oauthnet', { body: OAUTH_APP });
    expect(set.status).toBe(200);
    expect(set.body).toMatchObject({ network: 'oauthnet', clientId: OAUTH_APP.clientId, redirectUri });
    const list = await world.request('GET', '/v1/apps');
    expect(list.body.items).toEqual([set.body]);
    expect(set.text + list.text).not.toContain(OAUTH_APP.clientSecret);
    expect(JSON.stringify(world.seen.audit)).not.toContain(OAUTH_APP.clientSecret);
    expect(world.seen.audit).toMatchObject([{ act: 'app.set', target: 'oauthnet' }]);
  });

  test('that hold fewer permissions say which, and logins ask for no others', async () => {
    const world = await setup();
    const scopes = ['openid', 'w_member_social'];
    const set = await world.request('PUT', '/v1/apps/oauthnet', { body: { ...OAUTH_APP, scopes } });
    expect(set.body).toMatchObject({ scopes });
    const again = await world.request('PUT', '/v1/apps/oauthnet', { body: OAUTH_APP });
    expect(again.body).not.toHaveProperty('scopes');
    for (const bad of [[], ['two words'], ['']]) {
      const body = { ...OAUTH_APP, scopes: bad };
      expect((await world.request('PUT', '/v1/apps/oauthnet', { body })).status).toBe(422);
    }
  });

  test('are replaced by setting them again, and forgotten when deleted', async () => {
    const world = await setup();
    await world.request('PUT', '/v1/apps/oauthnet', { body: OAUTH_APP });
    await world.request('PUT', '/v1/apps/oauthnet', { body: { ...OAUTH_APP, clientId: 'second' } });
    expect((await world.request('GET', '/v1/apps')).body.items).toMatchObject([{ clientId: 'second' }]);
    expect((await world.request('DELETE', '/v1/apps/oauthnet')).status).toBe(204);
    expect((await world.request('DELETE', '/v1/apps/oauthnet')).status).toBe(404);
    // No sort key of DynamoDB's has room for that name: it must not be asked.
    const long = await world.request('DELETE', `/v1/apps/${'x'.repeat(1_025)}`);
    expect(long.body.detail).toBe('There is no such app.');
    expect((await world.request('GET', '/v1/apps')).body.items).toEqual([]);
  });

  test('are only for networks that one logs in at', async () => {
    const world = await setup();
    const plain = await world.request('PUT', '/v1/apps/fakenet', { body: OAUTH_APP });
    expect(plain.status).toBe(422);
    expect(plain.body.findings).toMatchObject([{ rule: 'login_unsupported', path: '/network' }]);
    const unknown = await world.request('PUT', '/v1/apps/elsewhere', { body: OAUTH_APP });
    expect(unknown.body.findings).toMatchObject([{ rule: 'unknown_network' }]);
    const half = await world.request('PUT', '/v1/apps/oauthnet', { body: { clientId: 'x' } });
    expect(half.body.findings).toMatchObject([{ rule: 'required', path: '/clientSecret' }]);
  });

  test('are the business of admins of the whole agency', async () => {
    const world = await setup();
    await world.addKey('elsewhere', { scope: 'admin', brandIds: [strayId('brd')] });
    for (const key of ['editor', 'elsewhere']) {
      expect((await world.request('GET', '/v1/apps', { key })).status, key).toBe(403);
      expect((await world.request('PUT', '/v1/apps/oauthnet', { key, body: OAUTH_APP })).status, key).toBe(
        403,
      );
      expect((await world.request('DELETE', '/v1/apps/oauthnet', { key })).status, key).toBe(403);
    }
  });
});
