import * as z from 'zod';
import type { Instant } from '../../domain/time.ts';
import { readHandle } from '../handle.ts';
import { ok } from '../outcome.ts';
import type { Context, Found, HttpAnswer, Outcome, PublishRequest } from '../provider.ts';
import { type DiscourseCredential, discourseCall, discourseFailure, forumOf, tellForbidden } from './api.ts';
import { discourseUpload, repliesOf } from './post.ts';

/**
 * Where a delivery stands between its steps: images are on the forum, its topic waits for the moderators since
 * `queued` (`id` is what the forum calls the entry), or it stands and its replies go out one by one.
 */
export type DiscourseState = z.infer<typeof stateSchema>;
const stateSchema = z.union([
  z.object({ uploads: z.array(discourseUpload) }),
  z.object({ queued: z.int(), id: z.int().optional() }),
  z.object({
    topic: z.int(),
    url: z.string(),
    parts: z.array(z.string()),
    /** Words for what of it is missing. */
    missing: z.string().optional(),
  }),
]);
export type Standing = Extract<DiscourseState, { topic: number }>;

export const readState = (handle: string | undefined): DiscourseState | undefined =>
  readHandle(stateSchema, handle);

/** What the forum answers to a post that stands, and to one that a moderator must see first. */
export const postSchema = z.object({ id: z.int(), topic_id: z.int(), topic_slug: z.string().optional() });
export const enqueuedSchema = z.object({
  action: z.literal('enqueued'),
  pending_post: z.object({ id: z.int() }).optional().catch(undefined),
});

export const topicUrl = (credential: DiscourseCredential, id: number, slug = ''): string =>
  `${forumOf(credential)}/t/${slug === '' ? '' : `${encodeURIComponent(slug)}/`}${id}`;

/** The root is out: done, or the first reply is next. */
export function afterTopic(
  state: Standing,
  variant: PublishRequest<unknown>['variant'],
  now: Instant,
): Outcome {
  const done = state.parts.length >= repliesOf(variant).length || state.missing !== undefined;
  const out = { externalId: String(state.topic), url: state.url };
  if (!done) return { kind: 'pending', handle: JSON.stringify(state), checkAt: now, out, parts: state.parts };
  return {
    kind: 'published',
    ...out,
    ...(state.parts.length === 0 ? {} : { parts: state.parts }),
    ...(state.missing === undefined ? {} : { missing: state.missing }),
  };
}

/** Sends the next reply. */
export async function sendReply(
  { variant, credential }: PublishRequest<DiscourseCredential>,
  state: Standing,
  context: Context,
): Promise<Outcome> {
  const raw = repliesOf(variant)[state.parts.length];
  if (raw === undefined || state.missing !== undefined) return afterTopic(state, variant, context.now());
  const answer = await context.send(
    discourseCall(credential, 'POST', '/posts.json', { topic_id: state.topic, raw }),
  );
  const outcome = toReplyOutcome(answer, state, variant, context.now());
  const told = await tellForbidden(outcome, credential, context);
  // The topic is out: what is refused for good is missing from it.
  return told.kind === 'rejected' ? missingAfter(state, told.reason, variant, context.now()) : told;
}

function toReplyOutcome(
  answer: HttpAnswer,
  state: Standing,
  variant: PublishRequest<unknown>['variant'],
  now: Instant,
): Outcome {
  const post = ok(answer, postSchema);
  if (post) return afterTopic({ ...state, parts: [...state.parts, String(post.id)] }, variant, now);
  if (ok(answer, enqueuedSchema)) {
    return missingAfter(state, 'a moderator must approve it first', variant, now);
  }
  return discourseFailure(answer, now);
}

function missingAfter(
  state: Standing,
  reason: string,
  variant: PublishRequest<unknown>['variant'],
  now: Instant,
): Outcome {
  const n = state.parts.length + 1;
  return afterTopic(
    { ...state, missing: `Reply ${n} and what follows it: ${reason}`.slice(0, 200) },
    variant,
    now,
  );
}

/** Is the reply that was in doubt there? Told by its words among what this user wrote in the topic. */
export async function findReply(
  { variant, credential }: PublishRequest<DiscourseCredential>,
  state: Standing,
  context: Context,
): Promise<Found> {
  const raw = repliesOf(variant)[state.parts.length];
  const root = { externalId: String(state.topic), url: state.url };
  if (raw === undefined) return { kind: 'found', ...root, then: JSON.stringify(state) };
  const who = encodeURIComponent(credential.username);
  const route = `/t/${state.topic}.json?include_raw=1&username_filters=${who}`;
  const answer = await context.http(discourseCall(credential, 'GET', route));
  const topic = ok(answer, topicSchema);
  if (topic === undefined)
    return { kind: 'cannotTell', reason: reasonFor(discourseFailure(answer, context.now())) };
  const { posts, stream } = topic.post_stream;
  const own = posts.find(
    (post) => plain(post.raw ?? '') === plain(raw) && !state.parts.includes(String(post.id)),
  );
  if (own) {
    const then = JSON.stringify({ ...state, parts: [...state.parts, String(own.id)] });
    // Posts and topics are counted apart: a bare number would be another topic's.
    return { kind: 'found', externalId: `post:${own.id}`, url: state.url, then };
  }
  if (stream.length > posts.length) return { kind: 'cannotTell', reason: 'the topic has grown too long' };
  return { kind: 'absent' };
}

/** Discourse makes plain spaces of all others: https://github.com/discourse/discourse/blob/main/lib/text_cleaner.rb */
const plain = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim();

const topicSchema = z.object({
  post_stream: z.object({
    posts: z.array(z.object({ id: z.int(), raw: z.string().optional() })),
    stream: z.array(z.int()).default([]),
  }),
});

export const reasonFor = (outcome: Outcome): string =>
  'reason' in outcome ? outcome.reason : 'too many requests';
