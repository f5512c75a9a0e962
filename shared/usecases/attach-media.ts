import { type VariantContent, withMedia } from '../domain/content.ts';
import type { Media } from '../domain/media.ts';
import type { Deps } from '../ports.ts';

/** The variant with the facts of its media, as `withMedia`; those of the brand only. */
export async function attachMedia(
  deps: Pick<Deps, 'media'>,
  { agencyId, brandId }: { agencyId: string; brandId: string },
  variant: VariantContent,
): Promise<ReturnType<typeof withMedia>> {
  const ids = [...new Set(variant.media?.map(({ mediaId }) => mediaId))];
  const found = await Promise.all(ids.map((id) => deps.media.get(agencyId, brandId, id)));
  const known = found.filter((one): one is Media => one !== undefined);
  return withMedia(variant, new Map(known.map((media) => [media.id, media])));
}
