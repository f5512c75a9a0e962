import type { Instant } from '../domain/time.ts';
import type { Deps } from '../ports.ts';
import { everyBrand } from './every-brand.ts';

/** So many brands share a message, an invocation and its waiting for networks. */
const BRANDS_A_MESSAGE = 10;

/**
 * Every hour: hands all brands on to be measured, some at a time, from where the last sweep ended. That is noted
 * when all have been handed on: after a crash in between, some are measured again, which is harmless.
 */
export async function sweep(deps: Pick<Deps, 'brands' | 'measureQueue' | 'clock'>): Promise<number> {
  const at = deps.clock.now();
  const brands = await everyBrand(deps);
  for (const [agencyId, own] of Map.groupBy(brands, (brand) => brand.agencyId)) {
    // Without a last one all ages are looked at as far back as they count.
    const since: Instant = (await deps.brands.sweptAt(agencyId)) ?? 0;
    for (let start = 0; start < own.length; start += BRANDS_A_MESSAGE) {
      const brandIds = own.slice(start, start + BRANDS_A_MESSAGE).map(({ brandId }) => brandId);
      await deps.measureQueue.send({ kind: 'brands', agencyId, brandIds, since, at }, { group: agencyId });
    }
    await deps.brands.putSweptAt(agencyId, at);
  }
  return brands.length;
}
