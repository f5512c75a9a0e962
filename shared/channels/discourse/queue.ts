import * as z from 'zod';
import { DAY, HOUR, type Instant, MINUTE } from '../../domain/time.ts';
import { ok } from '../outcome.ts';
import type { Context, MeasureFailure, Outcome, PublishRequest } from '../provider.ts';
import { type DiscourseCredential, discourseCall, discourseReadFailure, isDiscourseGone } from './api.ts';
import { discourseMark, discourseTitle } from './post.ts';
import { afterTopic, topicUrl } from './steps.ts';

type Request = PublishRequest<DiscourseCredential>;
type Topic = { readonly id: number; readonly slug?: string | undefined };

/** The topic that stands under our mark; undefined when there is none. */
export async function topicByMark(
  { credential, delivery }: Request,
  context: Context,
): Promise<Topic | undefined | MeasureFailure> {
  // Redirects to the topic itself.
  const route = `/t/external_id/${discourseMark(delivery.key)}.json`;
  const answer = await context.http(discourseCall(credential, 'GET', route));
  if (isDiscourseGone(answer)) return undefined;
  return ok(answer, topicSchema) ?? discourseReadFailure(answer, context.now());
}

/** Our topic among those that wait for the moderators; `unseen` when this key may not look there. */
export async function inQueue(
  request: Request,
  context: Context,
): Promise<{ id: number } | 'absent' | 'unseen'> {
  const { credential, variant } = request;
  const who = encodeURIComponent(credential.username);
  const answer = await context.http(discourseCall(credential, 'GET', `/posts/${who}/pending.json`));
  const waiting = ok(answer, pendingSchema)?.pending_posts;
  if (waiting === undefined) return 'unseen';
  const title = discourseTitle(variant);
  return waiting.find((post) => sameTitle(post.title ?? '', title) && post.topic_id == null) ?? 'absent';
}

/**
 * Looks after a topic that waits for the moderators. The queue does not keep the mark, so an approved topic is known
 * by its author, its title and its time. https://github.com/discourse/discourse/blob/main/lib/new_post_manager.rb
 */
export async function lookInQueue(
  request: Request,
  state: { queued: Instant; id?: number | undefined },
  context: Context,
): Promise<Outcome> {
  const now = context.now();
  const again: Outcome = {
    kind: 'pending',
    handle: JSON.stringify(state),
    checkAt: now + Math.min(Math.max((now - state.queued) / 4, 2 * MINUTE), HOUR),
  };
  // First whether it still waits: a topic approved between the two looks is found by the second.
  const waiting = await inQueue(request, context);
  if (typeof waiting === 'object') return again;
  const marked = await topicByMark(request, context);
  if (marked !== undefined && 'kind' in marked) return again;
  const own = marked ?? (await ownTopic(request, state.queued, context));
  if (own === 'cannotTell') return again;
  if (typeof own === 'object') {
    const url = topicUrl(request.credential, own.id, own.slug);
    return afterTopic({ topic: own.id, url, parts: [] }, request.variant, now);
  }
  if (own === 'other')
    return { kind: 'uncertain', reason: 'It has left the moderators’ queue, perhaps under another title.' };
  if (waiting === 'absent') {
    return { kind: 'rejected', code: 'content_refused', reason: 'The moderators did not approve it.' };
  }
  if (now - state.queued < LONGEST_WAIT) return again;
  return { kind: 'uncertain', reason: 'It has been waiting for the moderators for two weeks.' };
}

const LONGEST_WAIT = 14 * DAY;

/** `other`: this user has begun a topic since, and its title is none of ours. */
async function ownTopic(
  { credential, variant }: Request,
  since: Instant,
  context: Context,
): Promise<Topic | 'other' | 'none' | 'cannotTell'> {
  const who = encodeURIComponent(credential.username);
  const answer = await context.http(discourseCall(credential, 'GET', `/topics/created-by/${who}.json`));
  const topics = ok(answer, listSchema)?.topic_list.topics;
  if (topics === undefined) return 'cannotTell';
  const recent = topics.filter(({ created_at }) => Date.parse(created_at) >= since - MINUTE);
  const title = discourseTitle(variant);
  return recent.find((topic) => sameTitle(topic.title, title)) ?? (recent.length > 0 ? 'other' : 'none');
}

/** Discourse tidies titles up: the first letter, runs of marks, the full stop at the end. */
const sameTitle = (a: string, b: string): boolean => plain(a) === plain(b);
const plain = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

const topicSchema = z.object({ id: z.int(), slug: z.string().optional() });
const pendingSchema = z.object({
  pending_posts: z.array(z.object({ id: z.int(), title: z.string().nullish(), topic_id: z.int().nullish() })),
});
const listSchema = z.object({
  topic_list: z.object({
    topics: z.array(
      z.object({ id: z.int(), title: z.string(), slug: z.string().optional(), created_at: z.string() }),
    ),
  }),
});
