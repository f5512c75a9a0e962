import type { Actor } from '../domain/agency.ts';
import type { Brand, BrandInput } from '../domain/brand.ts';
import { idFromBytes } from '../domain/ids.ts';
import type { Deps } from '../ports.ts';

/**
 * Makes a brand. Its weekly schedule is armed and the act noted before the commit: an orphan of either is
 * harmless, a brand without its report is not.
 */
export async function createBrand(
  deps: Pick<Deps, 'brands' | 'scheduler' | 'audit' | 'clock' | 'random'>,
  { agencyId, input, actor }: { agencyId: string; input: BrandInput; actor: Actor },
): Promise<Brand> {
  const at = deps.clock.now();
  const id = idFromBytes('brd', deps.random.bytes(20));
  const brand: Brand = { ...input, id, agencyId, version: 1, createdAt: at, createdBy: actor };
  await deps.scheduler.armReport(brand);
  await deps.audit.append(agencyId, {
    at,
    actor,
    act: 'brand.create',
    target: brand.id,
    data: { name: brand.name },
  });
  if (!(await deps.brands.create(brand))) throw new Error(`a random brand id was taken: ${brand.id}`);
  return brand;
}
