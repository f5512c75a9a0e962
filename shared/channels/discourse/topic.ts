import { type Instant, MINUTE } from '../../domain/time.ts';
import { ok } from '../outcome.ts';
import type { Context, HttpAnswer, HttpRequest, Outcome, PublishRequest } from '../provider.ts';
import { type DiscourseCredential, discourseCall, discourseFailure, tellForbidden } from './api.ts';
import { type DiscourseUpload, toTopic } from './post.ts';
import { topicByMark } from './queue.ts';
import { afterTopic, enqueuedSchema, postSchema, topicUrl } from './steps.ts';
import { uploadToDiscourse } from './uploads.ts';

/** Images that the forum has not got yet, or the topic; `before`: those that earlier steps brought. */
export async function sendTopic(
  request: PublishRequest<DiscourseCredential>,
  before: readonly DiscourseUpload[],
  context: Context,
): Promise<Outcome> {
  const brought = await uploadToDiscourse(request, before, context);
  if ('kind' in brought) return brought;
  const { uploads, goOn } = brought;
  if (goOn) return { kind: 'pending', handle: JSON.stringify({ uploads }), checkAt: context.now() };
  const outcome = toOutcome(await context.send(toRequest(request, uploads)), request, context.now());
  if (outcome.kind === 'rejected' && outcome.code === 'content_refused') {
    // One of its reasons is that the mark is taken: then this delivery stands already.
    const topic = await topicByMark(request, context);
    if (topic !== undefined && !('kind' in topic)) {
      const url = topicUrl(request.credential, topic.id, topic.slug);
      return afterTopic({ topic: topic.id, url, parts: [] }, request.variant, context.now());
    }
  }
  return tellForbidden(outcome, request.credential, context);
}

/** The request that makes the topic public. */
export function toRequest(
  { variant, credential, channel, delivery }: PublishRequest<DiscourseCredential>,
  uploads: readonly DiscourseUpload[],
): HttpRequest {
  return discourseCall(credential, 'POST', '/posts.json', toTopic(variant, delivery, uploads, channel.facts));
}

export function toOutcome(
  answer: HttpAnswer,
  { variant, credential }: Pick<PublishRequest<DiscourseCredential>, 'variant' | 'credential'>,
  now: Instant,
): Outcome {
  const post = ok(answer, postSchema);
  if (post) {
    const url = topicUrl(credential, post.topic_id, post.topic_slug);
    return afterTopic({ topic: post.topic_id, url, parts: [] }, variant, now);
  }
  const queued = ok(answer, enqueuedSchema);
  if (queued === undefined) return discourseFailure(answer, now);
  const id = queued.pending_post?.id;
  return { kind: 'pending', handle: JSON.stringify({ queued: now, id }), checkAt: now + FIRST_LOOK };
}

const FIRST_LOOK = 2 * MINUTE;
