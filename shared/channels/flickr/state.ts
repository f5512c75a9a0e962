import * as z from 'zod';
import type { Variant } from '../../domain/content.ts';
import type { Instant } from '../../domain/time.ts';
import { readHandle } from '../handle.ts';
import type { Outcome, PublishRequest } from '../provider.ts';
import { flickrOptionsOf } from './photo.ts';

/**
 * How far a delivery has come: `next` photo to be uploaded or, while there is a `ticket`, being processed `since`; the
 * `ids` of those that stand; the `album` once it is there; words for what is `missing`.
 */
export type FlickrState = z.infer<typeof stateSchema>;
const stateSchema = z.object({
  next: z.int().min(0),
  ids: z.array(z.string()),
  ticket: z.string().optional(),
  since: z.int().optional(),
  album: z.string().optional(),
  missing: z.string().optional(),
});

export const BEGINNING: FlickrState = { next: 0, ids: [] };

export const readFlickrState = (handle: string | undefined): FlickrState | undefined =>
  readHandle(stateSchema, handle);

export const wantsAlbum = (variant: Variant, { ids }: FlickrState): boolean =>
  flickrOptionsOf(variant).albumId !== undefined ? ids.length > 0 : ids.length > 1;

export const accountUrl = (nsid: string): string => `https://www.flickr.com/photos/${encodeURI(nsid)}/`;
export const photoUrl = (nsid: string, id: string): string => `${accountUrl(nsid)}${id}/`;

/** The next step is kept before it is taken: a crash must not forget a photo that stands. */
export function keep(state: FlickrState, nsid: string, checkAt: Instant): Outcome {
  const [first, ...parts] = state.ids;
  const out = first === undefined ? {} : { out: { externalId: first, url: photoUrl(nsid, first) }, parts };
  return { kind: 'pending', handle: JSON.stringify(state), checkAt, ...out };
}

export function withPhoto(
  { ticket: _ticket, since: _since, ...state }: FlickrState,
  id: string,
): FlickrState {
  return { ...state, ids: [...state.ids, id], next: state.next + 1 };
}

export const withMissing = (state: FlickrState, what: string): FlickrState => ({
  ...state,
  missing: [state.missing, what].filter(Boolean).join('; ').slice(0, 200),
});

/** After a photo: the next one, the album, or the end. */
export function advance(
  state: FlickrState,
  { variant, channel }: Pick<PublishRequest<unknown>, 'variant' | 'channel'>,
  now: Instant,
): Outcome {
  const uploads = state.next < (variant.media ?? []).length;
  return uploads || wantsAlbum(variant, state)
    ? keep(state, channel.account.id, now)
    : finished(state, channel.account.id);
}

export function finished(state: FlickrState, nsid: string): Outcome {
  const [first, ...parts] = state.ids;
  if (first === undefined)
    return { kind: 'rejected', code: 'media_refused', reason: state.missing ?? 'no photo' };
  return {
    kind: 'published',
    externalId: first,
    url: photoUrl(nsid, first),
    ...(parts.length === 0 ? {} : { parts }),
    ...(state.missing === undefined ? {} : { missing: state.missing }),
  };
}
