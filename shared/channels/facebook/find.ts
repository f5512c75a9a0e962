import * as z from 'zod';
import { MINUTE } from '../../domain/time.ts';
import { graphGet, graphOk, graphReason, plain, withId } from '../graph.ts';
import type { FindRequest, Found } from '../provider.ts';
import { type FacebookHandle, type FacebookWork, handleOf } from './handle.ts';
import { messageOf, videoOf } from './post.ts';
import { facebookUrl, readVideo, toVideoState, videoEntity } from './video.ts';

type Look = FacebookWork & { readonly request: FindRequest<unknown> };

/** Looks for what an unclear answer was about: by the handle's ids where there are any, else among the newest. */
export function findOnFacebook(look: Look): Promise<Found> {
  const handle = handleOf(look.request);
  if (handle.is === 'out') return findComment(look, handle);
  if (handle.is === 'reel' || handle.is === 'video') return findVideo(look, handle.video);
  return videoOf(look.request.variant) === undefined ? findPost(look) : findNewVideo(look);
}

/** Looks for a post with these words, whoever's it is. */
export const findEqualPost = (work: FacebookWork): Promise<Found> =>
  findPost({
    ...work,
    request: { ...work.request, since: work.request.delivery.dueAt, excluding: new Set() },
  });

const PAGE = 50;
/** How far Facebook's clock may be behind ours. */
const CLOCK_TOLERANCE_MS = MINUTE;

const posts = z.object({
  data: z.array(
    withId.extend({
      message: z.string().default(''),
      created_time: z.string(),
      permalink_url: z.string().optional(),
    }),
  ),
});

async function findPost({ graph, request, context }: Look): Promise<Found> {
  const fields = 'id,message,created_time,permalink_url';
  const path = `${request.channel.account.id}/published_posts`;
  const answer = await context.http(graphGet(graph, path, { fields, limit: String(PAGE) }));
  const told = graphOk(answer, posts)?.data;
  if (told === undefined) return { kind: 'cannotTell', reason: graphReason(answer) };
  const recent = told.filter((post) => isSince(post.created_time, request));
  const text = plain(messageOf(request.variant));
  const equal = recent.filter((post) => plain(post.message) === text && !request.excluding.has(post.id));
  const post = equal.at(-1);
  if (post === undefined) return nothing(recent.length);
  if (text === '') return { kind: 'cannotTell', reason: 'a post without a text is like any other' };
  return out(request, post.id, facebookUrl(post.permalink_url ?? `/${post.id}`));
}

const videos = z.object({ data: z.array(videoEntity) });

/**
 * `type` is always said: of what is listed without it, Meta's pages say this and that (those the Page is tagged in, or
 * those it has uploaded). https://developers.facebook.com/docs/graph-api/reference/page/videos
 */
async function findNewVideo({ graph, request, context }: Look): Promise<Found> {
  const page = request.channel.account.id;
  const fields = 'id,description,created_time,status,post_id,permalink_url';
  const query = { type: 'uploaded', fields, limit: String(PAGE) };
  const answer = await context.http(graphGet(graph, `${page}/videos`, query));
  const told = graphOk(answer, videos)?.data;
  if (told === undefined) return { kind: 'cannotTell', reason: graphReason(answer) };
  const recent = told.filter((video) => isSince(video.created_time ?? '', request));
  const text = plain(messageOf(request.variant));
  const states = recent
    .filter((video) => plain(video.description ?? '') === text)
    .map((video) => ({ id: video.id, ...toVideoState(video, page) }))
    .filter(({ id, postId }) => !request.excluding.has(id) && !request.excluding.has(postId ?? id));
  const [video] = states.filter(({ is }) => is !== 'failed').slice(-1);
  if (video === undefined) return nothing(recent.length);
  if (text === '') return { kind: 'cannotTell', reason: 'a video without a text is like any other' };
  return videoFound(request, video.id, video);
}

/** A Reel of which only the last request is in doubt. */
async function findVideo({ graph, request, context }: Look, id: string): Promise<Found> {
  const state = await readVideo(graph, request.channel.account.id, id, context);
  if (state.is === 'untold') return { kind: 'cannotTell', reason: graphReason(state.answer) };
  if (request.excluding.has(state.postId ?? id))
    return { kind: 'cannotTell', reason: 'it belongs to another post' };
  // Telling the same video again to go out makes no second one.
  if (state.is !== 'out' && state.is !== 'publishing') return { kind: 'absent' };
  return videoFound(request, id, state);
}

function videoFound(
  request: FindRequest<unknown>,
  id: string,
  { is, postId = id, url }: { is: string; postId?: string; url?: string },
): Found {
  if (is === 'out' || is === 'ready') return out(request, postId, url ?? facebookUrl(`/${postId}`));
  return { kind: 'cannotTell', reason: 'Facebook still processes the video' };
}

const comments = z.object({
  data: z.array(
    withId.extend({
      message: z.string().default(''),
      created_time: z.string(),
      from: withId.optional(),
    }),
  ),
});

async function findComment(
  { graph, request, context }: Look,
  handle: Extract<FacebookHandle, { is: 'out' }>,
): Promise<Found> {
  const query = {
    fields: 'id,message,created_time,from',
    filter: 'stream',
    order: 'reverse_chronological',
    limit: String(PAGE),
  };
  const answer = await context.http(graphGet(graph, `${handle.post}/comments`, query));
  const told = graphOk(answer, comments)?.data;
  if (told === undefined) return { kind: 'cannotTell', reason: graphReason(answer) };
  const page = request.channel.account.id;
  const recent = told.filter((one) => isSince(one.created_time, request));
  const comment = recent.find(
    ({ id, message, from }) =>
      (from === undefined || from.id === page) &&
      plain(message) === plain(request.variant.firstComment ?? '') &&
      !request.excluding.has(id),
  );
  if (comment === undefined) return nothing(recent.length);
  const then: FacebookHandle = { ...handle, comment: comment.id };
  return { kind: 'found', externalId: comment.id, url: handle.url, then: JSON.stringify(then) };
}

/** The post itself: its first comment comes next, if there is one. */
function out({ variant }: FindRequest<unknown>, externalId: string, url: string): Found {
  const then: FacebookHandle = { is: 'out', post: externalId, url };
  const found = { kind: 'found', externalId, url } as const;
  return variant.firstComment === undefined ? found : { ...found, then: JSON.stringify(then) };
}

const nothing = (recent: number): Found =>
  recent < PAGE ? { kind: 'absent' } : { kind: 'cannotTell', reason: `${PAGE} newer ones stand before it` };

/** Also what an earlier attempt left, which was made when it was due at the earliest. */
const isSince = (time: string, { since, delivery }: FindRequest<unknown>): boolean =>
  Date.parse(time) >= Math.min(since, delivery.dueAt) - CLOCK_TOLERANCE_MS;
