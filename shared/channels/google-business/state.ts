import * as z from 'zod';
import { DAY, HOUR, type Instant, SECOND } from '../../domain/time.ts';
import { bearerRequest } from '../bearer.ts';
import { readHandle } from '../handle.ts';
import { clip, ok } from '../outcome.ts';
import type { Context, HttpAnswer, Outcome, PublishRequest } from '../provider.ts';
import {
  type GoogleBusinessCredential,
  type GoogleHosts,
  googleFailure,
  googleReadFailure,
  isGoogleGone,
} from './api.ts';

type Request = PublishRequest<GoogleBusinessCredential>;

export const POST_NAME = /^accounts\/\d+\/locations\/\d+\/localPosts\/[\w-]+$/;

export const postSchema = z.object({
  name: z.string().regex(POST_NAME),
  summary: z.string().default(''),
  state: z.string().optional(),
  topicType: z.string().optional(),
  searchUrl: z.url().optional().catch(undefined),
  createTime: z.string().optional(),
});
export type LocalPost = z.infer<typeof postSchema>;

const stateSchema = z.object({ name: z.string().regex(POST_NAME), since: z.int() });
type State = z.infer<typeof stateSchema>;

/** Looks how far Google is with a post that it has taken. */
export async function lookAfter(hosts: GoogleHosts, request: Request, context: Context): Promise<Outcome> {
  const state = readHandle(stateSchema, request.delivery.handle);
  if (state === undefined) return { kind: 'uncertain', reason: 'the note of what was sent cannot be read' };
  const url = `${hosts.posts}/v4/${state.name}`;
  const answer = await context.http(bearerRequest(request.credential, 'GET', url));
  const post = ok(answer, postSchema);
  if (post !== undefined) return outcomeOf(post, request, state.since, context.now());
  if (isGoogleGone(answer)) {
    return { kind: 'rejected', code: 'content_refused', reason: 'Google has taken the post off.' };
  }
  const failure = googleReadFailure(answer, context.now());
  return failure.kind === 'unavailable' ? again(state, context.now()) : failure;
}

/** What became of a new post. */
export function toOutcome(answer: HttpAnswer, request: Pick<Request, 'channel'>, now: Instant): Outcome {
  const post = ok(answer, postSchema);
  return post === undefined ? googleFailure(answer, now) : outcomeOf(post, request, now, now);
}

function outcomeOf(
  { name, state, searchUrl }: LocalPost,
  { channel }: Pick<Request, 'channel'>,
  since: Instant,
  now: Instant,
): Outcome {
  if (state === 'REJECTED') {
    return {
      kind: 'rejected',
      code: 'content_refused',
      reason: 'Google has rejected the post for its content.',
    };
  }
  if (state === 'PROCESSING') return again({ name, since }, now);
  return { kind: 'published', externalId: name, url: searchUrl ?? channel.account.url };
}

/** Mostly a matter of seconds, now and then of a day. */
function again(state: State, now: Instant): Outcome {
  const waited = now - state.since;
  if (waited > 2 * DAY)
    return { kind: 'uncertain', reason: clip('Google has been processing the post for two days') };
  const checkAt = now + Math.min(Math.max(waited / 2, 20 * SECOND), HOUR);
  return { kind: 'pending', handle: JSON.stringify(state), checkAt };
}
