import { randomBytes } from 'node:crypto';
import type { AuditStore } from '../../store-ports.ts';
import { keys } from './keys.ts';
import { pack } from './packed.ts';
import { ABSENT, type Table } from './table.ts';

/** Who did what, month by month in order of time. Nothing here changes or deletes an entry. */
export function auditStore(table: Table): AuditStore {
  return {
    async append(agencyId, { at, actor, act, target, data }) {
      const key = keys.audit(agencyId, at, randomBytes(6).toString('hex'));
      const packed = data === undefined ? undefined : pack(data);
      await table.put({ ...key, at, actor, act, target, data: packed }, ABSENT);
    },
  };
}
