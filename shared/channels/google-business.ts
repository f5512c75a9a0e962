import * as z from 'zod';
import { fileFor } from '../domain/media.ts';
import { codePoints } from '../domain/text-count.ts';
import { DAY, HOUR, type Instant, MINUTE, SECOND } from '../domain/time.ts';
import { bearerRequest } from './bearer.ts';
import { checkContent } from './check-content.ts';
import {
  GOOGLE_HOSTS,
  type GoogleBusinessCredential,
  type GoogleHosts,
  googleBusinessCredential,
  googleFailure,
  googleReadFailure,
  googleReason,
  isGoogleGone,
} from './google-business/api.ts';
import { editOnGoogle } from './google-business/edit.ts';
import { googleBusinessLogin, googleBusinessRenewal, verifyGoogleBusiness } from './google-business/login.ts';
import {
  checkGoogle,
  GOOGLE_IMAGE,
  GOOGLE_LIMITS,
  type GoogleBusinessOptions,
  googleBusinessOptions,
  renderGoogle,
  toLocalPost,
  topicOf,
} from './google-business/post.ts';
import { readHandle } from './handle.ts';
import { clip, ok } from './outcome.ts';
import type {
  Context,
  FindRequest,
  Found,
  HttpAnswer,
  Outcome,
  Provider,
  PublishRequest,
} from './provider.ts';

type Request = PublishRequest<GoogleBusinessCredential>;
const NAME = 'Google Business Profile';

/** Posts of a business on Google Search and Maps; Google tells no figures of single posts any more. */
export const googleBusiness = (
  hosts: GoogleHosts = GOOGLE_HOSTS,
): Provider<GoogleBusinessCredential, GoogleBusinessOptions> => ({
  id: 'google-business',
  name: NAME,
  limits: GOOGLE_LIMITS,
  countText: codePoints,
  credential: googleBusinessCredential,
  options: googleBusinessOptions,
  render: renderGoogle,
  check: (variant) => [
    ...checkContent(
      { name: NAME, limits: GOOGLE_LIMITS, countText: codePoints, render: renderGoogle },
      variant,
    ),
    ...checkGoogle(variant),
  ],
  verify: (credential, context) => verifyGoogleBusiness(hosts, credential, context),

  safety: { kind: 'findable', findAfterSeconds: 60 },

  async publish(request, context) {
    const { variant, credential } = request;
    const [media] = variant.media ?? [];
    const file = media && fileFor(media, GOOGLE_IMAGE);
    if (typeof file === 'string')
      return { kind: 'rejected', code: 'media_refused', reason: `the photo: ${file}` };
    const body = toLocalPost(variant, file && (await context.media.url(file)));
    const answer = await context.send(
      bearerRequest(credential, 'POST', postsOf(hosts, credential), { body }),
    );
    return toOutcome(answer, request, context.now());
  },

  async poll(request, context) {
    const state = readHandle(stateSchema, request.delivery.handle);
    if (state === undefined) return { kind: 'uncertain', reason: 'the note of what was sent cannot be read' };
    const answer = await context.http(
      bearerRequest(request.credential, 'GET', `${hosts.posts}/v4/${state.name}`),
    );
    const post = ok(answer, postSchema);
    if (post !== undefined) return outcomeOf(post, request, state.since, context.now());
    if (isGoogleGone(answer))
      return { kind: 'rejected', code: 'content_refused', reason: 'Google has taken the post off.' };
    const failure = googleReadFailure(answer, context.now());
    return failure.kind === 'unavailable' ? again(state, context.now()) : failure;
  },

  async find(request, context) {
    const query = { pageSize: String(PAGE) };
    const url = postsOf(hosts, request.credential);
    const answer = await context.http(bearerRequest(request.credential, 'GET', url, { query }));
    const posts = ok(answer, z.object({ localPosts: z.array(postSchema).default([]) }))?.localPosts;
    if (posts === undefined) {
      return { kind: 'cannotTell', reason: googleReason(googleFailure(answer, context.now())) };
    }
    return findAmong(posts, request, context);
  },

  edit: (request, context) => editOnGoogle(hosts, request, context),
  login: googleBusinessLogin(hosts),
  renewal: googleBusinessRenewal(hosts),

  async remove({ credential, externalId }, context) {
    if (!POST_NAME.test(externalId)) return { kind: 'absent' };
    const answer = await context.http(bearerRequest(credential, 'DELETE', `${hosts.posts}/v4/${externalId}`));
    if (answer.kind === 'answered' && answer.status === 200) return { kind: 'removed' };
    if (isGoogleGone(answer)) return { kind: 'absent' };
    const failure = googleFailure(answer, context.now());
    return failure.kind === 'rejected' ? failure : googleReadFailure(answer, context.now());
  },
});

const POST_NAME = /^accounts\/\d+\/locations\/\d+\/localPosts\/[\w-]+$/;
const PAGE = 100;

const postsOf = (hosts: GoogleHosts, { location }: GoogleBusinessCredential): string =>
  `${hosts.posts}/v4/${location}/localPosts`;

const postSchema = z.object({
  name: z.string().regex(POST_NAME),
  summary: z.string().default(''),
  state: z.string().optional(),
  topicType: z.string().optional(),
  searchUrl: z.url().optional().catch(undefined),
  createTime: z.string().optional(),
});
type LocalPost = z.infer<typeof postSchema>;

const stateSchema = z.object({ name: z.string().regex(POST_NAME), since: z.int() });
type State = z.infer<typeof stateSchema>;

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

/** The delivery among the newest posts, by its words, kind and time; the oldest of several. */
function findAmong(
  posts: readonly LocalPost[],
  { variant, since, excluding, channel }: FindRequest<GoogleBusinessCredential>,
  context: Context,
): Found {
  const timed = posts.map((post) => ({ ...post, at: Date.parse(post.createTime ?? '') }));
  const recent = timed.filter(({ at }) => Number.isNaN(at) || at >= since - MINUTE);
  const words = plain(renderGoogle(variant));
  const match = recent.findLast(
    ({ name, summary, topicType = 'STANDARD' }) =>
      plain(summary) === words && topicType === topicOf(variant) && !excluding.has(name),
  );
  if (match === undefined) {
    return recent.length < PAGE
      ? { kind: 'absent' }
      : { kind: 'cannotTell', reason: `${PAGE} newer posts stand before it` };
  }
  const { name, state, searchUrl } = match;
  const settled = state !== 'PROCESSING' && state !== 'REJECTED';
  const then = settled ? {} : { then: JSON.stringify({ name, since: context.now() }) };
  return { kind: 'found', externalId: name, url: searchUrl ?? channel.account.url, ...then };
}

const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();
