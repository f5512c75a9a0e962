import { notFound } from '../../shared/domain/app-error.ts';
import type { Brand } from '../../shared/domain/brand.ts';
import type { Channel } from '../../shared/domain/channel.ts';
import type { Delivery } from '../../shared/domain/delivery.ts';
import { type IdPrefix, idSchema, parseDeliveryId } from '../../shared/domain/ids.ts';
import type { Post } from '../../shared/domain/post.ts';
import type { Deps } from '../../shared/ports.ts';
import { refusal } from './answers.ts';
import { seesBrand } from './permission.ts';
import type { ApiRequest } from './route.ts';

type Asking = Pick<ApiRequest, 'caller'>;

/** The brand, or 404: unknown, another agency's, or outside the key's brands are all the same from outside. */
export async function visibleBrand(
  { caller }: Asking,
  deps: Pick<Deps, 'brands'>,
  brandId: string,
): Promise<Brand> {
  const isKnowable = isId('brd', brandId) && seesBrand(caller, brandId);
  const brand = isKnowable ? await deps.brands.get(caller.agency.id, brandId) : undefined;
  if (brand === undefined) throw notFound('brand');
  return brand;
}

/** What a path names, or 404: unknown, deleted, another agency's and outside the key's brands are all the same. */
export async function visibleChannel(
  { caller }: Asking,
  deps: Pick<Deps, 'channels'>,
  channelId: string | undefined,
): Promise<Channel> {
  const channel = isId('chn', channelId) ? await deps.channels.get(caller.agency.id, channelId) : undefined;
  if (channel === undefined || !seesBrand(caller, channel.brandId)) throw notFound('channel');
  return channel;
}

export async function visiblePost(
  { caller }: Asking,
  deps: Pick<Deps, 'posts' | 'brands'>,
  postId: string | undefined,
): Promise<{ post: Post; brand: Brand }> {
  const post = isId('post', postId) ? await deps.posts.get(caller.agency.id, postId) : undefined;
  if (post === undefined || post.deletedAt !== undefined || !seesBrand(caller, post.brandId)) {
    throw notFound('post');
  }
  const brand = await deps.brands.get(caller.agency.id, post.brandId);
  if (brand === undefined) throw notFound('post');
  return { post, brand };
}

export async function visibleDelivery(
  request: Asking,
  deps: Pick<Deps, 'posts' | 'brands'>,
  id: string | undefined,
): Promise<{ post: Post; brand: Brand; delivery: Delivery }> {
  const named = parseDeliveryId(id ?? '');
  if (named === undefined) throw notFound('delivery');
  const found = await visiblePost(request, deps, named.postId).catch((error: unknown) => {
    throw isNotFound(error) ? notFound('delivery') : error;
  });
  const delivery = found.post.deliveries.find(({ n }) => n === named.n);
  if (delivery === undefined) throw notFound('delivery');
  return { ...found, delivery };
}

/** The named brands, or every brand that the key may see. 422 at `/brand` for one that it may not. */
export async function visibleBrands(
  { caller }: Asking,
  deps: Pick<Deps, 'brands'>,
  named: readonly string[] | undefined,
): Promise<readonly Brand[]> {
  const all = await deps.brands.list(caller.agency.id);
  const visible = all.filter(({ id }) => seesBrand(caller, id));
  if (named === undefined) return visible;
  return [...new Set(named)].map((id) => {
    const brand = visible.find((one) => one.id === id);
    if (brand === undefined) throw refusal('unknown_brand', '/brand');
    return brand;
  });
}

export function isId(prefix: IdPrefix, id: string | undefined): id is string {
  return idSchema(prefix).safeParse(id).success;
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'not_found';
}
