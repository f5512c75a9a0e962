import { codePoints } from '../domain/text-count.ts';
import { ok } from './outcome.ts';
import type { Context, FindRequest, Found, Provider } from './provider.ts';
import {
  call,
  isRemoved,
  linkListing,
  REDDIT_HOSTS,
  type RedditCredential,
  type RedditHosts,
  redditCredential,
  toFailure,
  urlOf,
} from './reddit/api.ts';
import { editOnReddit } from './reddit/edit.ts';
import { alikePosts, hasComment } from './reddit/find.ts';
import { redditLogin, redditRenewal, verifyReddit } from './reddit/login.ts';
import { redditMetrics } from './reddit/metrics.ts';
import { afterRoot, type Handle, handleOf, lookForImage, type Root, sendComment } from './reddit/steps.ts';
import {
  bodyOf,
  checkSubmission,
  REDDIT_LIMITS,
  type RedditOptions,
  redditOptions,
} from './reddit/submission.ts';
import { submit } from './reddit/submit.ts';

/**
 * An account on Reddit that posts to a subreddit. An agency needs an app of its own there, and since November 2025
 * Reddit reviews every one by hand and turns many down
 * (https://support.reddithelp.com/hc/en-us/articles/42728983564564, the Responsible Builder Policy); commercial use
 * needs a contract. Without an approved app nothing here works.
 */
export function reddit(hosts = REDDIT_HOSTS): Provider<RedditCredential, RedditOptions> {
  const provider: Provider<RedditCredential, RedditOptions> = {
    id: 'reddit',
    name: 'Reddit',
    limits: REDDIT_LIMITS,
    countText: codePoints,
    credential: redditCredential,
    options: redditOptions,
    render: bodyOf,
    check: (variant) => checkSubmission(provider, variant),
    verify: (credential, context) => verifyReddit(hosts, credential, context),

    // Own texts and links are listed at once; an image post only when its image is processed, which takes minutes.
    safety: { kind: 'findable', findAfterSeconds: 300 },

    publish: (request, context) => submit(hosts, request, undefined, context),

    async poll(request, context) {
      const handle = handleOf(request);
      if (handle?.step === 'look') return lookForImage(hosts, request, handle, context);
      if (handle?.step === 'comment') return sendComment(hosts, request, handle, context);
      return submit(hosts, request, handle, context);
    },

    async find(request, context) {
      const handle = handleOf(request);
      if (handle?.step !== 'comment') return findPost(hosts, request, handle, context);
      const found = await hasComment(hosts, request, handle.externalId, context);
      if (typeof found === 'object') return found;
      const { externalId, url } = handle;
      return found ? { kind: 'found', externalId, url } : { kind: 'absent' };
    },

    metrics: redditMetrics(hosts),
    login: redditLogin(hosts),
    renewal: redditRenewal(hosts),

    edit: (request, context) => editOnReddit(hosts, request, context),

    async remove({ credential, externalId, parts = [] }, context) {
      // Deleting answers the same whatever there is to delete.
      const path = `/api/info?id=${encodeURIComponent(externalId)}&raw_json=1`;
      const answer = await context.http(call(hosts, credential, 'GET', path));
      const posts = ok(answer, linkListing);
      if (posts === undefined) return toFailure(answer, context.now());
      const [post] = posts;
      const stands = post !== undefined && !isRemoved(post);
      for (const id of [...parts, ...(stands ? [externalId] : [])]) {
        const deleted = await context.http(call(hosts, credential, 'POST', '/api/del', { form: { id } }));
        if (deleted.kind !== 'answered' || deleted.status >= 300) return toFailure(deleted, context.now());
      }
      return { kind: stands ? 'removed' : 'absent' };
    },
  };
  return provider;
}

async function findPost(
  hosts: RedditHosts,
  request: FindRequest<RedditCredential>,
  handle: Handle | undefined,
  context: Context,
): Promise<Found> {
  const known = handle?.step === 'look' ? handle : undefined;
  const since = Math.min(request.since, known?.since ?? request.since);
  const listed = await alikePosts(hosts, request, since, context);
  if (listed.kind !== 'listed') return listed;
  const post = listed.posts.findLast(
    ({ name }) => !request.excluding.has(name) && !known?.before.includes(name),
  );
  if (post !== undefined) {
    const out: Root = { externalId: post.name, url: urlOf(post) };
    const next = afterRoot(request, out, context);
    return { kind: 'found', ...out, ...(next.kind === 'pending' ? { then: next.handle } : {}) };
  }
  // Reddit has said that it took it: what is not there yet may still come.
  if (known !== undefined)
    return { kind: 'cannotTell', reason: 'Reddit has taken the image post and does not show it' };
  return listed.whole
    ? { kind: 'absent' }
    : { kind: 'cannotTell', reason: 'too many newer posts stand before it' };
}
