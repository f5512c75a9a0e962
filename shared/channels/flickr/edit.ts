import * as z from 'zod';
import { notEditable, refuseFixed } from '../../domain/fixed-parts.ts';
import type { Context, Provider } from '../provider.ts';
import {
  type FlickrCredential,
  type FlickrHosts,
  flickrCall,
  flickrError,
  flickrFailure,
  flickrOk,
  flickrReadFailure,
  flickrReason,
} from './api.ts';
import { NOT_FOUND } from './metrics.ts';
import { flickrDescription, flickrTitle } from './photo.ts';

type Edit = NonNullable<Provider<FlickrCredential>['edit']>;

/** Each has a method of its own at Flickr, and the album its own title. */
const FIXED = ['tags', 'visibility', 'safety', 'contentType', 'hidden', 'album', 'albumId', 'allowDuplicate'];

/**
 * Says title and description anew, of every photo: each bears the words, and below them what is to be seen on it.
 * https://www.flickr.com/services/api/flickr.photos.setMeta.html
 */
export async function editOnFlickr(
  hosts: FlickrHosts,
  request: Parameters<Edit>[0],
  context: Context,
): ReturnType<Edit> {
  const { variant, credential, externalId, parts = [] } = request;
  const refused = refuseFixed('Flickr', request, { options: FIXED });
  if (refused !== undefined) return refused;
  const { media = [] } = variant;
  const ids = [externalId, ...parts];
  if (ids.length !== media.length) {
    return notEditable('Not all photos went out, so it cannot be told which of them is which');
  }
  const title = flickrTitle(variant);
  for (const [index, attachment] of media.entries()) {
    const photo_id = ids[index] ?? '';
    const given = { photo_id, title, description: flickrDescription(variant, attachment) };
    const method = 'flickr.photos.setMeta';
    const answer = await flickrCall(hosts, credential, { by: 'http', verb: 'POST', method, given }, context);
    if (flickrOk(answer, z.unknown()) !== undefined) continue;
    const error = flickrError(answer);
    const failure = flickrFailure(answer, error, 'method', context.now());
    if (error?.code === NOT_FOUND) {
      // One that somebody took off its album needs no words; without the first, the publication is gone.
      if (index > 0) continue;
      return { kind: 'rejected', code: 'gone', reason: flickrReason(failure) };
    }
    return failure.kind === 'rejected' ? failure : flickrReadFailure(answer, context.now());
  }
  return { kind: 'edited' };
}
