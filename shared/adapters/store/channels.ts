import { type Channel, works } from '../../domain/channel.ts';
import type { ChannelStore } from '../../store-ports.ts';
import { accounts } from './accounts.ts';
import {
  between,
  indexed,
  keys,
  PREFIX,
  readPartition,
  SHARDS,
  shardOf,
  sortOf,
  startingWith,
} from './keys.ts';
import { putOwn } from './put-own.ts';
import { ABSENT, everything, type Item, type Table } from './table.ts';
import { turns } from './turns.ts';

/**
 * Channels by id, so that the gate reads one item; the brand's list only names them. It is written first and
 * cleared last: a crash in between leaves a name without a channel, which every reader skips.
 */
export function channelStore(table: Table): ChannelStore {
  const account = accounts(table);
  const turn = turns(table);
  const get = async (agencyId: string, channelId: string): Promise<Channel | undefined> =>
    (await table.get(keys.channel(agencyId, channelId)))?.doc as Channel | undefined;

  return {
    async create(channel) {
      await table.put(keys.channelOfBrand(channel.agencyId, channel.brandId, channel.id));
      return putOwn(table, toItem(channel), ABSENT);
    },
    get,
    async getLately(agencyId, channelIds) {
      const items = await table.getLately(channelIds.map((id) => keys.channel(agencyId, id)));
      return items.flatMap((item) => (item ? [item.doc as Channel] : []));
    },
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
      const unchanged = [{ path: ['doc', 'version'], is: 'equal', value: expected }] as const;
      return (await putOwn(table, toItem(next), unchanged)) ? next : undefined;
    },
    async delete(channel) {
      await table.delete(keys.session(channel.agencyId, channel.id));
      await table.delete(keys.turn(channel.agencyId, channel.id));
      await table.delete(keys.channel(channel.agencyId, channel.id));
      await account.release(channel);
      await table.delete(keys.channelOfBrand(channel.agencyId, channel.brandId, channel.id));
    },
    async toRenew(shard, until, limit) {
      const range = between(0, until + 1);
      const { items } = await table.queryIndex('wake', { partition: indexed.renewals(shard), range, limit });
      return items.map(({ pk }) => {
        const { agencyId, id } = readPartition(pk);
        return { agencyId, channelId: id };
      });
    },
    shards: SHARDS,
    takeTurn: turn.take,
    endTurn: turn.end,
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
      const items = await everything(table, keys.ofChannel(agencyId, channelId), range, { lately: true });
      return items.map(({ sk, count }) => ({ day: sk.slice(PREFIX.followers.length), count: Number(count) }));
    },
  };
}

/** In the wake index stand those that work and whose credential ends: the renewal job finds them there. */
function toItem(channel: Channel): Item {
  const { agencyId, id, renewAt } = channel;
  const wake =
    renewAt === undefined || !works(channel)
      ? {}
      : { wk: indexed.renewals(shardOf(id)), ws: sortOf(renewAt, id) };
  return { ...keys.channel(agencyId, id), ...wake, doc: channel };
}
