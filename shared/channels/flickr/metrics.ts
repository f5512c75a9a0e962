import * as z from 'zod';
import { type Metrics, told } from '../../domain/metrics.ts';
import type { Measuring } from '../provider.ts';
import {
  type FlickrCredential,
  type FlickrHosts,
  flickrCall,
  flickrError,
  flickrOk,
  flickrReadFailure,
} from './api.ts';

/** Of the first photo of a post. Two requests each: an hour grants 3,600 to all who use one key. */
export const flickrMetrics = (hosts: FlickrHosts): Measuring<FlickrCredential> => ({
  told: { views: 'views', reactions: 'favorites', replies: 'comments' },
  batch: 1,
  async fetch({ credential, externalIds }, context) {
    const measured = new Map<string, Metrics | 'removed'>();
    const ask = (method: string, given: Readonly<Record<string, string>>) =>
      flickrCall(hosts, credential, { by: 'http', verb: 'GET', method, given }, context);
    for (const id of externalIds.filter((one) => /^\d+$/.test(one))) {
      const info = await ask('flickr.photos.getInfo', { photo_id: id });
      const photo = flickrOk(info, infoSchema)?.photo;
      if (photo === undefined) {
        if (flickrError(info)?.code !== NOT_FOUND) return flickrReadFailure(info, context.now());
        measured.set(id, 'removed');
        continue;
      }
      const favorites = await ask('flickr.photos.getFavorites', { photo_id: id, per_page: '1' });
      const reactions = flickrOk(favorites, favoritesSchema)?.photo.total ?? null;
      measured.set(id, told({ views: photo.views, reactions, replies: photo.comments._content }));
    }
    return measured;
  },
  followers: async () => null,
});

/** https://www.flickr.com/services/api/flickr.photos.getInfo.html */
export const NOT_FOUND = 1;

const infoSchema = z.object({
  photo: z.object({ views: z.coerce.number(), comments: z.object({ _content: z.coerce.number() }) }),
});
const favoritesSchema = z.object({ photo: z.object({ total: z.coerce.number() }) });
