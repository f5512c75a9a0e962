import { codePoints } from '../domain/text-count.ts';
import { API_VERSIONS } from './api-versions.ts';
import { withLink } from './check-content.ts';
import type { Graph } from './graph.ts';
import { sendFirstComment } from './graph-comment.ts';
import { verifyMe } from './graph-tokens.ts';
import { findOnInstagram } from './instagram/find.ts';
import {
  type InstagramCredential,
  instagramCredential,
  instagramLogin,
  instagramMe,
  instagramRenewal,
} from './instagram/login.ts';
import { instagramMetrics } from './instagram/metrics.ts';
import {
  checkInstagram,
  INSTAGRAM,
  type InstagramOptions,
  instagramLimits,
  instagramOptions,
  instagramOptionsOf,
} from './instagram/post.ts';
import { begin, gather, handleOf, type InstagramWork, publishContainer } from './instagram/steps.ts';
import type { Context, Outcome, Provider, PublishRequest } from './provider.ts';

const { version } = API_VERSIONS.instagram;

/**
 * A professional Instagram account, by Instagram Login: https://developers.facebook.com/docs/instagram-platform
 * Taking a post off the network is offered to accounts of Facebook Login only.
 */
export const instagram = ({
  graph = 'https://graph.instagram.com',
  api = 'https://api.instagram.com',
  www = 'https://www.instagram.com',
} = {}): Provider<InstagramCredential, InstagramOptions> => {
  const graphOf = ({ accessToken }: InstagramCredential): Graph => ({
    base: `${graph}/${version}`,
    accessToken,
  });
  const workOf = <Request extends PublishRequest<InstagramCredential>>(
    request: Request,
    context: Context,
  ) => ({
    graph: graphOf(request.credential),
    request,
    context,
  });
  return {
    id: 'instagram',
    name: INSTAGRAM,
    limits: instagramLimits,
    countText: codePoints,
    credential: instagramCredential,
    options: instagramOptions,
    render: withLink,
    check: checkInstagram,
    verify: (credential, context) => verifyMe(graphOf(credential), instagramMe, context),

    // The container is made and kept before it is published, and says itself whether it was.
    safety: { kind: 'findable', findAfterSeconds: 60 },

    publish: async (request, context) => step(workOf(request, context)),
    poll: async (request, context) => step(workOf(request, context)),
    find: (request, context) => findOnInstagram(workOf(request, context)),

    metrics: instagramMetrics(graphOf),
    api: API_VERSIONS.instagram,
    login: instagramLogin({ graph, api, www }, version),
    renewal: instagramRenewal(graph),
  };
};

async function step(work: InstagramWork): Promise<Outcome> {
  const handle = handleOf(work.request);
  switch (handle.is) {
    case 'start':
      if (instagramOptionsOf(work.request.variant) !== undefined) return begin(work, handle);
      return { kind: 'rejected', code: 'option_invalid', reason: 'an option has no valid value' };
    case 'children':
      return gather(work, handle);
    case 'container':
      return publishContainer(work, handle);
    case 'out':
      return sendFirstComment(work, { ...handle, post: handle.media });
  }
}
