import type { NetworkApp } from '../../domain/network-app.ts';
import type { AppStore } from '../../store-ports.ts';
import { keys } from './keys.ts';
import { everything, type Table } from './table.ts';

/** The agency's apps, all in one partition, by network. */
export function appStore(table: Table): AppStore {
  return {
    async put(app) {
      await table.put({ ...keys.app(app.agencyId, app.network), doc: app });
    },
    async get(agencyId, network) {
      return (await table.get(keys.app(agencyId, network)))?.doc as NetworkApp | undefined;
    },
    async list(agencyId) {
      return (await everything(table, keys.apps(agencyId))).map(({ doc }) => doc as NetworkApp);
    },
    async delete(agencyId, network) {
      await table.delete(keys.app(agencyId, network));
    },
  };
}
