import type { PendingLogin } from '../../domain/login.ts';
import { DAY } from '../../domain/time.ts';
import type { LoginStore } from '../../store-ports.ts';
import { keys } from './keys.ts';
import { pack, unpack } from './packed.ts';
import { putOwn } from './put-own.ts';
import { ABSENT, type Item, type Table } from './table.ts';

/** Logins under way. What they hold is useless after a quarter of an hour; the table forgets it a day later. */
export function loginStore(table: Table): LoginStore {
  return {
    async create(login) {
      if (!(await putOwn(table, toItem(login), ABSENT))) throw new Error('Two logins have one state.');
    },
    async get(agencyId, loginId) {
      const item = await table.get(keys.login(agencyId, loginId));
      if (item === undefined) return undefined;
      const login = item.doc as PendingLogin;
      return item.choices === undefined
        ? login
        : { ...login, choices: unpack(item.choices) as NonNullable<PendingLogin['choices']> };
    },
    async replace(login, expected) {
      const next = { ...login, version: expected + 1 };
      const unchanged = [{ path: ['doc', 'version'], is: 'equal', value: expected }] as const;
      return (await putOwn(table, toItem(next), unchanged)) ? next : undefined;
    },
  };
}

/** Choices may be thousands, each with an address: as they are, they alone would fill an item. */
function toItem({ choices, ...login }: PendingLogin): Item {
  return {
    ...keys.login(login.agencyId, login.id),
    doc: login,
    ...(choices === undefined ? {} : { choices: pack(choices) }),
    ttl: Math.ceil((login.expiresAt + DAY) / 1_000),
  };
}
