import * as z from 'zod';
import { HOUR, MINUTE, SECOND } from '../../domain/time.ts';
import {
  faultOf,
  type Graph,
  type GraphFailure,
  graphGet,
  graphOk,
  graphOutcome,
  graphStepFailure,
  withId,
} from '../graph.ts';
import { doubtDuplicate } from '../outcome.ts';
import type { Context, HttpAnswer, Outcome } from '../provider.ts';
import { findEqualPost } from './find.ts';
import { type FacebookHandle, type FacebookWork, pending } from './handle.ts';
import { facebookFile, isReel, toFeedRequest, toPhotoRequest, toVideoRequest, videoOf } from './post.ts';
import {
  facebookUrl,
  readVideo,
  reelStarted,
  succeeded,
  toReelFinish,
  toReelStart,
  toReelUpload,
} from './video.ts';

const pageOf = ({ request }: FacebookWork): string => request.channel.account.id;

const LOOK_AFTER = 10 * SECOND;
/** As long as the address of our file is good. */
const LONGEST_UPLOAD = HOUR;
const LONGEST_PROCESSING = 6 * HOUR;

/** Text, link and photos go out at once; videos begin. */
export async function begin(work: FacebookWork): Promise<Outcome> {
  const { graph, request, context } = work;
  const { variant } = request;
  const video = videoOf(variant);
  if (video !== undefined) {
    const file = facebookFile(video, variant);
    if (typeof file === 'string') return { kind: 'rejected', code: 'media_refused', reason: file };
    const url = await context.media.url(file);
    return isReel(variant) ? beginReel(work, url) : sendVideo(work, url);
  }
  const photos = await uploadPhotos(work);
  if (!Array.isArray(photos)) return photos;
  const answer = await context.send(toFeedRequest(graph, pageOf(work), variant, photos));
  const post = graphOk(answer, withId);
  if (post !== undefined) return standing(work, post.id);
  return doubtDuplicate(graphOutcome(answer, context.now()), () => findEqualPost(work));
}

/** Unpublished photos, in their order; together, because Facebook fetches each while we wait. */
async function uploadPhotos({ graph, request, context }: FacebookWork): Promise<string[] | GraphFailure> {
  const { variant, channel } = request;
  const uploaded = await Promise.all(
    (variant.media ?? []).map(async (attachment): Promise<string | GraphFailure> => {
      const file = facebookFile(attachment, variant);
      if (typeof file === 'string') return { kind: 'rejected', code: 'media_refused', reason: file };
      const url = await context.media.url(file);
      const answer = await context.http(toPhotoRequest(graph, channel.account.id, url, attachment.alt));
      return graphOk(answer, withId)?.id ?? graphStepFailure(answer, context.now());
    }),
  );
  const failure = uploaded.find((one) => typeof one !== 'string');
  return failure ?? uploaded.filter((one) => typeof one === 'string');
}

async function sendVideo(work: FacebookWork, url: string): Promise<Outcome> {
  const { graph, request, context } = work;
  const answer = await context.send(toVideoRequest(graph, pageOf(work), request.variant, url));
  const video = graphOk(answer, withId);
  const now = context.now();
  if (video === undefined) return graphOutcome(answer, now);
  return pending({ is: 'video', video: video.id, at: now }, now + LOOK_AFTER);
}

async function beginReel(work: FacebookWork, fileUrl: string): Promise<Outcome> {
  const { graph, upload, context } = work;
  const started = await context.http(toReelStart(graph, pageOf(work)));
  const video = graphOk(started, reelStarted);
  if (video === undefined) return graphStepFailure(started, context.now());
  const uploaded = await context.http(toReelUpload(upload, graph, video, fileUrl));
  const now = context.now();
  if (graphOk(uploaded, succeeded) === undefined) return graphStepFailure(uploaded, now);
  return pending({ is: 'reel', video, at: now }, now + LOOK_AFTER);
}

/** Sends a Reel out whose bytes are there. */
export async function finishReel(
  work: FacebookWork,
  { video, at }: Extract<FacebookHandle, { is: 'reel' }>,
): Promise<Outcome> {
  const { graph, request, context } = work;
  const state = await readVideo(graph, pageOf(work), video, context);
  const now = context.now();
  if (state.is === 'untold') {
    if (isTooNew(state.answer, at, now)) return pending({ is: 'reel', video, at }, now + LOOK_AFTER);
    // Nothing of it is public, so a session that Facebook has forgotten may begin again.
    if (faultOf(state.answer) === 'missing') return pending({ is: 'start' }, now);
    return graphStepFailure(state.answer, now);
  }
  if (state.is === 'failed') return { kind: 'rejected', code: 'media_refused', reason: state.why };
  if (state.is === 'out' || state.is === 'publishing') return pending({ is: 'video', video, at: now }, now);
  if (state.is === 'uploading') {
    if (now < at + LONGEST_UPLOAD) return pending({ is: 'reel', video, at }, now + LOOK_AFTER);
    const reason = 'Facebook did not fetch the video within an hour';
    return { kind: 'rejected', code: 'media_refused', reason };
  }
  const answer = await context.send(toReelFinish(graph, pageOf(work), video, request.variant));
  if (graphOk(answer, succeeded) === undefined) return graphOutcome(answer, context.now());
  return pending({ is: 'video', video, at: context.now() }, context.now() + LOOK_AFTER);
}

/** A new video may not be known at once: https://github.com/DayMoonDevelopment/post-for-me/pull/355 */
const isTooNew = (answer: HttpAnswer, at: number, now: number): boolean =>
  faultOf(answer) === 'missing' && now < at + MINUTE;

/** Waits for a video that was told to go out. */
export async function awaitVideo(
  work: FacebookWork,
  handle: Extract<FacebookHandle, { is: 'video' }>,
): Promise<Outcome> {
  const { graph, context } = work;
  const state = await readVideo(graph, pageOf(work), handle.video, context);
  const now = context.now();
  if (state.is === 'untold') {
    if (isTooNew(state.answer, handle.at, now)) return pending(handle, now + LOOK_AFTER);
    const failure = graphStepFailure(state.answer, now);
    if (faultOf(state.answer) !== 'missing') return failure;
    return { kind: 'uncertain', reason: 'Facebook took the video, and does not know it any more' };
  }
  if (state.is === 'failed') return { kind: 'rejected', code: 'media_refused', reason: state.why };
  if (state.is === 'out' || state.is === 'ready')
    return standing(work, state.postId ?? handle.video, state.url);
  if (now > handle.at + LONGEST_PROCESSING) {
    return { kind: 'uncertain', reason: 'Facebook took the video hours ago and still processes it' };
  }
  return pending(handle, now + (now > handle.at + 5 * MINUTE ? MINUTE : LOOK_AFTER));
}

/** The post is public: the end, unless a first comment is to follow. */
async function standing(work: FacebookWork, post: string, knownUrl?: string): Promise<Outcome> {
  const { graph, request, context } = work;
  const url = knownUrl ?? (await permalinkOf(graph, post, context));
  if (request.variant.firstComment === undefined) return { kind: 'published', externalId: post, url };
  return { ...pending({ is: 'out', post, url }, context.now()), out: { externalId: post, url } };
}

async function permalinkOf(graph: Graph, post: string, context: Pick<Context, 'http'>): Promise<string> {
  const answer = await context.http(graphGet(graph, post, { fields: 'permalink_url' }));
  return facebookUrl(
    graphOk(answer, z.object({ permalink_url: z.string().min(1) }))?.permalink_url ?? `/${post}`,
  );
}
