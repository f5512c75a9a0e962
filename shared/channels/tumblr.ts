import * as z from 'zod';
import type { Account } from '../domain/channel.ts';
import { codePoints } from '../domain/text-count.ts';
import { HOUR, type Instant, SECOND } from '../domain/time.ts';
import { withLink } from './check-content.ts';
import { readHandle } from './handle.ts';
import { multipart } from './multipart.ts';
import type { Context, HttpAnswer, HttpRequest, Outcome, Provider, PublishRequest } from './provider.ts';
import {
  blogPath,
  call,
  isGone,
  ok,
  TUMBLR_API,
  type TumblrCredential,
  toFailure,
  toRefusal,
  tumblrCredential,
} from './tumblr/api.ts';
import type { BlockFile } from './tumblr/blocks.ts';
import { editOnTumblr } from './tumblr/edit.ts';
import { findPost } from './tumblr/find.ts';
import { tumblrLogin, tumblrRenewal, verifyTumblr } from './tumblr/login.ts';
import { tumblrMetrics } from './tumblr/metrics.ts';
import {
  checkPost,
  filesOf,
  optionsOf,
  TUMBLR_LIMITS,
  type TumblrOptions,
  toPost,
  tumblrOptions,
} from './tumblr/post.ts';

type Request = PublishRequest<TumblrCredential>;

/** A blog on Tumblr, by its API v2 and the Neue Post Format. */
export function tumblr(api = TUMBLR_API): Provider<TumblrCredential, TumblrOptions> {
  const provider: Provider<TumblrCredential, TumblrOptions> = {
    id: 'tumblr',
    name: 'Tumblr',
    limits: TUMBLR_LIMITS,
    countText: codePoints,
    credential: tumblrCredential,
    options: tumblrOptions,
    render: withLink,
    check: (variant) => checkPost(provider, variant),
    verify: (credential, context) => verifyTumblr(api, credential, context),

    // Tumblr does not say how soon a blog lists a new post: two minutes are a guess, and to the safe side.
    safety: { kind: 'findable', findAfterSeconds: 120 },

    async publish(request, context) {
      const options = optionsOf(request.variant);
      if (options === undefined) {
        return { kind: 'rejected', code: 'option_invalid', reason: 'an option has no valid value' };
      }
      const files = filesOf(request.variant);
      if (files === undefined) {
        return { kind: 'rejected', code: 'media_refused', reason: 'a file is not one that Tumblr takes' };
      }
      const answer = await context.send(toRequest(api, request, options, { files, context }));
      return toOutcome(answer, request.channel.account, context.now());
    },

    poll: (request, context) => lookAfter(api, request, context),
    find: (request, context) => findPost(api, request, context),
    metrics: tumblrMetrics(api),
    login: tumblrLogin(api),
    renewal: tumblrRenewal(api),

    edit: (request, context) => editOnTumblr(api, request, context),

    async remove({ credential, account, externalId }, context) {
      const path = blogPath(account.id, '/post/delete');
      const answer = await context.http(call(api, credential, 'POST', path, { body: { id: externalId } }));
      if (answer.kind === 'answered' && answer.status === 200) return { kind: 'removed' };
      if (isGone(answer)) return { kind: 'absent' };
      const outcome = toRefusal(answer, context.now());
      return outcome.kind === 'rejected' ? outcome : toFailure(answer, context.now());
    },
  };
  return provider;
}

/** The request that makes the post public; with files it is a form whose first part is the post. */
export function toRequest(
  api: string,
  { variant, credential, channel, delivery }: Request,
  options: TumblrOptions,
  { files, context }: { files: readonly BlockFile[]; context: Pick<Context, 'media'> },
): HttpRequest {
  const post = toPost(variant, options, { files, key: delivery.key });
  const path = blogPath(channel.account.id, '/posts');
  if (files.length === 0) return call(api, credential, 'POST', path, { body: post });
  const form = multipart(
    delivery.key,
    [['json', JSON.stringify(post), 'application/json']],
    files.map(({ identifier, file }) => ({
      field: identifier,
      fileName: `${identifier}.${file.type.split('/')[1]}`,
      type: file.type,
      bytes: file.bytes,
      chunks: () => context.media.read(file),
    })),
  );
  const { headers, ...request } = call(api, credential, 'POST', path);
  return { ...request, headers: { ...headers, ...form.headers }, body: form.body };
}

const created = z.object({ id: z.string().regex(/^\d+$/), state: z.string().optional() });

/** What became of a new post. A video may have to be transcoded before it is shown. */
export function toOutcome(answer: HttpAnswer, account: Account, now: Instant): Outcome {
  const post = ok(answer, created);
  if (post === undefined) return toRefusal(answer, now);
  return post.state === 'transcoding' ? waiting({ id: post.id, since: now }, now) : shown(post.id, account);
}

const shown = (id: string, { handle }: Account): Outcome => ({
  kind: 'published',
  externalId: id,
  url: `https://www.tumblr.com/${encodeURIComponent(handle)}/${id}`,
});

const handleSchema = z.object({ id: z.string().regex(/^\d+$/), since: z.int() });
type Handle = z.infer<typeof handleSchema>;

const LOOK_AGAIN_MS = 15 * SECOND;
const PATIENCE_MS = HOUR;

const waiting = (handle: Handle, now: Instant): Outcome => ({
  kind: 'pending',
  handle: JSON.stringify(handle),
  checkAt: now + LOOK_AGAIN_MS,
});

/** Looks whether Tumblr has transcoded the video of a post that it has taken. Sends nothing. */
async function lookAfter(
  api: string,
  { credential, channel, delivery }: Request,
  context: Context,
): Promise<Outcome> {
  const handle = readHandle(handleSchema, delivery.handle);
  const now = context.now();
  if (handle === undefined) return { kind: 'uncertain', reason: 'it is not known which post was waited for' };
  const path = blogPath(channel.account.id, `/posts/${handle.id}`);
  const answer = await context.http(call(api, credential, 'GET', path));
  const post = ok(answer, z.object({ state: z.string().optional() }));
  if (post !== undefined && post.state !== 'transcoding') return shown(handle.id, channel.account);
  if (post === undefined && !isGone(answer)) {
    const failure = toFailure(answer, now);
    if (failure.kind !== 'unavailable') return failure;
  }
  if (now < handle.since + PATIENCE_MS) return waiting(handle, now);
  return isGone(answer)
    ? { kind: 'rejected', code: 'media_refused', reason: 'Tumblr could not process the video.' }
    : { kind: 'uncertain', reason: 'Tumblr has taken the video and does not show it' };
}
