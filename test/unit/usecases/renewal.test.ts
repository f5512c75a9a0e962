import { describe, expect, test } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../../shared/domain/time.ts';
import { markExpired } from '../../../shared/usecases/mark-expired.ts';
import { renewDue } from '../../../shared/usecases/renew-channel.ts';
import { usableChannel } from '../../../shared/usecases/usable-channel.ts';
import { aDelivery, aPost, MADE_AT } from '../../support/builders.ts';
import { messagesOf, renewingWorld as setup } from '../../support/connecting.ts';
import type { Received } from '../../support/fake-networks/server.ts';

const isToken = ({ url }: Received): boolean => url.pathname === '/token';

describe('the renewal job', () => {
  test('finds a channel in the middle of its login’s life, and not before', async () => {
    const it = await setup();
    it.pass(HOUR - 1);
    expect(await renewDue(it.world.deps)).toBe(0);
    it.pass(1);
    expect(await renewDue(it.world.deps)).toBe(1);
    expect(messagesOf(it)).toEqual([
      { kind: 'channel', agencyId: it.channel.agencyId, channelId: it.channel.id },
    ]);
  });

  test('puts the new tokens in their place and looks again in the middle of their life', async () => {
    const it = await setup();
    it.pass(HOUR);
    await it.renew();
    expect(await it.credentialOf(it.channel.id)).toMatchObject({
      accessToken: 'access-3',
      refreshToken: 'refresh-3',
    });
    const now = it.world.time.now;
    expect(await it.present()).toMatchObject({
      health: 'connected',
      ends: { at: now + 2 * HOUR, renews: true },
      renewAt: now + HOUR,
    });
    await it.renew();
    expect([it.renewals(), await renewDue(it.world.deps), it.told()]).toEqual([1, 0, []]);
    it.pass(HOUR);
    await it.renew();
    expect(it.renewals()).toBe(2);
  });

  test('renews once, however often it is asked at once', async () => {
    const it = await setup();
    it.pass(HOUR);
    await Promise.all(Array.from({ length: 20 }, () => it.renew()));
    expect(it.renewals()).toBe(1);
  });

  test('expires a channel whose rights are gone, and tells people once', async () => {
    const it = await setup();
    it.pass(HOUR);
    it.network.revoke();
    await it.renew();
    await it.renew();
    expect(await it.present()).toMatchObject({ health: 'expired' });
    expect([it.told(), it.alerts(), await renewDue(it.world.deps)]).toEqual([['channel.expired'], 1, 0]);
  });

  test('goes on with a login that still works though it cannot be renewed, until it ends', async () => {
    const it = await setup();
    it.pass(HOUR);
    it.network.fault({ kind: 'answer', status: 400, body: { error: 'invalid_grant' } }, isToken);
    await it.renew();
    expect(await it.present()).toMatchObject({ health: 'expiring', ends: { renews: false } });
    expect(it.told()).toEqual(['channel.expiring']);
    expect(await renewDue(it.world.deps)).toBe(0);
    it.pass(HOUR);
    expect(await renewDue(it.world.deps)).toBe(1);
    await it.renew();
    expect((await it.present()).health).toBe('expired');
    expect([it.told(), it.renewals()]).toEqual([['channel.expiring', 'channel.expired'], 1]);
  });

  test('comes again to a network that is away, warns towards the end, and takes the warning back', async () => {
    const it = await setup();
    it.pass(HOUR);
    const away = () => it.network.fault({ kind: 'answer', status: 503 }, isToken);
    away();
    await it.renew();
    expect([(await it.present()).health, await renewDue(it.world.deps)]).toEqual(['connected', 1]);
    it.pass(31 * MINUTE);
    away();
    await it.renew();
    away();
    await it.renew();
    expect((await it.present()).health).toBe('expiring');
    expect(it.told()).toEqual(['channel.expiring']);
    await it.renew();
    const after = await it.present();
    expect([after.health, after.healthReason]).toEqual(['connected', undefined]);
  });

  test('says that only people help as soon as that is known, also behind an earlier warning', async () => {
    const it = await setup();
    it.pass(91 * MINUTE);
    it.network.fault({ kind: 'answer', status: 503 }, isToken);
    await it.renew();
    expect((await it.present()).healthReason).toContain('could not be renewed yet');
    it.network.fault({ kind: 'answer', status: 400, body: { error: 'invalid_grant' } }, isToken);
    await it.renew();
    const after = await it.present();
    expect(after.healthReason).toContain('must be made again by a person');
    expect([after.health, after.ends?.renews, it.told()]).toEqual(['expiring', false, ['channel.expiring']]);
  });

  test('does not take a missing app for the end of the login', async () => {
    const it = await setup();
    await it.world.request('DELETE', '/v1/apps/oauthnet');
    it.pass(HOUR);
    await it.renew();
    expect([(await it.present()).health, it.renewals()]).toEqual(['connected', 0]);
  });

  test('tells people a week ahead when only they can renew it', async () => {
    const it = await setup({
      lasts: 60 * DAY,
      provider: { renewal: { expiresAt: ({ expiresAt }) => Date.parse(expiresAt) } },
    });
    it.pass(53 * DAY - 1);
    expect(await renewDue(it.world.deps)).toBe(0);
    it.pass(1);
    expect(await renewDue(it.world.deps)).toBe(1);
    await it.renew();
    await it.renew();
    expect([it.told(), it.alerts(), await renewDue(it.world.deps)]).toEqual([['channel.expiring'], 1, 0]);
    const attention = await it.world.request('GET', '/v1/attention');
    const ofChannels = attention.body.items.filter((item: { channelId?: string }) => item.channelId);
    expect(ofChannels).toMatchObject([{ code: 'channel_expiring', channelId: it.channel.id }]);
    it.pass(7 * DAY);
    await it.renew();
    expect(it.told()).toEqual(['channel.expiring', 'channel.expired']);
  });

  test('tells people a week ahead of the end that no renewal moves, as LinkedIn’s after a year', async () => {
    const it = await setup({ lasts: 60 * DAY, until: MADE_AT + 365 * DAY });
    for (let turns = 0; turns < 20; turns++) {
      const { renewAt = 0, health } = await it.present();
      if (health !== 'connected') break;
      it.world.time.now = Math.max(renewAt, it.world.time.now);
      await it.renew();
    }
    expect(it.world.time.now).toBe(MADE_AT + 358 * DAY);
    expect(await it.present()).toMatchObject({
      health: 'expiring',
      ends: { at: MADE_AT + 365 * DAY, renews: false },
    });
    expect([it.told(), it.alerts(), await renewDue(it.world.deps)]).toEqual([['channel.expiring'], 1, 0]);
    const renewals = it.renewals();
    it.pass(7 * DAY);
    await it.renew();
    expect([it.told(), it.renewals()]).toEqual([['channel.expiring', 'channel.expired'], renewals]);
  });
});

describe('a login that has ended unnoticed', () => {
  test('is renewed by whoever uses the channel: twenty at once make one token request', async () => {
    const it = await setup();
    it.pass(3 * HOUR);
    const used = await Promise.all(Array.from({ length: 20 }, () => it.use()));
    expect(it.renewals()).toBe(1);
    const { credential } = await it.present();
    expect(used.every(({ channel, failure }) => channel.credential === credential && !failure)).toBe(true);
  });

  test('is not renewed again by who has read the channel before', async () => {
    const it = await setup();
    it.pass(3 * HOUR);
    await it.use();
    const late = await usableChannel(it.world.deps, it.world.agency, it.channel);
    expect([late.channel, it.renewals()]).toEqual([await it.present(), 1]);
  });

  test('is left alone while it lasts', async () => {
    const it = await setup();
    it.pass(HOUR);
    const { channel } = await it.use();
    expect([channel, it.renewals()]).toEqual([it.channel, 0]);
  });

  test('is no end of the channel while the network is away', async () => {
    const it = await setup();
    it.pass(3 * HOUR);
    it.network.fault({ kind: 'answer', status: 503 }, isToken);
    expect((await it.use()).failure).toMatchObject({ kind: 'unavailable' });
    expect((await it.use()).failure).toBeUndefined();
  });

  test('is verified by the API with the new one', async () => {
    const it = await setup();
    it.pass(3 * HOUR);
    const reply = await it.world.request('POST', `/v1/channels/${it.channel.id}/verify`);
    expect(reply.body).toMatchObject({ result: 'verified', health: 'connected', version: 2 });
  });

  test('is renewed when an expired channel is verified, and what was held goes on', async () => {
    const it = await setup();
    // A network's passing refusal: the refresh token is as good as before.
    await markExpired(it.world.deps, await it.present(), 'token refused');
    const held = aPost({
      agencyId: it.world.agency.id,
      deliveries: [
        aDelivery({
          channelId: it.channel.id,
          network: 'oauthnet',
          state: 'held',
          holds: [{ code: 'channel_expired', by: 'system', since: it.world.time.now }],
          dueAt: it.world.time.now + 3 * HOUR,
        }),
      ],
      attentionAt: it.world.time.now + 3 * HOUR,
    });
    await it.world.deps.posts.create(held);
    it.pass(3 * HOUR);
    const verify = () => it.world.request('POST', `/v1/channels/${it.channel.id}/verify`);
    expect((await verify()).body).toMatchObject({ result: 'verified', health: 'connected' });
    const post = await it.world.deps.posts.get(it.world.agency.id, held.id);
    expect([post?.deliveries[0]?.state, it.told()]).toEqual(['scheduled', ['channel.expired']]);
    expect(it.renewals()).toBe(1);
    // Where nothing is left of the login, it stays as it was, and nobody is told again.
    await markExpired(it.world.deps, await it.present(), 'token refused');
    it.network.revoke();
    it.pass(3 * HOUR);
    expect((await verify()).body).toMatchObject({ result: 'refused', health: 'expired' });
    expect(it.told()).toEqual(['channel.expired', 'channel.expired']);
  });
});
