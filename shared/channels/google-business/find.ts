import * as z from 'zod';
import { MINUTE } from '../../domain/time.ts';
import { bearerRequest } from '../bearer.ts';
import { ok } from '../outcome.ts';
import type { Context, FindRequest, Found } from '../provider.ts';
import {
  type GoogleBusinessCredential,
  type GoogleHosts,
  googleFailure,
  googleReason,
  postsOf,
} from './api.ts';
import { renderGoogle, topicOf } from './post.ts';
import { type LocalPost, postSchema } from './state.ts';

type Look = FindRequest<GoogleBusinessCredential>;
const PAGE = 100;

/** Looks for the delivery among the newest posts of the business. */
export async function findOnGoogle(hosts: GoogleHosts, request: Look, context: Context): Promise<Found> {
  const query = { pageSize: String(PAGE) };
  const url = postsOf(hosts, request.credential);
  const answer = await context.http(bearerRequest(request.credential, 'GET', url, { query }));
  const posts = ok(answer, z.object({ localPosts: z.array(postSchema).default([]) }))?.localPosts;
  if (posts === undefined) {
    return { kind: 'cannotTell', reason: googleReason(googleFailure(answer, context.now())) };
  }
  return findAmong(posts, request, context);
}

/** The delivery among the newest posts, by its words, kind and time; the oldest of several. */
function findAmong(
  posts: readonly LocalPost[],
  { variant, since, excluding, channel }: Look,
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
