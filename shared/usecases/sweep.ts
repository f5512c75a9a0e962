import type { Deps } from '../ports.ts';

/** Every hour: one measuring message for each brand there is, so that one brand's trouble stays its own. */
export async function sweep(deps: Pick<Deps, 'brands' | 'measureQueue' | 'clock'>): Promise<number> {
  const at = deps.clock.now();
  let brands = 0;
  for (let shard = 0; shard < deps.brands.shards; shard++) {
    let after: string | undefined;
    do {
      const page = await deps.brands.everyBrand({
        shard,
        limit: 100,
        ...(after === undefined ? {} : { after }),
      });
      for (const { agencyId, brandId } of page.items) {
        await deps.measureQueue.send({ kind: 'brand', agencyId, brandId, at, tries: 0 }, { group: agencyId });
        brands += 1;
      }
      after = page.next;
    } while (after !== undefined);
  }
  return brands;
}
