import type { Agency } from '../../domain/agency.ts';
import { HOUR } from '../../domain/time.ts';
import type { AgencyStore } from '../../store-ports.ts';
import { expiringCache } from '../aws/expiring-cache.ts';

/**
 * The same store; an agency is read at most once an hour, like its data key. It holds nothing that the gate decides by:
 * a name, the wrapped data key, which events it wants to hear. One that is not there is asked for again every time.
 */
export function cachedAgencies(store: AgencyStore, monotonic: () => number): AgencyStore {
  const kept = expiringCache<Agency>({ entries: 500, ms: HOUR, monotonic });
  const present = async (agencyId: string): Promise<Agency> => {
    const agency = await store.get(agencyId);
    if (agency === undefined) throw new Absent();
    return agency;
  };
  return {
    ...store,
    get: (agencyId) =>
      kept
        .get(agencyId, () => present(agencyId))
        .catch((error: unknown) => {
          if (error instanceof Absent) return undefined;
          throw error;
        }),
  };
}

/** The cache keeps no failure. */
class Absent extends Error {}
