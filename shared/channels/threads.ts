import * as z from 'zod';
import { API_VERSIONS } from './api-versions.ts';
import { type Graph, graphDelete, graphOk, graphReadFailure, graphStepFailure, isGone } from './graph.ts';
import { verifyMe } from './graph-tokens.ts';
import type { Context, Provider, PublishRequest } from './provider.ts';
import { findOnThreads } from './threads/find.ts';
import { stateOf } from './threads/handle.ts';
import {
  type ThreadsCredential,
  threadsCredential,
  threadsLogin,
  threadsMe,
  threadsRenewal,
} from './threads/login.ts';
import { threadsMetrics } from './threads/metrics.ts';
import {
  checkThreads,
  renderThreads,
  THREADS,
  type ThreadsOptions,
  threadsLimits,
  threadsOptions,
  threadsOptionsOf,
} from './threads/post.ts';
import { advance } from './threads/steps.ts';
import { threadsLength } from './threads/text.ts';

const { version } = API_VERSIONS.threads;

/** A Threads profile: https://developers.facebook.com/docs/threads */
export const threads = ({
  graph = 'https://graph.threads.net',
  www = 'https://www.threads.net',
} = {}): Provider<ThreadsCredential, ThreadsOptions> => {
  const graphOf = ({ accessToken }: ThreadsCredential): Graph => ({
    base: `${graph}/${version}`,
    accessToken,
  });
  const workOf = <Request extends PublishRequest<ThreadsCredential>>(request: Request, context: Context) => ({
    graph: graphOf(request.credential),
    request,
    context,
  });
  return {
    id: 'threads',
    name: THREADS,
    limits: threadsLimits,
    countText: threadsLength,
    credential: threadsCredential,
    options: threadsOptions,
    render: renderThreads,
    check: checkThreads,
    verify: (credential, context) => verifyMe(graphOf(credential), threadsMe, context),

    // Every container is made and kept before it is published, and says itself whether it was.
    safety: { kind: 'findable', findAfterSeconds: 60 },

    async publish(request, context) {
      if (threadsOptionsOf(request.variant) !== undefined) {
        return advance(workOf(request, context), stateOf(request));
      }
      return { kind: 'rejected', code: 'option_invalid', reason: 'an option has no valid value' };
    },
    poll: (request, context) => advance(workOf(request, context), stateOf(request)),
    find: (request, context) => findOnThreads(workOf(request, context)),

    metrics: threadsMetrics(graphOf),
    api: API_VERSIONS.threads,
    login: threadsLogin({ graph, www }, version),
    renewal: threadsRenewal(graph),

    // What follows a post stays when it goes. Last first: if it ends halfway, the rest can still be found by the post.
    async remove({ credential, externalId, parts = [] }, context) {
      let isGoneAlready = false;
      for (const id of [...parts.toReversed(), externalId]) {
        const answer = await context.http(graphDelete(graphOf(credential), id));
        const isRemoved = graphOk(answer, z.object({ success: z.literal(true) })) !== undefined;
        isGoneAlready = !isRemoved && (await isGone(graphOf(credential), answer, context));
        if (isRemoved || isGoneAlready) continue;
        const failure = graphStepFailure(answer, context.now());
        return failure.kind === 'rejected' ? failure : graphReadFailure(answer, context.now());
      }
      return { kind: isGoneAlready ? 'absent' : 'removed' };
    },
  };
};
