import type { Media } from '../../shared/domain/media.ts';
import type { ApiWorld } from './api-world.ts';
import { aMedia } from './media.ts';

/** An image that stands ready in a brand of this world. */
export function aMediaIn(
  { deps, agency, brand }: Pick<ApiWorld, 'deps' | 'agency'> & { readonly brand: { readonly id: string } },
  name: string,
): Promise<Media> {
  return deps.media.create(aMedia(name, { agencyId: agency.id, brandId: brand.id }));
}
