import type { Route } from '../../functions/api/route.ts';
import { givenBrand, givenChannel } from './api-steps.ts';
import { apiWorld } from './api-world.ts';

/** When the posts of this world are due, unless told otherwise: nine in the morning in the brand's own zone. */
export const DUE = '2026-11-30T09:00:00+01:00';

/** An API with a brand and its one channel, and a post to queue there. */
export async function postWorld(routes: readonly Route[]) {
  const world = await apiWorld({ routes });
  const brand = await givenBrand(world);
  const channel = await givenChannel(world);
  const body = (over: object = {}) => ({
    content: { text: 'Fresh bread.' },
    channels: [channel.id],
    dueAt: DUE,
    ...over,
  });
  const create = (
    over: object = {},
    options: { key?: string; headers?: Record<string, string>; brandId?: string } = {},
  ) =>
    world.request('POST', `/v1/brands/${options.brandId ?? brand.id}/posts`, {
      ...options,
      body: body(over),
    });
  return { world, brand, channel, body, create };
}
