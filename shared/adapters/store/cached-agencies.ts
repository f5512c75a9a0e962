import { MINUTE } from '../../domain/time.ts';
import type { AgencyStore } from '../../store-ports.ts';
import { expiringCache } from '../aws/expiring-cache.ts';

/**
 * The same store; an agency is read at most once a minute. It holds nothing that the gate decides by: a name, the
 * wrapped data key, which events it wants to hear. One that is not there is asked for again every time.
 */
export function cachedAgencies(store: AgencyStore, monotonic: () => number): AgencyStore {
  const kept = expiringCache<Awaited<ReturnType<AgencyStore['get']>>>({
    entries: 500,
    ms: MINUTE,
    monotonic,
  });
  return {
    ...store,
    get: async (agencyId) => (await kept.get(agencyId, () => store.get(agencyId))) ?? store.get(agencyId),
  };
}
