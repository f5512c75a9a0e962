import type { Actor } from '../domain/agency.ts';
import { AppError } from '../domain/app-error.ts';
import type { Brand, BrandInput } from '../domain/brand.ts';
import { canonicalJson } from '../domain/content.ts';
import { derivedId, idFromBytes, sha256 } from '../domain/ids.ts';
import type { Deps } from '../ports.ts';

type CreateBrand = {
  readonly agencyId: string;
  readonly input: BrandInput;
  readonly actor: Actor;
  readonly idempotencyKey?: string;
};
type Created = { readonly brand: Brand; readonly replayed: boolean };

/**
 * Makes a brand. Its weekly schedule is armed and the act noted before the commit: an orphan of either is
 * harmless, a brand without its report is not. An idempotency key makes one brand, as long as that is not deleted.
 * @throws AppError `key_reused` when the key came with another body before
 */
export async function createBrand(
  deps: Pick<Deps, 'brands' | 'scheduler' | 'audit' | 'clock' | 'random'>,
  { agencyId, input, actor, idempotencyKey }: CreateBrand,
): Promise<Created> {
  const requestHash = sha256(canonicalJson(input));
  const id =
    idempotencyKey === undefined
      ? idFromBytes('brd', deps.random.bytes(20))
      : derivedId('brd', agencyId, 'brands', idempotencyKey);
  if (idempotencyKey !== undefined) {
    const present = await deps.brands.get(agencyId, id);
    if (present) return replay(present, requestHash);
  }
  const at = deps.clock.now();
  const brand: Brand = {
    ...input,
    id,
    agencyId,
    version: 1,
    ...(idempotencyKey === undefined ? {} : { requestHash }),
    createdAt: at,
    createdBy: actor,
  };
  await deps.scheduler.armReport(brand);
  await deps.audit.append(agencyId, {
    at,
    actor,
    act: 'brand.create',
    target: brand.id,
    data: { name: brand.name },
  });
  if (await deps.brands.create(brand)) return { brand, replayed: false };
  const faster = await deps.brands.get(agencyId, id);
  if (idempotencyKey === undefined || !faster) throw new Error(`a new brand's id was taken: ${brand.id}`);
  // The schedule must follow the brand that is stored.
  await deps.scheduler.armReport(faster);
  return replay(faster, requestHash);
}

function replay(brand: Brand, requestHash: string): Created {
  if (brand.requestHash === requestHash) return { brand, replayed: true };
  throw new AppError('key_reused', 'This Idempotency-Key was used with another body.', {
    data: { brandId: brand.id },
  });
}
