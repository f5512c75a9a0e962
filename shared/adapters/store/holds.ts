import type { Hold } from '../../domain/hold.ts';
import type { HoldStore } from '../../store-ports.ts';
import { keys } from './keys.ts';
import { putOwn } from './put-own.ts';
import { everything, type Table } from './table.ts';

/**
 * Holds by id for reading, and a copy of each active one in a partition of its own: all that the gate reads.
 * A hold acts from the copy on; both are written before `put` answers. A release ends the hold by id first and
 * takes the copy away then, so after a crash in between it still holds, and a second release finishes the work.
 */
export function holdStore(table: Table): HoldStore {
  return {
    async put(hold) {
      await table.put({ ...keys.hold(hold.agencyId, hold.id), doc: hold });
      const copy = keys.activeHold(hold.agencyId, hold.id);
      if (hold.releasedAt === undefined) await table.put({ ...copy, doc: hold });
      else await table.delete(copy);
    },
    async get(agencyId, holdId) {
      return (await table.get(keys.hold(agencyId, holdId)))?.doc as Hold | undefined;
    },
    async active(agencyId, how = {}) {
      const items = await everything(table, keys.activeHolds(agencyId), undefined, how);
      return items.map(({ doc }) => doc as Hold).sort((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1));
    },
    async release(hold) {
      const item = { ...keys.hold(hold.agencyId, hold.id), doc: hold };
      const released = await putOwn(table, item, [
        { path: ['doc', 'id'], is: 'equal', value: hold.id },
        { path: ['doc', 'releasedAt'], is: 'absent' },
      ]);
      await table.delete(keys.activeHold(hold.agencyId, hold.id));
      return released;
    },
  };
}
