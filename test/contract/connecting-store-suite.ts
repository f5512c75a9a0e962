import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { stores } from '../../shared/adapters/store/stores.ts';
import type { Table } from '../../shared/adapters/store/table.ts';
import type { PendingLogin } from '../../shared/domain/login.ts';
import type { NetworkApp } from '../../shared/domain/network-app.ts';
import { DAY, MINUTE } from '../../shared/domain/time.ts';
import { aChannel, anActor, anId, MADE_AT } from '../support/builders.ts';
import { repeating } from '../support/faulty-table.ts';

const agy = anId('agy');
const other = anId('agy', 'other');

const anApp = (over: Partial<NetworkApp> = {}): NetworkApp => ({
  agencyId: agy,
  network: 'oauthnet',
  clientId: 'app',
  clientSecret: 'sealed',
  setAt: MADE_AT,
  setBy: anActor(),
  ...over,
});

const aLogin = (over: Partial<PendingLogin> = {}): PendingLogin => ({
  id: anId('lgn'),
  agencyId: agy,
  brandId: anId('brd'),
  network: 'oauthnet',
  options: {},
  shared: false,
  redirectUri: 'https://api.agency.example/v1/connect/callback',
  verifier: 'sealed',
  status: 'waiting',
  version: 1,
  startedAt: MADE_AT,
  startedBy: anActor(),
  expiresAt: MADE_AT + 15 * MINUTE,
  ...over,
});

/** What the stores promise that connecting and renewing stand on. */
export function testConnectingStores(name: string, make: () => Promise<Table>): void {
  const setup = async () => stores(await make());
  const repeated = async () => stores(repeating(await make()));

  describe(`${name}: apps and logins`, () => {
    it('keeps one app for each network of an agency', async () => {
      const { apps } = await setup();
      await apps.put(anApp({ network: 'zeta' }));
      await apps.put(anApp());
      await apps.put(anApp({ clientId: 'second' }));
      await apps.put(anApp({ agencyId: other, clientId: 'theirs' }));
      expect(await apps.get(agy, 'oauthnet')).toEqual(anApp({ clientId: 'second' }));
      expect((await apps.list(agy)).map(({ network }) => network)).toEqual(['oauthnet', 'zeta']);
      await apps.delete(agy, 'oauthnet');
      await apps.delete(agy, 'oauthnet');
      expect(await apps.get(agy, 'oauthnet')).toBeUndefined();
      expect(await apps.get(other, 'oauthnet')).toMatchObject({ clientId: 'theirs' });
    });

    it('lets one of many take a login, also when the SDK repeats the write', async () => {
      for (const { logins } of [await setup(), await repeated()]) {
        await logins.create(aLogin());
        expect(await logins.get(agy, aLogin().id)).toEqual(aLogin());
        expect(await logins.get(other, aLogin().id)).toBeUndefined();
        const taken = await Promise.all(
          Array.from({ length: 8 }, () => logins.replace(aLogin({ status: 'exchanging' }), 1)),
        );
        expect(taken.filter(Boolean)).toEqual([aLogin({ status: 'exchanging', version: 2 })]);
      }
    });

    it('keeps a login that may post as 2,000 accounts', async () => {
      const { logins } = await setup();
      await logins.create(aLogin());
      const choices = Array.from({ length: 2_000 }, (_, n) => ({
        id: `T024BE7LD/C${String(n).padStart(10, '0')}`,
        handle: `#team-and-project-with-a-long-name-of-its-own-for-the-client-number-${n}`,
        url: `https://krume-and-daughters.slack.example/archives/C${String(n).padStart(10, '0')}`,
      }));
      // What is sealed of as many does not pack.
      const credentials = randomBytes(100_000).toString('base64url');
      const choosing = aLogin({ status: 'choosing', choices, credentials, version: 2 });
      expect(await logins.replace(choosing, 1)).toEqual(choosing);
      expect(await logins.get(agy, aLogin().id)).toEqual(choosing);
    });

    it('refuses a second login of one state', async () => {
      const { logins } = await setup();
      await logins.create(aLogin());
      await expect(logins.create(aLogin({ network: 'zeta' }))).rejects.toThrow('one state');
      expect((await logins.get(agy, aLogin().id))?.network).toBe('oauthnet');
    });
  });

  describe(`${name}: renewing channels`, () => {
    const ends = { at: MADE_AT + 2 * DAY, renews: true };
    const channel = aChannel({ ends, renewAt: MADE_AT + DAY });
    const due = async ({ channels }: Awaited<ReturnType<typeof setup>>, until: number) => {
      const found = await Promise.all(
        Array.from({ length: channels.shards }, (_, shard) => channels.toRenew(shard, until, 10)),
      );
      return found.flat();
    };

    it('finds channels by when they must be looked at, while they work', async () => {
      const all = await setup();
      const { channels } = all;
      await channels.create(aChannel({ id: anId('chn', 'endless') }));
      await channels.create(channel);
      expect(await due(all, MADE_AT + DAY - 1)).toEqual([]);
      expect(await due(all, MADE_AT + DAY)).toEqual([{ agencyId: agy, channelId: channel.id }]);
      const later = await channels.replace({ ...channel, renewAt: MADE_AT + 2 * DAY }, 1);
      expect(await due(all, MADE_AT + DAY)).toEqual([]);
      expect(await due(all, MADE_AT + 2 * DAY)).toHaveLength(1);
      await channels.replace({ ...channel, health: 'expired' }, 2);
      expect(await due(all, MADE_AT + 9 * DAY)).toEqual([]);
      await channels.replace({ ...channel, health: 'expiring' }, 3);
      expect(await due(all, MADE_AT + 9 * DAY)).toHaveLength(1);
      await channels.delete(later ?? channel);
      expect(await due(all, MADE_AT + 9 * DAY)).toEqual([]);
    });

    it('stands apart from brands and posts in the same index', async () => {
      const all = await setup();
      await all.channels.create(channel);
      for (let shard = 0; shard < all.brands.shards; shard++) {
        expect((await all.brands.everyBrand({ shard, limit: 10 })).items).toEqual([]);
        expect(await all.posts.overdue(shard, MADE_AT + 9 * DAY, 10)).toEqual([]);
      }
    });

    const turn = (owner: string, now = MADE_AT) => ({ owner, now, until: now + 2 * MINUTE });

    it('gives the turn to one of many', async () => {
      const { channels } = await setup();
      const taken = await Promise.all(
        Array.from({ length: 20 }, (_, n) => channels.takeTurn(agy, channel.id, turn(`owner-${n}`))),
      );
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect(await channels.takeTurn(agy, anId('chn', 'other'), turn('x'))).toBe(true);
      expect(await channels.takeTurn(other, channel.id, turn('x'))).toBe(true);
    });

    it('gives the next turn when one is ended by its owner, or by time', async () => {
      const { channels } = await setup();
      expect(await channels.takeTurn(agy, channel.id, turn('a'))).toBe(true);
      await channels.endTurn(agy, channel.id, 'b');
      expect(await channels.takeTurn(agy, channel.id, turn('b'))).toBe(false);
      await channels.endTurn(agy, channel.id, 'a');
      expect(await channels.takeTurn(agy, channel.id, turn('b'))).toBe(true);
      expect(await channels.takeTurn(agy, channel.id, turn('c', MADE_AT + 2 * MINUTE - 1))).toBe(false);
      expect(await channels.takeTurn(agy, channel.id, turn('c', MADE_AT + 2 * MINUTE))).toBe(true);
      await channels.endTurn(agy, channel.id, 'b');
      expect(await channels.takeTurn(agy, channel.id, turn('d', MADE_AT + 2 * MINUTE))).toBe(false);
    });

    it('counts a turn as taken when the SDK repeated the write', async () => {
      const { channels } = await repeated();
      expect(await channels.takeTurn(agy, channel.id, turn('a'))).toBe(true);
      expect(await channels.takeTurn(agy, channel.id, turn('b'))).toBe(false);
    });
  });
}
