import * as z from 'zod';
import { codePoints } from '../domain/text-count.ts';
import { checkContent, withLink } from './check-content.ts';
import {
  type DiscourseCredential,
  discourseCall,
  discourseCredential,
  discourseFailure,
  discourseReadFailure,
  forumOf,
  isDiscourseGone,
  tellForbidden,
} from './discourse/api.ts';
import { editOnDiscourse } from './discourse/edit.ts';
import { discourseMetrics } from './discourse/metrics.ts';
import { checkLengths, type DiscourseOptions, discourseOptions } from './discourse/post.ts';
import { inQueue, lookInQueue, topicByMark } from './discourse/queue.ts';
import { afterTopic, findReply, readState, reasonFor, sendReply, topicUrl } from './discourse/steps.ts';
import { sendTopic } from './discourse/topic.ts';
import { DISCOURSE_IMAGE } from './discourse/uploads.ts';
import { verifyDiscourse } from './discourse/verify.ts';
import { ok } from './outcome.ts';
import type { HttpAnswer, Provider } from './provider.ts';

/** A Discourse forum; each post is a topic of its own. https://docs.discourse.org */
export const discourse: Provider<DiscourseCredential, DiscourseOptions> = {
  id: 'discourse',
  name: 'Discourse',
  limits: {
    // The site setting max_post_length, by default.
    text: 32_000,
    unit: 'characters',
    media: { least: 0, most: 10, alt: 1_000, image: DISCOURSE_IMAGE },
    thread: 25,
    firstComment: 32_000,
    poll: { options: 10, optionText: 100, minutes: [5, 43_200], withMedia: true },
  },
  countText: codePoints,
  credential: discourseCredential,
  options: discourseOptions,
  render: withLink,
  check: (variant) => [...checkContent(discourse, variant), ...checkLengths(variant)],
  verify: verifyDiscourse,

  // A request is cut by the forum's own server after 30 s. What is sent twice is refused: the mark is taken.
  safety: { kind: 'findable', findAfterSeconds: 60, marked: true },

  publish: (request, context) => sendTopic(request, [], context),

  async poll(request, context) {
    const state = readState(request.delivery.handle);
    if (state === undefined) return { kind: 'uncertain', reason: 'the note of what was sent cannot be read' };
    if ('uploads' in state) return sendTopic(request, state.uploads, context);
    return 'queued' in state ? lookInQueue(request, state, context) : sendReply(request, state, context);
  },

  async find(request, context) {
    const { credential, delivery, excluding, since } = request;
    const state = readState(delivery.handle);
    if (state !== undefined && 'topic' in state) {
      if (!excluding.has(String(state.topic))) return findReply(request, state, context);
      return { kind: 'cannotTell', reason: 'the topic belongs to another delivery' };
    }
    const topic = await topicByMark(request, context);
    if (topic !== undefined && 'kind' in topic) return { kind: 'cannotTell', reason: reasonFor(topic) };
    if (topic !== undefined && !excluding.has(String(topic.id))) {
      const standing = { topic: topic.id, url: topicUrl(credential, topic.id, topic.slug), parts: [] };
      const more = afterTopic(standing, request.variant, context.now());
      return {
        kind: 'found',
        externalId: String(topic.id),
        url: standing.url,
        ...(more.kind === 'pending' ? { then: more.handle } : {}),
      };
    }
    const waiting = await inQueue(request, context);
    if (typeof waiting === 'object' && !excluding.has(`queue:${waiting.id}`)) {
      const then = JSON.stringify({ queued: since, id: waiting.id });
      return {
        kind: 'found',
        externalId: `queue:${waiting.id}`,
        url: `${forumOf(credential)}/`,
        then,
      };
    }
    if (state !== undefined && 'queued' in state)
      return { kind: 'cannotTell', reason: 'it has left the moderators’ queue' };
    return { kind: 'absent' };
  },

  metrics: discourseMetrics,
  edit: editOnDiscourse,

  async remove({ credential, externalId }, context) {
    const route = `/t/${encodeURIComponent(externalId)}.json`;
    // The staff is shown deleted topics, too, and may not delete them again.
    const before = await context.http(discourseCall(credential, 'GET', route));
    if (isDiscourseGone(before) || isDeleted(before)) return { kind: 'absent' };
    const answer = await context.http(discourseCall(credential, 'DELETE', route));
    if (answer.kind === 'answered' && answer.status < 300) return { kind: 'removed' };
    if (isDiscourseGone(answer)) return { kind: 'absent' };
    const failure = await tellForbidden(discourseFailure(answer, context.now()), credential, context);
    if (failure.kind === 'rejected' || failure.kind === 'unauthorized') return failure;
    return discourseReadFailure(answer, context.now());
  },
};

const isDeleted = (answer: HttpAnswer): boolean =>
  ok(answer, z.object({ deleted_at: z.string() })) !== undefined;
