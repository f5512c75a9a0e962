import { notEditable, refuseFixed } from '../../domain/fixed-parts.ts';
import { ok } from '../outcome.ts';
import type { Context, Provider } from '../provider.ts';
import { call, isRemoved, linkListing, type RedditCredential, type RedditHosts, toFailure } from './api.ts';
import { dataOf, toRefusal } from './errors.ts';
import { bodyOf, kindOfSubmission } from './submission.ts';

type Edit = NonNullable<Provider<RedditCredential>['edit']>;

const FIXED = ['subreddit', 'title', 'flairId', 'flairText', 'nsfw', 'spoiler', 'sendReplies'];

/** Says the body of a text post anew: https://www.reddit.com/dev/api/#POST_api_editusertext. Titles stay for ever. */
export async function editOnReddit(
  hosts: RedditHosts,
  request: Parameters<Edit>[0],
  context: Context,
): ReturnType<Edit> {
  const { variant, was = variant, credential, externalId } = request;
  if (kindOfSubmission(was) !== 'self' || kindOfSubmission(variant) !== 'self') {
    return notEditable('Reddit changes text posts only, and makes no post of another kind of them');
  }
  const refused = refuseFixed('Reddit', request, { options: FIXED });
  if (refused !== undefined) return refused;
  // Of a post that is gone, Reddit says that somebody else has written it.
  const path = `/api/info?id=${encodeURIComponent(externalId)}&raw_json=1`;
  const read = await context.http(call(hosts, credential, 'GET', path));
  const posts = ok(read, linkListing);
  if (posts === undefined) return toFailure(read, context.now());
  const [post] = posts;
  if (post === undefined || isRemoved(post)) return GONE;
  const form = { api_type: 'json', thing_id: externalId, text: bodyOf(variant) };
  const answer = await context.http(
    call(hosts, credential, 'POST', '/api/editusertext?raw_json=1', { form }),
  );
  if (dataOf(answer) !== undefined) return { kind: 'edited' };
  const outcome = toRefusal(answer, context.now());
  const { kind } = outcome;
  if (kind === 'rejected' || kind === 'rateLimited' || kind === 'unauthorized') return outcome;
  return toFailure(answer, context.now());
}

const GONE = { kind: 'rejected', code: 'gone', reason: 'the post was deleted or taken off' } as const;
