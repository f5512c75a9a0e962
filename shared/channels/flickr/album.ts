import * as z from 'zod';
import type { Context, Outcome, PublishRequest } from '../provider.ts';
import {
  type FlickrCredential,
  type FlickrHosts,
  flickrCall,
  flickrError,
  flickrFailure,
  flickrOk,
} from './api.ts';
import { flickrOptionsOf, flickrTitle } from './photo.ts';
import { type FlickrState, finished, keep, withMissing } from './state.ts';

type Request = PublishRequest<FlickrCredential>;

/**
 * Puts the photos, which stand by now, into an album: makes it, in a step of its own, unless the author has named one.
 * https://www.flickr.com/services/api/flickr.photosets.create.html
 */
export async function makeAlbum(
  hosts: FlickrHosts,
  request: Request,
  state: FlickrState,
  context: Context,
): Promise<Outcome> {
  const nsid = request.channel.account.id;
  const { album: title = flickrTitle(request.variant), albumId } = flickrOptionsOf(request.variant);
  const album = state.album ?? albumId;
  if (album !== undefined) return fill(hosts, request, state, album, context);
  const given = { title, primary_photo_id: state.ids[0] ?? '' };
  const method = 'flickr.photosets.create';
  const answer = await flickrCall(
    hosts,
    request.credential,
    { by: 'send', verb: 'POST', method, given },
    context,
  );
  const made = flickrOk(answer, createdSchema)?.photoset.id;
  if (made !== undefined) return keep({ ...state, album: made }, nsid, context.now());
  return orMissing(answer, state, nsid, context);
}

/** May be repeated: a photo that is in it already is said to be. */
async function fill(
  hosts: FlickrHosts,
  { credential, channel }: Request,
  state: FlickrState,
  album: string,
  context: Context,
): Promise<Outcome> {
  for (const id of state.ids) {
    const given = { photoset_id: album, photo_id: id };
    const method = 'flickr.photosets.addPhoto';
    const answer = await flickrCall(hosts, credential, { by: 'http', verb: 'POST', method, given }, context);
    const done = flickrOk(answer, z.unknown()) !== undefined || flickrError(answer)?.code === ALREADY_IN;
    if (!done) return orMissing(answer, state, channel.account.id, context);
  }
  return finished(state, channel.account.id);
}

const ALREADY_IN = 3;

/** The photos are out: an album that is refused is missing. */
function orMissing(
  answer: Parameters<typeof flickrError>[0],
  state: FlickrState,
  nsid: string,
  context: Context,
): Outcome {
  const outcome = flickrFailure(answer, flickrError(answer), 'method', context.now());
  if (outcome.kind !== 'rejected') return outcome;
  return finished(withMissing(state, `The album: ${outcome.reason}`), nsid);
}

const createdSchema = z.object({ photoset: z.object({ id: z.coerce.string().regex(/^\d+$/) }) });

/** The album that was made for these photos, known by the one that stands for it; `none` where there is not any. */
export async function findAlbum(
  hosts: FlickrHosts,
  { credential, channel }: Request,
  { ids: [first] }: FlickrState,
  context: Context,
): Promise<{ id: string } | 'none' | Outcome> {
  const given = { user_id: channel.account.id, per_page: '50', page: '1' };
  const method = 'flickr.photosets.getList';
  const answer = await flickrCall(hosts, credential, { by: 'http', verb: 'GET', method, given }, context);
  const albums = flickrOk(answer, listSchema)?.photosets.photoset;
  if (albums === undefined) return flickrFailure(answer, flickrError(answer), 'method', context.now());
  return albums.find(({ primary }) => primary === first) ?? 'none';
}

const listSchema = z.object({
  photosets: z.object({
    photoset: z.array(z.object({ id: z.coerce.string(), primary: z.coerce.string().optional() })),
  }),
});
