import { describe, expect, test } from 'vitest';
import { MINUTE } from '../../../../shared/domain/time.ts';
import { strayId } from '../../../support/api-steps.ts';
import { aDelivery, aPost } from '../../../support/builders.ts';
import { connectingWorld } from '../../../support/connecting.ts';

const tokenIn = (page: { text: string }): string => /name="token" value="([^"]+)"/.exec(page.text)?.[1] ?? '';

describe('choosing among several accounts', () => {
  const several = async () => {
    const it = await connectingWorld();
    await it.setApp();
    return { ...it, ...(await it.dance(['bakery', 'café "x"', 'florist'])) };
  };

  test('by a button of the page connects that one', async () => {
    const { world, page, press, login, credentialOf } = await several();
    expect(page.status).toBe(200);
    expect(page.text).toContain('value="café &quot;x&quot;"');
    expect(page.text).not.toContain('access-');
    const done = await press({ token: tokenIn(page), choice: 'florist' });
    expect([done.status, done.text.includes('@florist')]).toEqual([200, true]);
    const status = (await world.request('GET', `/v1/connect/${login.id}`)).body;
    expect(status).toMatchObject({ status: 'connected' });
    expect(status.choices).toBeUndefined();
    expect(await credentialOf(status.channelId)).toMatchObject({ accountId: 'florist' });
    const stored = await world.deps.logins.get(world.agency.id, login.id);
    expect(stored?.credentials).toBeUndefined();
  });

  test('takes the token of the page once, and no other', async () => {
    const { press, page, world, brand } = await several();
    const token = tokenIn(page);
    expect((await press({ token: `${token.slice(0, -1)}x`, choice: 'bakery' })).status).toBe(409);
    expect((await press({ token: 'x', choice: 'bakery' })).status).toBe(404);
    expect((await press({ token, choice: 'nobody' })).status).toBe(422);
    const replies = await Promise.all([
      press({ token, choice: 'bakery' }),
      press({ token, choice: 'florist' }),
    ]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await world.deps.channels.list(world.agency.id, brand.id)).toHaveLength(1);
  });

  test('by the API works the same, for those who may see the login', async () => {
    const { world, login, status } = await several();
    expect(status).toMatchObject({
      status: 'choosing',
      choices: [{ id: 'bakery' }, { id: 'café "x"' }, { id: 'florist' }],
    });
    await world.addKey('elsewhere', { scope: 'admin', brandIds: [strayId('brd')] });
    const path = `/v1/connect/${login.id}`;
    expect((await world.request('GET', path, { key: 'elsewhere' })).status).toBe(404);
    expect((await world.request('GET', path, { key: 'editor' })).status).toBe(403);
    expect((await world.request('GET', `/v1/connect/${strayId('lgn')}`)).status).toBe(404);
    const wrong = await world.request('POST', `${path}/choose`, { body: { choice: 'nobody' } });
    expect(wrong.body.findings).toMatchObject([{ rule: 'unknown_choice', path: '/choice' }]);
    const done = await world.request('POST', `${path}/choose`, { body: { choice: 'bakery' } });
    expect([done.status, done.body.account.id]).toEqual([200, 'bakery']);
    expect((await world.request('POST', `${path}/choose`, { body: { choice: 'florist' } })).status).toBe(409);
  });

  test('works for a login that may post as thousands', async () => {
    const { world, setApp, dance, press, credentialOf } = await connectingWorld();
    await setApp();
    const accounts = Array.from({ length: 2_000 }, (_, n) => `the-bakery-with-a-long-name-number-${n}`);
    const { login, page, status } = await dance(accounts);
    expect([page.status, status.choices.length]).toEqual([200, 2_000]);
    const stored = await world.deps.logins.get(world.agency.id, login.id);
    // Of DynamoDB's 400 KB an item; the accounts themselves are packed beside it.
    expect(stored?.credentials?.length).toBeLessThan(280_000);
    await press({ token: tokenIn(page), choice: accounts[1_234] ?? '' });
    const { channelId } = (await world.request('GET', `/v1/connect/${login.id}`)).body;
    expect(await credentialOf(channelId)).toMatchObject({
      accountId: accounts[1_234],
      refreshToken: 'refresh-2',
    });
  });

  test('one that is refused leaves the others, until the login is over', async () => {
    const it = await connectingWorld();
    await it.setApp();
    await it.dance(['bakery']);
    const { login, page } = await it.dance(['bakery', 'florist']);
    const choose = (choice: string) =>
      it.world.request('POST', `/v1/connect/${login.id}/choose`, { body: { choice } });
    const token = tokenIn(page);
    expect((await it.press({ token, choice: 'bakery' })).status).toBe(409);
    expect((await it.press({ token, choice: 'florist' })).status).toBe(409);
    expect((await choose('florist')).status).toBe(200);
    const late = await it.dance(['bakery', 'cafe']);
    it.world.time.now += 15 * MINUTE;
    expect((await it.press({ token: tokenIn(late.page), choice: 'cafe' })).status).toBe(409);
  });
});

describe('connecting a channel again', () => {
  test('gives it the new login and lets go what waited for it', async () => {
    const { world, connected, dance, credentialOf, network } = await connectingWorld();
    const channel = await connected();
    await world.deps.channels.replace({ ...channel, health: 'expired', healthReason: 'revoked' }, 1);
    const held = aPost({
      agencyId: world.agency.id,
      deliveries: [
        aDelivery({
          channelId: channel.id,
          network: 'oauthnet',
          state: 'held',
          holds: [{ code: 'channel_expired', by: 'system', since: world.time.now }],
          dueAt: world.time.now - MINUTE,
        }),
      ],
      attentionAt: world.time.now - MINUTE,
    });
    await world.deps.posts.create(held);
    const { page, status } = await dance(['florist', 'bakery'], { reconnect: channel.id });
    expect(page.status).toBe(200);
    expect(status).toMatchObject({ status: 'connected', channelId: channel.id });
    expect(await credentialOf(channel.id)).toMatchObject({ accountId: 'bakery', accessToken: 'access-4' });
    const after = await world.deps.channels.get(world.agency.id, channel.id);
    expect(after).toMatchObject({ health: 'connected' });
    expect(after?.healthReason).toBeUndefined();
    const post = await world.deps.posts.get(world.agency.id, held.id);
    expect(post?.deliveries[0]?.state).toBe('scheduled');
    expect(network.tokenRequests()).toHaveLength(2);
  });

  test('with a login of another account is refused and changes nothing', async () => {
    const { world, connected, dance } = await connectingWorld();
    const channel = await connected();
    const { page } = await dance(['florist'], { reconnect: channel.id });
    expect([page.status, page.text.includes('another account')]).toEqual([409, true]);
    expect(await world.deps.channels.get(world.agency.id, channel.id)).toEqual(channel);
  });
});
