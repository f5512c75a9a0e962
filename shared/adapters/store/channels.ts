import type { Channel } from '../../domain/channel.ts';
import type { ChannelStore } from '../../store-ports.ts';
import { accounts } from './accounts.ts';
import { keys, PREFIX, startingWith } from './keys.ts';
import { putOwn } from './put-own.ts';
import { ABSENT, everything, type Table } from './table.ts';

/**
 * Channels by id, so that the gate reads one item; the brand's list only names them. It is written first and
 * cleared last: a crash in between leaves a name without a channel, which every reader skips.
 */
export function channelStore(table: Table): ChannelStore {
  const account = accounts(table);
  const get = async (agencyId: string, channelId: string): Promise<Channel | undefined> =>
    (await table.get(keys.channel(agencyId, channelId)))?.doc as Channel | undefined;

  return {
    async create(channel) {
      const { agencyId, brandId, id } = channel;
      await table.put(keys.channelOfBrand(agencyId, brandId, id));
      return putOwn(table, { ...keys.channel(agencyId, id), doc: channel }, ABSENT);
    },
    get,
    async list(agencyId, brandId) {
      const named = await everything(table, keys.ofBrand(agencyId, brandId), startingWith(PREFIX.channel));
      const found = await Promise.all(named.map(({ sk }) => get(agencyId, sk.slice(PREFIX.channel.length))));
      return found
        .filter((channel) => channel !== undefined)
        .filter((channel) => channel.brandId === brandId)
        .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
    },
    async replace(channel, expected) {
      const next = { ...channel, version: expected + 1 };
      const item = { ...keys.channel(channel.agencyId, channel.id), doc: next };
      const unchanged = [{ path: ['doc', 'version'], is: 'equal', value: expected }] as const;
      return (await putOwn(table, item, unchanged)) ? next : undefined;
    },
    async delete(channel) {
      await table.delete(keys.session(channel.agencyId, channel.id));
      await table.delete(keys.channel(channel.agencyId, channel.id));
      await account.release(channel);
      await table.delete(keys.channelOfBrand(channel.agencyId, channel.brandId, channel.id));
    },
    accountBrands: (agencyId, network, accountId) => account.brands(agencyId, network, accountId),
    claimAccount: (channel) => account.claim(channel),
    async session(agencyId, channelId) {
      return (await table.get(keys.session(agencyId, channelId)))?.sealed as string | undefined;
    },
    async putSession(agencyId, channelId, sealed) {
      await table.put({ ...keys.session(agencyId, channelId), sealed });
    },
    async putFollowers(agencyId, channelId, day, count) {
      await table.put({ ...keys.followers(agencyId, channelId, day), count });
    },
    async followers(agencyId, channelId, fromDay, toDay) {
      const range = { low: `${PREFIX.followers}${fromDay}`, high: `${PREFIX.followers}${toDay}` };
      const items = await everything(table, keys.ofChannel(agencyId, channelId), range);
      return items.map(({ sk, count }) => ({ day: sk.slice(PREFIX.followers.length), count: Number(count) }));
    },
  };
}
