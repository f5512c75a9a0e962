import type { ChannelStore } from '../../store-ports.ts';
import { keys } from './keys.ts';
import type { Condition, Table } from './table.ts';

/**
 * Whose turn it is to renew a channel's credential: one item, taken by a conditional write that counts `v` up. A
 * turn that nobody ended ends by itself, after a crash.
 */
export function turns(table: Table): {
  take: ChannelStore['takeTurn'];
  end: ChannelStore['endTurn'];
} {
  return {
    async take(agencyId, channelId, { owner, now, until }) {
      const key = keys.turn(agencyId, channelId);
      const item = await table.get(key);
      if (item && Number(item.until) > now) return item.owner === owner;
      const unchanged: Condition = item
        ? { path: ['v'], is: 'equal', value: Number(item.v) }
        : { path: ['pk'], is: 'absent' };
      const taking = {
        set: [
          [['owner'], owner],
          [['until'], until],
        ],
        add: { v: 1 },
      } as const;
      if (await table.update(key, taking, [unchanged])) return true;
      // The SDK repeats a write whose answer was lost, and the repeat fails on what the first one wrote.
      const present = await table.get(key);
      return present?.owner === owner && Number(present.until) > now;
    },
    async end(agencyId, channelId, owner) {
      const own: Condition = { path: ['owner'], is: 'equal', value: owner };
      await table.update(keys.turn(agencyId, channelId), { set: [[['until'], 0]] }, [own]);
    },
  };
}
