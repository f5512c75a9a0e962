import type { PendingLogin } from '../../domain/login.ts';
import { DAY } from '../../domain/time.ts';
import type { LoginStore } from '../../store-ports.ts';
import { keys } from './keys.ts';
import { putOwn } from './put-own.ts';
import { ABSENT, type Item, type Table } from './table.ts';

/** Logins under way. What they hold is useless after a quarter of an hour; the table forgets it a day later. */
export function loginStore(table: Table): LoginStore {
  return {
    async create(login) {
      if (!(await putOwn(table, toItem(login), ABSENT))) throw new Error('Two logins have one state.');
    },
    async get(agencyId, loginId) {
      return (await table.get(keys.login(agencyId, loginId)))?.doc as PendingLogin | undefined;
    },
    async replace(login, expected) {
      const next = { ...login, version: expected + 1 };
      const unchanged = [{ path: ['doc', 'version'], is: 'equal', value: expected }] as const;
      return (await putOwn(table, toItem(next), unchanged)) ? next : undefined;
    },
  };
}

const toItem = (login: PendingLogin): Item => ({
  ...keys.login(login.agencyId, login.id),
  doc: login,
  ttl: Math.ceil((login.expiresAt + DAY) / 1_000),
});
