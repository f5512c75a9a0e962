import type { Agency, ApiKey } from '../../domain/agency.ts';
import type { AgencyStore } from '../../store-ports.ts';
import { keys } from './keys.ts';
import { putOwn } from './put-own.ts';
import { ABSENT, everything, PRESENT, type Table } from './table.ts';

/**
 * Agencies and their API keys. The item by hash is what authenticates; the agency's list only names it and is
 * written first, so that a crash in between leaves a line that lists nothing, never a key that nobody sees.
 */
export function agencyStore(table: Table): AgencyStore {
  const byHash = async (hash: string): Promise<ApiKey | undefined> =>
    (await table.get(keys.keyByHash(hash)))?.doc as ApiKey | undefined;

  return {
    create: (agency) => putOwn(table, { ...keys.agency(agency.id), doc: agency }, ABSENT),
    async get(agencyId) {
      return (await table.get(keys.agency(agencyId)))?.doc as Agency | undefined;
    },
    async putKey(key) {
      await table.put({ ...keys.keyOfAgency(key.agencyId, key.id), hash: key.hash });
      if (await putOwn(table, { ...keys.keyByHash(key.hash), doc: key }, ABSENT)) return;
      const stored = await byHash(key.hash);
      // a repeat must not bring a revoked key back
      if (stored?.id !== key.id || stored.agencyId !== key.agencyId) {
        throw new Error('This secret belongs to another key.');
      }
    },
    keyByHash: byHash,
    async keys(agencyId) {
      const listed = await everything(table, keys.keysOfAgency(agencyId));
      const found = await Promise.all(
        listed.map(async ({ sk, hash }) => {
          const key = await byHash(String(hash));
          return key?.id === sk && key.agencyId === agencyId ? [key] : [];
        }),
      );
      return found.flat().sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
    },
    async revokeKey(agencyId, keyId, at) {
      const listed = await table.get(keys.keyOfAgency(agencyId, keyId));
      if (!listed) return false;
      const key = keys.keyByHash(String(listed.hash));
      const change = { set: [[['doc', 'revokedAt'], at]] } as const;
      const revoked = await table.update(key, change, [
        { path: ['doc', 'id'], is: 'equal', value: keyId },
        { path: ['doc', 'revokedAt'], is: 'absent' },
      ]);
      return revoked !== undefined || (await byHash(String(listed.hash)))?.id === keyId;
    },
    async touchKey(key, at) {
      await table.update(keys.keyByHash(key.hash), { set: [[['doc', 'lastUsedAt'], at]] }, PRESENT);
    },
  };
}
