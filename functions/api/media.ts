import * as z from 'zod';
import { notFound } from '../../shared/domain/app-error.ts';
import { type Media, mediaInput } from '../../shared/domain/media.ts';
import type { Deps } from '../../shared/ports.ts';
import { deleteMedia } from '../../shared/usecases/delete-media.ts';
import { inspectMedia } from '../../shared/usecases/inspect-media.ts';
import { uploadMedia } from '../../shared/usecases/upload-media.ts';
import { isId, visibleBrand } from './lookup.ts';
import { mediaSchema, newMediaSchema, presentMedia, presentUpload } from './media-view.ts';
import { decodeCursor, pageQuery, pageSchema, presentPage } from './page.ts';
import { type ApiRequest, type Route, route } from './route.ts';

const tag = 'Media';

/** Served by a function of its own, the only one that carries what reads images and videos. */
export const inspectMediaRoute = route({
  method: 'POST',
  path: '/v1/brands/{brandId}/media/{mediaId}/inspect',
  operationId: 'inspectMedia',
  summary: 'Inspect an uploaded file',
  description:
    'Makes it `ready`: its bytes decide what it is, how large it is and how long. Of a still image two smaller ' +
    'JPEGs are made, without the metadata of the original. 409 while nothing has been uploaded; 422 when the bytes ' +
    'are damaged or of another type than was said, and then they are gone. Doing it twice is fine.',
  tag,
  scope: 'editor',
  answers: { 200: mediaSchema },
  handle: async (request, deps) => {
    const { inspector } = deps;
    if (inspector === undefined) throw notFound('address');
    const media = await visibleMedia(request, deps);
    const ready = await inspectMedia(deps, { media, inspector, actor: request.caller.actor });
    return { status: 200, body: presentMedia(ready) };
  },
});

export const mediaRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/v1/brands/{brandId}/media',
    operationId: 'uploadMedia',
    summary: 'Announce a file, and get the address to upload it to',
    description:
      'Send the bytes to `upload.url` with just these `upload.headers`, until `upload.expiresAt`, and then have them ' +
      'looked at. Only bytes of this length and SHA-256 are taken. The same bytes again are the same media: when ' +
      'they are there already, there is no `upload`. Images have at most 64 MB, everything else 4 GB.',
    tag,
    scope: 'editor',
    body: mediaInput.meta({ id: 'MediaInput' }),
    answers: { 201: newMediaSchema },
    handle: async (request, deps) => {
      const { caller, body: input } = request;
      const brand = await visibleBrand(request, deps, request.params.brandId ?? '');
      const { media, upload } = await uploadMedia(deps, {
        agencyId: caller.agency.id,
        brandId: brand.id,
        input,
        actor: caller.actor,
      });
      return {
        status: 201,
        headers: { location: `/v1/brands/${brand.id}/media/${media.id}` },
        body: { ...presentMedia(media), ...(upload ? { upload: presentUpload(upload) } : {}) },
      };
    },
  }),
  inspectMediaRoute,
  route({
    method: 'GET',
    path: '/v1/brands/{brandId}/media',
    operationId: 'listMedia',
    summary: 'Files of a client, in no particular order',
    tag,
    scope: 'reader',
    query: z.strictObject({ ...pageQuery }),
    answers: { 200: pageSchema(mediaSchema) },
    handle: async (request, deps) => {
      const brand = await visibleBrand(request, deps, request.params.brandId ?? '');
      const after = decodeCursor(request.query.cursor);
      const page = await deps.media.list(request.caller.agency.id, brand.id, {
        limit: request.query.limit,
        ...(after === undefined ? {} : { after }),
      });
      return { status: 200, body: presentPage(page, presentMedia) };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/brands/{brandId}/media/{mediaId}',
    operationId: 'getMedia',
    summary: 'One file, with what is known of it',
    tag,
    scope: 'reader',
    answers: { 200: mediaSchema },
    handle: async (request, deps) => ({
      status: 200,
      body: presentMedia(await visibleMedia(request, deps)),
    }),
  }),
  route({
    method: 'DELETE',
    path: '/v1/brands/{brandId}/media/{mediaId}',
    operationId: 'deleteMedia',
    summary: 'Delete a file and all that was made of it',
    description:
      'What is published stays on its networks. While posts that show it are still to go out the answer is a 409 ' +
      'that lists their deliveries in `deliveries`.',
    tag,
    scope: 'editor',
    answers: { 204: null },
    handle: async (request, deps) => {
      const media = await visibleMedia(request, deps);
      await deleteMedia(deps, { media, actor: request.caller.actor });
      return { status: 204 };
    },
  }),
];

/** What the path names, or 404: unknown, another brand's and outside the key's brands are all the same. */
async function visibleMedia(
  request: Pick<ApiRequest, 'caller' | 'params'>,
  deps: Pick<Deps, 'brands' | 'media'>,
): Promise<Media> {
  const brand = await visibleBrand(request, deps, request.params.brandId ?? '');
  const { mediaId } = request.params;
  const media = isId('med', mediaId)
    ? await deps.media.get(request.caller.agency.id, brand.id, mediaId)
    : undefined;
  if (media === undefined) throw notFound('media');
  return media;
}
