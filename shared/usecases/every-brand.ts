import type { Deps } from '../ports.ts';

type BrandRef = { readonly agencyId: string; readonly brandId: string };

/** Every brand of every agency, shard by shard; one that was deleted just now may still be named. */
export async function everyBrand(deps: Pick<Deps, 'brands'>): Promise<readonly BrandRef[]> {
  const brands: BrandRef[] = [];
  for (let shard = 0; shard < deps.brands.shards; shard++) {
    let after: string | undefined;
    do {
      const page = await deps.brands.everyBrand({
        shard,
        limit: 100,
        ...(after === undefined ? {} : { after }),
      });
      brands.push(...page.items);
      after = page.next;
    } while (after !== undefined);
  }
  return brands;
}
