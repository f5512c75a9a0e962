import * as z from 'zod';
import { MINUTE, SECOND } from '../../domain/time.ts';
import type { Context, FindRequest, Found } from '../provider.ts';
import { findAlbum } from './album.ts';
import {
  type FlickrCredential,
  type FlickrHosts,
  flickrCall,
  flickrError,
  flickrFailure,
  flickrOk,
  flickrReason,
} from './api.ts';
import { flickrMark, flickrOptionsOf } from './photo.ts';
import { accountUrl, BEGINNING, photoUrl, readFlickrState, withPhoto } from './state.ts';

/** Looks for the photo, or the album, that was in doubt: a photo by its mark among the account's newest. */
export async function findOnFlickr(
  hosts: FlickrHosts,
  request: FindRequest<FlickrCredential>,
  context: Context,
): Promise<Found> {
  const { variant, channel, delivery, credential, since, excluding } = request;
  const state = delivery.handle === undefined ? BEGINNING : readFlickrState(delivery.handle);
  if (state === undefined) return { kind: 'cannotTell', reason: 'the note of what was sent cannot be read' };
  const nsid = channel.account.id;
  const wanted = (variant.media ?? []).length;
  if (state.next >= wanted) {
    const album = await findAlbum(hosts, request, state, context);
    if (album === 'none') return { kind: 'absent' };
    if (!('id' in album)) return { kind: 'cannotTell', reason: flickrReason(album) };
    const url = `${accountUrl(nsid)}albums/${album.id}`;
    const then = JSON.stringify({ ...state, album: album.id });
    return { kind: 'found', externalId: `album:${album.id}`, url, then };
  }

  const given = {
    user_id: 'me',
    min_upload_date: String(Math.floor((since - MINUTE) / SECOND)),
    extras: 'machine_tags',
    per_page: String(PAGE),
  };
  const answer = await flickrCall(
    hosts,
    credential,
    { by: 'http', verb: 'GET', method: 'flickr.people.getPhotos', given },
    context,
  );
  const photos = flickrOk(answer, photosSchema)?.photos.photo;
  if (photos === undefined) {
    const failure = flickrFailure(answer, flickrError(answer), 'method', context.now());
    return { kind: 'cannotTell', reason: flickrReason(failure) };
  }
  const mark = flickrMark(delivery.key, state.next);
  const own = photos.find(
    ({ id, machine_tags }) => machine_tags.split(' ').includes(mark) && !excluding.has(id),
  );
  if (own === undefined) {
    return photos.length < PAGE ? { kind: 'absent' } : { kind: 'cannotTell', reason: `${PAGE} newer photos` };
  }
  const alone = wanted === 1 && flickrOptionsOf(variant).albumId === undefined;
  return {
    kind: 'found',
    externalId: own.id,
    url: photoUrl(nsid, own.id),
    ...(alone ? {} : { then: JSON.stringify(withPhoto(state, own.id)) }),
  };
}

const PAGE = 500;

const photosSchema = z.object({
  photos: z.object({
    photo: z.array(z.object({ id: z.coerce.string(), machine_tags: z.string().default('') })),
  }),
});
