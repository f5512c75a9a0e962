import { utf8Bytes } from '../domain/text-count.ts';
import { withLink } from './check-content.ts';
import type { Context, FindRequest, Found, Provider } from './provider.ts';
import { verifyYoutube, youtubeLogin, youtubeRenewal } from './youtube/account.ts';
import {
  call,
  reasonCode,
  toHarmless,
  watchUrl,
  wordsOf,
  YOUTUBE_API,
  type YoutubeCredential,
  youtubeCredential,
} from './youtube/api.ts';
import { editOnYoutube } from './youtube/edit.ts';
import { ended, findComment, putIntoPlaylist, writeComment } from './youtube/extras.ts';
import { stepOf, toHandle } from './youtube/handle.ts';
import { youtubeMetrics } from './youtube/metrics.ts';
import { lookAfter } from './youtube/processing.ts';
import { askSession, startUpload, upload } from './youtube/upload.ts';
import { checkVideo, videoOf, YOUTUBE_LIMITS, type YoutubeOptions, youtubeOptions } from './youtube/video.ts';

const NAME = 'YouTube';
const TOKEN_URL = 'https://oauth2.googleapis.com/token';

/**
 * YouTube's Data API v3: https://developers.google.com/youtube/v3/docs. One video a post, in these steps: the session
 * (`publish`); chunks, of which the last one makes the video; the wait until YouTube has worked on it; the playlist;
 * the first comment. Each step leaves the handle of the next.
 */
export const youtube = (
  api: string = YOUTUBE_API,
  tokenUrl: string = TOKEN_URL,
): Provider<YoutubeCredential, YoutubeOptions> => ({
  id: 'youtube',
  name: NAME,
  limits: YOUTUBE_LIMITS,
  countText: utf8Bytes,
  credential: youtubeCredential,
  options: youtubeOptions,
  render: withLink,
  check: (variant, facts) => checkVideo(variant, facts, NAME),
  verify: (credential, context) => verifyYoutube(api, credential, context),

  publish: (request, context) => startUpload(api, request, context),

  async poll(request, context) {
    const step = stepOf(request.delivery.handle);
    switch (step?.step) {
      case 'upload':
        return upload(api, step.uri, request, context);
      case 'process':
        return lookAfter(api, step, request, context);
      case 'playlist':
        return putIntoPlaylist(api, step, request, context);
      case 'comment':
        return writeComment(api, step, request, context);
      case 'end':
        return ended(step);
      default:
        return startUpload(api, request, context);
    }
  },

  // A session makes one video and belongs to one delivery; a first comment is looked for under that video.
  safety: { kind: 'findable', findAfterSeconds: 60, marked: true },
  find: (request, context) => find(api, request, context),

  metrics: youtubeMetrics(api),
  login: youtubeLogin(api, tokenUrl),
  renewal: youtubeRenewal(tokenUrl),

  edit: (request, context) => editOnYoutube(api, request, context),

  // Comments go with their video.
  async remove({ credential, externalId }, context) {
    const answer = await context.http(call(api, credential, 'DELETE', 'videos', { id: externalId }));
    if (answer.kind === 'answered' && answer.status === 204) return { kind: 'removed' };
    if (reasonCode(answer) === 'videoNotFound') return { kind: 'absent' };
    const outcome = toHarmless(answer, context.now());
    if (outcome.kind === 'published' || outcome.kind === 'pending') {
      return { kind: 'unavailable', reason: wordsOf(answer) };
    }
    return outcome;
  },
});

async function find(api: string, request: FindRequest<YoutubeCredential>, context: Context): Promise<Found> {
  const step = stepOf(request.delivery.handle);
  // Without a session no byte of the video has gone anywhere.
  if (step === undefined) return { kind: 'absent' };
  if (step.step === 'comment') return findComment(api, step, request, context);
  if (step.step !== 'upload') return video(step.videoId, toHandle(step), request);
  const file = videoOf(request.variant);
  if (file === undefined) return { kind: 'cannotTell', reason: 'the video of this post is not there' };
  const session = await askSession(step.uri, request.credential, file, context);
  switch (session.kind) {
    case 'done': {
      const then = toHandle({ step: 'process', videoId: session.videoId, since: context.now() });
      return video(session.videoId, then, request);
    }
    case 'at':
      if (session.bytes < file.bytes) return { kind: 'absent' };
      return { kind: 'cannotTell', reason: 'YouTube has all bytes and names no video' };
    case 'ended':
      return { kind: 'cannotTell', reason: 'YouTube does not know this upload any more' };
    case 'unclear':
      return { kind: 'cannotTell', reason: wordsOf(session.answer) };
  }
}

function video(videoId: string, then: string, { excluding }: FindRequest<YoutubeCredential>): Found {
  if (excluding.has(videoId)) return { kind: 'cannotTell', reason: 'this video belongs to another delivery' };
  return { kind: 'found', externalId: videoId, url: watchUrl(videoId), then };
}
