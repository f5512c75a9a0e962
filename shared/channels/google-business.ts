import { fileFor } from '../domain/media.ts';
import { codePoints } from '../domain/text-count.ts';
import { bearerRequest } from './bearer.ts';
import { checkContent } from './check-content.ts';
import {
  GOOGLE_HOSTS,
  type GoogleBusinessCredential,
  type GoogleHosts,
  googleBusinessCredential,
  googleFailure,
  googleReadFailure,
  isGoogleGone,
  postsOf,
} from './google-business/api.ts';
import { editOnGoogle } from './google-business/edit.ts';
import { findOnGoogle } from './google-business/find.ts';
import { googleBusinessLogin, googleBusinessRenewal, verifyGoogleBusiness } from './google-business/login.ts';
import {
  checkGoogle,
  GOOGLE_IMAGE,
  GOOGLE_LIMITS,
  type GoogleBusinessOptions,
  googleBusinessOptions,
  renderGoogle,
  toLocalPost,
} from './google-business/post.ts';
import { lookAfter, POST_NAME, toOutcome } from './google-business/state.ts';
import type { Provider } from './provider.ts';

const NAME = 'Google Business Profile';

/** Posts of a business on Google Search and Maps; Google tells no figures of single posts any more. */
export const googleBusiness = (
  hosts: GoogleHosts = GOOGLE_HOSTS,
): Provider<GoogleBusinessCredential, GoogleBusinessOptions> => ({
  id: 'google-business',
  name: NAME,
  limits: GOOGLE_LIMITS,
  countText: codePoints,
  credential: googleBusinessCredential,
  options: googleBusinessOptions,
  render: renderGoogle,
  check: (variant) => [
    ...checkContent(
      { name: NAME, limits: GOOGLE_LIMITS, countText: codePoints, render: renderGoogle },
      variant,
    ),
    ...checkGoogle(variant),
  ],
  verify: (credential, context) => verifyGoogleBusiness(hosts, credential, context),

  safety: { kind: 'findable', findAfterSeconds: 60 },

  async publish(request, context) {
    const { variant, credential } = request;
    const [media] = variant.media ?? [];
    const file = media && fileFor(media, GOOGLE_IMAGE);
    if (typeof file === 'string')
      return { kind: 'rejected', code: 'media_refused', reason: `the photo: ${file}` };
    const body = toLocalPost(variant, file && (await context.media.url(file)));
    const answer = await context.send(
      bearerRequest(credential, 'POST', postsOf(hosts, credential), { body }),
    );
    return toOutcome(answer, request, context.now());
  },

  poll: (request, context) => lookAfter(hosts, request, context),
  find: (request, context) => findOnGoogle(hosts, request, context),
  edit: (request, context) => editOnGoogle(hosts, request, context),
  login: googleBusinessLogin(hosts),
  renewal: googleBusinessRenewal(hosts),

  async remove({ credential, externalId }, context) {
    if (!POST_NAME.test(externalId)) return { kind: 'absent' };
    const answer = await context.http(bearerRequest(credential, 'DELETE', `${hosts.posts}/v4/${externalId}`));
    if (answer.kind === 'answered' && answer.status === 200) return { kind: 'removed' };
    if (isGoogleGone(answer)) return { kind: 'absent' };
    const failure = googleFailure(answer, context.now());
    return failure.kind === 'rejected' ? failure : googleReadFailure(answer, context.now());
  },
});
