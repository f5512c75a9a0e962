import { codePoints } from '../domain/text-count.ts';
import { API_VERSIONS } from './api-versions.ts';
import { withLink } from './check-content.ts';
import { editOnFacebook } from './facebook/edit.ts';
import { findOnFacebook } from './facebook/find.ts';
import { type FacebookWork, handleOf } from './facebook/handle.ts';
import { type FacebookCredential, facebookCredential, facebookLogin, verifyPage } from './facebook/login.ts';
import { facebookMetrics } from './facebook/metrics.ts';
import {
  checkFacebook,
  FACEBOOK,
  type FacebookOptions,
  facebookLimits,
  facebookOptions,
  facebookOptionsOf,
} from './facebook/post.ts';
import { awaitVideo, begin, finishReel } from './facebook/steps.ts';
import { succeeded } from './facebook/video.ts';
import { type Graph, graphDelete, graphOk, graphReadFailure, graphStepFailure, isGone } from './graph.ts';
import { sendFirstComment } from './graph-comment.ts';
import type { Context, Outcome, Provider, PublishRequest } from './provider.ts';
import { endOf } from './token-renewal.ts';

const { version } = API_VERSIONS.facebook;

/** A Facebook Page, by the Pages API: https://developers.facebook.com/documentation/pages-api */
export const facebook = ({
  graph = 'https://graph.facebook.com',
  upload = 'https://rupload.facebook.com',
  dialog = 'https://www.facebook.com',
} = {}): Provider<FacebookCredential, FacebookOptions> => {
  const base = `${graph}/${version}`;
  const graphOf = ({ accessToken }: FacebookCredential): Graph => ({ base, accessToken });
  const workOf = <Request extends PublishRequest<FacebookCredential>>(
    request: Request,
    context: Context,
  ) => ({
    graph: graphOf(request.credential),
    upload: `${upload}/video-upload/${version}`,
    request,
    context,
  });
  return {
    id: 'facebook',
    name: FACEBOOK,
    limits: facebookLimits,
    countText: codePoints,
    credential: facebookCredential,
    options: facebookOptions,
    render: withLink,
    check: checkFacebook,
    verify: (credential, context) => verifyPage(graphOf(credential), context),

    // Posts have no key: the newest are looked through. A request that was cut off may be carried out later still.
    safety: { kind: 'findable', findAfterSeconds: 120 },

    publish: async (request, context) => step(workOf(request, context)),
    poll: async (request, context) => step(workOf(request, context)),
    find: (request, context) => findOnFacebook(workOf(request, context)),

    metrics: facebookMetrics(graphOf),
    api: API_VERSIONS.facebook,
    login: facebookLogin(base, `${dialog}/${version}/dialog/oauth`),
    renewal: { expiresAt: endOf },

    edit: (request, context) => editOnFacebook(graphOf(request.credential), request, context),

    // Its comments go with a post.
    async remove({ credential, externalId }, context) {
      const answer = await context.http(graphDelete(graphOf(credential), externalId));
      if (graphOk(answer, succeeded) !== undefined) return { kind: 'removed' };
      if (await isGone(graphOf(credential), answer, context)) return { kind: 'absent' };
      const failure = graphStepFailure(answer, context.now());
      return failure.kind === 'rejected' ? failure : graphReadFailure(answer, context.now());
    },
  };
};

async function step(work: FacebookWork): Promise<Outcome> {
  const handle = handleOf(work.request);
  switch (handle.is) {
    case 'start':
      if (facebookOptionsOf(work.request.variant) !== undefined) return begin(work);
      return { kind: 'rejected', code: 'option_invalid', reason: 'an option has no valid value' };
    case 'reel':
      return finishReel(work, handle);
    case 'video':
      return awaitVideo(work, handle);
    case 'out':
      return sendFirstComment(work, handle);
  }
}
