import * as z from 'zod';
import { finding } from '../domain/finding.ts';
import { codePoints } from '../domain/text-count.ts';
import { checkContent, withLink } from './check-content.ts';
import {
  FLICKR_HOSTS,
  type FlickrCredential,
  type FlickrHosts,
  flickrCall,
  flickrCredential,
  flickrError,
  flickrFailure,
  flickrOk,
  flickrReadFailure,
  flickrReason,
} from './flickr/api.ts';
import { editOnFlickr } from './flickr/edit.ts';
import { findOnFlickr } from './flickr/find.ts';
import { flickrMetrics, NOT_FOUND } from './flickr/metrics.ts';
import {
  FLICKR_MEDIA,
  type FlickrOptions,
  flickrOptions,
  flickrOptionsOf,
  flickrTitle,
} from './flickr/photo.ts';
import { accountUrl, BEGINNING, readFlickrState } from './flickr/state.ts';
import { flickrStep } from './flickr/steps.ts';
import { unverified } from './outcome.ts';
import type { Provider } from './provider.ts';

const NAME = 'Flickr';
const limits: Provider['limits'] = { text: null, unit: 'characters', media: FLICKR_MEDIA };

/** Flickr, by OAuth 1.0a; each file is a photo of its own, several of them an album. */
export const flickr = (hosts: FlickrHosts = FLICKR_HOSTS): Provider<FlickrCredential, FlickrOptions> => ({
  id: 'flickr',
  name: NAME,
  limits,
  countText: codePoints,
  credential: flickrCredential,
  options: flickrOptions,
  render: withLink,
  check: (variant) => [
    ...checkContent({ name: NAME, limits, countText: codePoints, render: withLink }, variant),
    ...(flickrOptionsOf(variant).title === undefined
      ? [
          finding('warning', 'title_from_text', '/options/title', {
            network: NAME,
            title: flickrTitle(variant),
          }),
        ]
      : []),
  ],

  async verify(credential, context) {
    const answer = await flickrCall(
      hosts,
      credential,
      { by: 'http', verb: 'GET', method: 'flickr.test.login' },
      context,
    );
    const user = flickrOk(answer, userSchema)?.user;
    if (user !== undefined) {
      return {
        kind: 'verified',
        account: { id: user.id, handle: user.username._content, url: accountUrl(user.id) },
        facts: {},
      };
    }
    return unverified(flickrFailure(answer, flickrError(answer), 'method', context.now()));
  },

  // A photo is listed once it has been processed, which takes seconds, of a video minutes.
  safety: { kind: 'findable', findAfterSeconds: 300, marked: true },

  publish: (request, context) => flickrStep(hosts, request, BEGINNING, context),

  async poll(request, context) {
    const state = readFlickrState(request.delivery.handle);
    if (state === undefined) return { kind: 'uncertain', reason: 'the note of what was sent cannot be read' };
    return flickrStep(hosts, request, state, context);
  },

  find: (request, context) => findOnFlickr(hosts, request, context),

  metrics: flickrMetrics(hosts),
  edit: (request, context) => editOnFlickr(hosts, request, context),

  async remove({ credential, externalId, parts = [] }, context) {
    let kind: 'removed' | 'absent' = 'absent';
    // The first one last: as long as it stands, all can be tried again.
    for (const id of [...parts, externalId]) {
      const given = { photo_id: id };
      const answer = await flickrCall(
        hosts,
        credential,
        { by: 'http', verb: 'POST', method: 'flickr.photos.delete', given },
        context,
      );
      const error = flickrError(answer);
      if (error?.code === NOT_FOUND) continue;
      if (flickrOk(answer, z.unknown()) === undefined) {
        const failure = flickrFailure(answer, error, 'method', context.now());
        // Deleting is a permission of its own, which a token that writes may lack.
        if (error?.code === NOT_PERMITTED) {
          return { kind: 'rejected', code: 'not_permitted', reason: flickrReason(failure) };
        }
        return failure.kind === 'rejected' ? failure : flickrReadFailure(answer, context.now());
      }
      kind = 'removed';
    }
    return { kind };
  },
});

const NOT_PERMITTED = 99;
const userSchema = z.object({
  user: z.object({
    id: z.string().regex(/^[\w@-]{3,40}$/),
    username: z.object({ _content: z.string().min(1) }),
  }),
});
