import type { Channel } from '../../domain/channel.ts';
import { type Instant, MINUTE } from '../../domain/time.ts';
import { keys } from './keys.ts';
import type { Condition, Item, Table } from './table.ts';

/**
 * Which channels an account of a network stands in: one item per account, one attribute per channel. Every entry
 * counts `v` up, so two brands that claim at once cannot both see it free.
 */
export function accounts(table: Table) {
  const exists = async (agencyId: string, channelId: string): Promise<boolean> =>
    (await table.get(keys.channel(agencyId, channelId))) !== undefined;

  /** An entry whose channel never came, or went without a trace, blocks nobody for longer than this. */
  const blocks = async (channel: Channel, entry: Entry): Promise<boolean> =>
    entry.at > channel.createdAt - 15 * MINUTE || (await exists(channel.agencyId, entry.channelId));

  return {
    /** Brands in which it stands by a channel that there is. */
    async brands(agencyId: string, network: string, accountId: string): Promise<readonly string[]> {
      const standing = entries(await table.get(keys.account(agencyId, network, accountId)));
      const there = await Promise.all(standing.map(({ channelId }) => exists(agencyId, channelId)));
      return [...new Set(standing.filter((_, n) => there[n]).map(({ brandId }) => brandId))].sort();
    },
    /** Enters it for the channel's brand; false when it stands in another brand and the channel is not `shared`. */
    async claim(channel: Channel): Promise<boolean> {
      const key = keys.account(channel.agencyId, channel.network, channel.account.id);
      for (let tries = 0; tries < 10; tries += 1) {
        const item = await table.get(key);
        const others = entries(item).filter(({ brandId }) => brandId !== channel.brandId);
        if (!channel.shared) {
          const blocking = await Promise.all(others.map((entry) => blocks(channel, entry)));
          if (blocking.includes(true)) return false;
        }
        const entry = { brandId: channel.brandId, at: channel.createdAt };
        const change = { set: [[[channel.id], entry]], add: { v: 1 } } as const;
        if (await table.update(key, change, [unchanged(item)])) return true;
      }
      throw new Error('The account is being claimed too often at once.');
    },
    async release(channel: Channel): Promise<void> {
      const key = keys.account(channel.agencyId, channel.network, channel.account.id);
      await table.update(key, { remove: [[channel.id]], add: { v: 1 } });
    },
  };
}

type Entry = { readonly channelId: string; readonly brandId: string; readonly at: Instant };

const entries = (item: Item | undefined): Entry[] =>
  Object.entries(item ?? {}).flatMap(([channelId, value]) =>
    typeof value === 'object' && value !== null
      ? [{ channelId, ...(value as Omit<Entry, 'channelId'>) }]
      : [],
  );

const unchanged = (item: Item | undefined): Condition =>
  item ? { path: ['v'], is: 'equal', value: Number(item.v) } : { path: ['pk'], is: 'absent' };
