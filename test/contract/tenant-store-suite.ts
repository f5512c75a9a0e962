import { describe, expect, it } from 'vitest';
import { stores } from '../../shared/adapters/store/stores.ts';
import type { Table } from '../../shared/adapters/store/table.ts';
import { HOUR, MINUTE } from '../../shared/domain/time.ts';
import {
  aBrand,
  aChannel,
  aHold,
  anActor,
  anAgency,
  anApiKey,
  anId,
  DUE_AT,
  MADE_AT,
} from '../support/builders.ts';
import { crashingAfter, repeating } from '../support/faulty-table.ts';

/** What the stores of agencies, keys, brands, channels and holds promise. */
export function testTenantStores(name: string, make: () => Promise<Table>): void {
  const setup = async () => stores(await make());
  /** The SDK repeats each write, as after a lost answer. */
  const repeated = async () => stores(repeating(await make()));
  const agy = anId('agy');
  const brd = anId('brd');
  const other = anId('agy', 'other');

  describe(`${name}: agencies and keys`, () => {
    it('creates an agency once', async () => {
      const { agencies } = await setup();
      expect(await agencies.create(anAgency())).toBe(true);
      expect(await agencies.create(anAgency({ name: 'Another' }))).toBe(false);
      expect(await agencies.get(agy)).toEqual(anAgency());
      expect(await agencies.get(other)).toBeUndefined();
    });

    it('finds a key by its hash and lists it for its agency alone', async () => {
      const { agencies } = await setup();
      const second = anApiKey({
        id: anId('key', 'second'),
        hash: 'b',
        createdAt: MADE_AT + 1,
        brandIds: [brd],
      });
      await agencies.putKey(second);
      await agencies.putKey(anApiKey());
      await agencies.putKey(anApiKey({ agencyId: other, hash: 'c' }));
      expect(await agencies.keyByHash('b')).toEqual(second);
      expect(await agencies.keyByHash('unknown')).toBeUndefined();
      expect(await agencies.keys(agy)).toEqual([anApiKey(), second]);
    });

    it('never has a key that works and is not listed, wherever its creation was cut off', async () => {
      for (const writes of [0, 1, 2]) {
        const table = await make();
        const cutOff = stores(crashingAfter(writes, table)).agencies.putKey(anApiKey());
        await cutOff.catch(() => undefined);
        const { agencies } = stores(table);
        const works = await agencies.keyByHash(anApiKey().hash);
        expect(works !== undefined).toBe(writes === 2);
        expect(await agencies.keys(agy)).toEqual(works ? [works] : []);
        await agencies.putKey(anApiKey());
        expect(await agencies.keys(agy)).toEqual([anApiKey()]);
      }
    });

    it('revokes once, keeps the first instant, and knows only the own keys', async () => {
      const { agencies } = await setup();
      await agencies.putKey(anApiKey());
      expect(await agencies.revokeKey(other, anApiKey().id, 1)).toBe(false);
      expect(await agencies.revokeKey(agy, anId('key', 'unknown'), 1)).toBe(false);
      expect(await agencies.revokeKey(agy, anApiKey().id, 10)).toBe(true);
      expect(await agencies.revokeKey(agy, anApiKey().id, 20)).toBe(true);
      expect(await agencies.keyByHash(anApiKey().hash)).toEqual(anApiKey({ revokedAt: 10 }));
    });

    it('does not bring a revoked key back when its creation is repeated', async () => {
      const { agencies } = await setup();
      await agencies.putKey(anApiKey());
      await agencies.revokeKey(agy, anApiKey().id, 10);
      await agencies.putKey(anApiKey());
      expect((await agencies.keyByHash(anApiKey().hash))?.revokedAt).toBe(10);
    });

    it('refuses to give one secret to two keys, and lists only the one', async () => {
      const { agencies } = await setup();
      await agencies.putKey(anApiKey());
      await expect(agencies.putKey(anApiKey({ id: anId('key', 'twin') }))).rejects.toThrow('another key');
      expect((await agencies.keys(agy)).map(({ id }) => id)).toEqual([anApiKey().id]);
    });

    it('notes the last use and revives nothing by it', async () => {
      const { agencies } = await setup();
      await agencies.touchKey(anApiKey(), 5);
      expect(await agencies.keyByHash(anApiKey().hash)).toBeUndefined();
      await agencies.putKey(anApiKey());
      await agencies.touchKey(anApiKey(), 5);
      expect((await agencies.keyByHash(anApiKey().hash))?.lastUsedAt).toBe(5);
    });
  });

  describe(`${name}: brands`, () => {
    it('lists the brands of one agency, oldest first', async () => {
      const { brands } = await setup();
      const young = aBrand({ id: anId('brd', 'young'), createdAt: MADE_AT + 1 });
      for (const brand of [young, aBrand(), aBrand({ agencyId: other })]) {
        expect(await brands.create(brand)).toBe(true);
      }
      expect(await brands.create(young)).toBe(false);
      expect(await brands.list(agy)).toEqual([aBrand(), young]);
      expect(await brands.get(other, young.id)).toBeUndefined();
    });

    it('replaces only the version that was read', async () => {
      const { brands } = await setup();
      await brands.create(aBrand());
      const renamed = await brands.replace(aBrand({ name: 'New' }), 1);
      expect(renamed).toEqual(aBrand({ name: 'New', version: 2 }));
      expect(await brands.replace(aBrand({ name: 'Late' }), 1)).toBeUndefined();
      expect(await brands.get(agy, brd)).toEqual(renamed);
    });

    it('does not create a deleted brand anew by a replace', async () => {
      const { brands } = await setup();
      await brands.create(aBrand());
      await brands.delete(agy, brd);
      expect(await brands.replace(aBrand(), 1)).toBeUndefined();
      expect(await brands.list(agy)).toEqual([]);
    });

    it('walks through every brand of every agency exactly once, page by page', async () => {
      const { brands } = await setup();
      const all = Array.from({ length: 24 }, (_, n) =>
        aBrand({ id: anId('brd', `${n}`), agencyId: anId('agy', `${n % 3}`) }),
      );
      await Promise.all(all.map((brand) => brands.create(brand)));
      const seen: string[] = [];
      for (let shard = 0; shard < brands.shards; shard += 1) {
        let after: string | undefined;
        do {
          const page = await brands.everyBrand({
            shard,
            limit: 1,
            ...(after === undefined ? {} : { after }),
          });
          seen.push(...page.items.map(({ agencyId, brandId }) => `${agencyId} ${brandId}`));
          after = page.next;
        } while (after !== undefined);
      }
      expect(seen.sort()).toEqual(all.map(({ agencyId, id }) => `${agencyId} ${id}`).sort());
    });

    it('counts a write that the SDK repeated as done', async () => {
      const { brands } = await repeated();
      expect(await brands.create(aBrand())).toBe(true);
      expect(await brands.replace(aBrand({ name: 'New' }), 1)).toEqual(aBrand({ name: 'New', version: 2 }));
    });
  });

  describe(`${name}: channels`, () => {
    const here = aChannel();
    const elsewhere = aChannel({ id: anId('chn', 'elsewhere'), brandId: anId('brd', 'elsewhere') });

    it('gets a channel by id, lists it in its brand, and replaces the version that was read', async () => {
      const { channels } = await setup();
      expect(await channels.create(here)).toBe(true);
      expect(await channels.create(here)).toBe(false);
      await channels.create(elsewhere);
      expect(await channels.get(agy, here.id)).toEqual(here);
      expect(await channels.get(other, here.id)).toBeUndefined();
      expect(await channels.list(agy, brd)).toEqual([here]);
      const expired = { ...here, health: 'expired', healthReason: 'The token is refused.' } as const;
      expect(await channels.replace(expired, 1)).toEqual({ ...expired, version: 2 });
      expect(await channels.replace(here, 1)).toBeUndefined();
    });

    it('enters an account for one brand, and for a second only when it is shared', async () => {
      const { channels } = await setup();
      expect(await channels.claimAccount(here)).toBe(true);
      await channels.create(here);
      expect(await channels.claimAccount(here)).toBe(true);
      expect(await channels.claimAccount(elsewhere)).toBe(false);
      expect(await channels.claimAccount({ ...elsewhere, shared: true })).toBe(true);
      await channels.create(elsewhere);
      expect(await channels.accountBrands(agy, here.network, here.account.id)).toEqual(
        [here.brandId, elsewhere.brandId].sort(),
      );
      expect(await channels.claimAccount({ ...elsewhere, agencyId: other })).toBe(true);
    });

    it('lets one of two brands win that claim an account at once', async () => {
      const { channels } = await setup();
      const won = await Promise.all([channels.claimAccount(here), channels.claimAccount(elsewhere)]);
      expect(won.filter(Boolean)).toHaveLength(1);
    });

    it('frees the account when the channel is deleted, with its session', async () => {
      const { channels } = await setup();
      await channels.claimAccount(here);
      await channels.create(here);
      await channels.putSession(agy, here.id, 'sealed');
      expect(await channels.session(agy, here.id)).toBe('sealed');
      await channels.delete(here);
      expect(await channels.get(agy, here.id)).toBeUndefined();
      expect(await channels.list(agy, brd)).toEqual([]);
      expect(await channels.session(agy, here.id)).toBeUndefined();
      expect(await channels.accountBrands(agy, here.network, here.account.id)).toEqual([]);
      expect(await channels.claimAccount(elsewhere)).toBe(true);
    });

    it('frees the account a while after a claim whose channel never came', async () => {
      const { channels } = await setup();
      await channels.claimAccount(here);
      const at = (minutes: number) => ({ ...elsewhere, createdAt: here.createdAt + minutes * MINUTE });
      expect(await channels.claimAccount(at(14))).toBe(false);
      expect(await channels.claimAccount(at(15))).toBe(true);
    });

    it('keeps the last count of followers of each day', async () => {
      const { channels } = await setup();
      for (const [day, count] of [
        ['2026-11-29', 7],
        ['2026-11-30', 8],
        ['2026-11-30', 9],
        ['2026-12-01', 10],
        ['2026-12-02', 11],
      ] as const) {
        await channels.putFollowers(agy, here.id, day, count);
      }
      expect(await channels.followers(agy, here.id, '2026-11-30', '2026-12-01')).toEqual([
        { day: '2026-11-30', count: 9 },
        { day: '2026-12-01', count: 10 },
      ]);
    });
  });

  describe(`${name}: holds`, () => {
    const release = { releasedAt: DUE_AT, releasedBy: anActor() };

    it('lists active holds of the agency alone, and keeps released ones readable', async () => {
      const { holds } = await setup();
      const second = aHold({ id: anId('hld', 'second'), since: DUE_AT, until: DUE_AT + HOUR });
      for (const hold of [second, aHold(), aHold({ agencyId: other })]) await holds.put(hold);
      expect(await holds.active(agy)).toEqual([aHold(), second]);
      expect(await holds.release(aHold(release))).toBe(true);
      expect(await holds.active(agy)).toEqual([second]);
      expect(await holds.get(agy, aHold().id)).toEqual(aHold(release));
    });

    it('releases once, and nothing that is not there', async () => {
      const { holds } = await setup();
      expect(await holds.release(aHold(release))).toBe(false);
      await holds.put(aHold());
      const both = await Promise.all([holds.release(aHold(release)), holds.release(aHold(release))]);
      expect(both.sort()).toEqual([false, true]);
    });

    it('still holds after a release that was cut off, until it is released again', async () => {
      const table = await make();
      const { holds } = stores(table);
      await holds.put(aHold());
      await expect(stores(crashingAfter(1, table)).holds.release(aHold(release))).rejects.toThrow('crash');
      expect(await holds.active(agy)).toEqual([aHold()]);
      expect(await holds.release(aHold(release))).toBe(false);
      expect(await holds.active(agy)).toEqual([]);
    });

    it('counts a release that the SDK repeated as done', async () => {
      const { holds } = await repeated();
      await holds.put(aHold());
      expect(await holds.release(aHold(release))).toBe(true);
    });
  });
}
