import type { Channel } from '../domain/channel.ts';
import {
  type Content,
  resolveVariant,
  type Variant,
  type VariantContent,
  withMedia,
} from '../domain/content.ts';
import type { Media } from '../domain/media.ts';
import type { Deps } from '../ports.ts';

/**
 * What one channel is to show: base, network and channel of the content, under them the channel's own options as
 * defaults, and the facts of its media. `said` is the content's part alone: what an idempotency key is made of,
 * because it never changes; `missing` are the places of media that are not there.
 */
export async function variantFor(
  deps: Pick<Deps, 'media'>,
  channel: Pick<Channel, 'id' | 'agencyId' | 'brandId' | 'network' | 'options'>,
  content: Content,
): Promise<{ said: VariantContent; variant: Variant; missing: readonly number[] }> {
  const said = resolveVariant(content, channel.network, channel.id);
  const ids = [...new Set(said.media?.map(({ mediaId }) => mediaId))];
  const found = await Promise.all(ids.map((id) => deps.media.get(channel.agencyId, channel.brandId, id)));
  const known = found.filter((one): one is Media => one !== undefined);
  const { variant, missing } = withMedia(said, new Map(known.map((media) => [media.id, media])));
  if (Object.keys(channel.options).length === 0) return { said, variant, missing };
  return { said, variant: { ...variant, options: { ...channel.options, ...variant.options } }, missing };
}
