import * as z from 'zod';
import { type Instant, SECOND } from '../../domain/time.ts';
import { doubtDuplicate } from '../outcome.ts';
import type { Context, HttpAnswer, Outcome, PublishRequest } from '../provider.ts';
import { uploadInSteps } from '../upload-in-steps.ts';
import type { RedditCredential, RedditHosts } from './api.ts';
import { dataOf, toRefusal } from './errors.ts';
import { alikePosts } from './find.ts';
import { uploadImage } from './media.ts';
import { afterRoot, assetsOf, type Handle, later, uploadHandle } from './steps.ts';
import { filesOf, isComplete, kindOfSubmission, optionsOf, toRequest } from './submission.ts';

type Request = PublishRequest<RedditCredential>;

/** Uploads what is missing, as far as the time goes, and then sends the post. */
export async function submit(
  hosts: RedditHosts,
  request: Request,
  handle: Handle | undefined,
  context: Context,
): Promise<Outcome> {
  const options = optionsOf(request.variant);
  if (!isComplete(options)) {
    return {
      kind: 'rejected',
      code: 'option_invalid',
      reason: 'subreddit, title or another option is missing',
    };
  }
  const files = filesOf(request.variant);
  if (files === undefined) {
    return { kind: 'rejected', code: 'media_refused', reason: 'a file is not one that Reddit takes' };
  }
  const brought = await uploadInSteps(
    files,
    assetsOf(handle),
    (file) => uploadImage(hosts, request, file, context),
    context.now,
  );
  if ('kind' in brought) return brought;
  const { uploads: assets, goOn } = brought;
  if (goOn) return later(uploadHandle(assets), context);
  const isImage = kindOfSubmission(request.variant) === 'image';
  const before = isImage ? await equalsBefore(hosts, request, context) : [];
  if (before === undefined) return { kind: 'unavailable', reason: 'the account’s posts could not be read' };
  const sentAt = context.now();
  const answer = await context.send(toRequest(hosts, request, options, assets));
  const told = toOutcome(answer, context.now());
  if (told === 'taken') return later({ step: 'look', since: sentAt, before }, context, 5 * SECOND);
  const outcome = await doubtDuplicate(told, async () => {
    const listed = await alikePosts(hosts, request, request.delivery.dueAt, context);
    return listed.kind === 'listed' && listed.posts.length === 0 ? { kind: 'absent' } : listed;
  });
  if (outcome.kind !== 'published') return outcome;
  return afterRoot(request, { externalId: outcome.externalId, url: outcome.url }, context);
}

/** Ids of the posts that could be taken for an image post that is about to be sent. */
async function equalsBefore(
  hosts: RedditHosts,
  request: Request,
  context: Context,
): Promise<string[] | undefined> {
  const listed = await alikePosts(hosts, request, context.now(), context);
  return listed.kind === 'listed' ? listed.posts.map(({ name }) => name) : undefined;
}

const submitted = z.object({ id: z.string(), url: z.url({ protocol: /^https?$/ }) });
const taken = z.object({ websocket_url: z.string() });

/** What became of a post. `taken`: an image that Reddit will process; it names no post. */
export function toOutcome(answer: HttpAnswer, now: Instant): Outcome | 'taken' {
  const data = dataOf(answer);
  const post = submitted.safeParse(data).data;
  // Galleries and polls give the id with its kind in front.
  if (post) return { kind: 'published', externalId: `t3_${post.id.replace(/^t3_/, '')}`, url: post.url };
  return taken.safeParse(data).success ? 'taken' : toRefusal(answer, now);
}
