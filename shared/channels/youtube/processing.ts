import * as z from 'zod';
import { type Instant, MINUTE, SECOND } from '../../domain/time.ts';
import type { Context, HttpAnswer, Outcome, PublishRequest } from '../provider.ts';
import { call, successOf, watchUrl, type YoutubeCredential } from './api.ts';
import { toHandle, type YoutubeStep } from './handle.ts';
import { optionsOf } from './video.ts';

type Processing = Extract<YoutubeStep, { step: 'process' }>;

/** YouTube may work for hours on a long video; it is out all the same, and nobody is kept waiting for longer than this. */
const LONGEST_WAIT = 15 * MINUTE;

/** Looks how far YouTube is with an uploaded video. */
export async function lookAfter(
  api: string,
  step: Processing,
  request: PublishRequest<YoutubeCredential>,
  context: Context,
): Promise<Outcome> {
  const query = { part: 'status', id: step.videoId };
  const answer = await context.http(call(api, request.credential, 'GET', 'videos', query));
  const options = optionsOf(request.variant) ?? {};
  const seen = toState(answer, options.privacy ?? 'public');
  const now = context.now();
  if (seen.kind === 'rejected') return seen;
  if (seen.kind === 'ready') {
    const missing = step.missing ?? seen.missing;
    return afterwards({ ...step, ...(missing === undefined ? {} : { missing }) }, request, now);
  }
  const waited = now - step.since;
  if (waited < LONGEST_WAIT) {
    const pause = Math.min(Math.max(waited / 4, 10 * SECOND), MINUTE);
    return { kind: 'pending', handle: toHandle(step), checkAt: now + Math.round(pause) };
  }
  if (seen.kind === 'unknown')
    return { kind: 'rejected', code: 'removed', reason: 'YouTube has lost the video' };
  return afterwards(step, request, now);
}

const videos = z.object({
  items: z
    .array(
      z.object({
        status: z.object({
          uploadStatus: z.string(),
          failureReason: z.string().optional(),
          rejectionReason: z.string().optional(),
          privacyStatus: z.string().optional(),
        }),
      }),
    )
    .default([]),
});

type State =
  | { kind: 'ready'; missing?: string }
  | { kind: 'processing' }
  /** YouTube answers and names no such video: too new, or gone. */
  | { kind: 'unknown' }
  | Extract<Outcome, { kind: 'rejected' }>;

/** https://developers.google.com/youtube/v3/docs/videos#status.uploadStatus; no clear answer means: ask again. */
export function toState(answer: HttpAnswer, wanted: string): State {
  const found = successOf(answer, videos);
  if (found === undefined) return { kind: 'processing' };
  const status = found.items[0]?.status;
  if (status === undefined) return { kind: 'unknown' };
  const { uploadStatus, failureReason = 'other', rejectionReason = 'other', privacyStatus = wanted } = status;
  switch (uploadStatus) {
    case 'processed':
      // Of projects without an audit every video is private: https://developers.google.com/youtube/v3/docs/videos
      if (privacyStatus === wanted) return { kind: 'ready' };
      return { kind: 'ready', missing: `YouTube made the video ${privacyStatus}, not ${wanted}` };
    case 'failed':
      return {
        kind: 'rejected',
        code: 'media_refused',
        reason: `YouTube could not use it: ${failureReason}`,
      };
    case 'rejected': {
      const code = REJECTIONS.get(rejectionReason) ?? 'content_refused';
      return { kind: 'rejected', code, reason: `YouTube rejected the video: ${rejectionReason}` };
    }
    case 'deleted':
      return { kind: 'rejected', code: 'removed', reason: 'the video was deleted on YouTube' };
    default:
      return { kind: 'processing' };
  }
}

/** https://developers.google.com/youtube/v3/docs/videos#status.rejectionReason; the others are about the content. */
const REJECTIONS: ReadonlyMap<string, string> = new Map([
  ['duplicate', 'duplicate'],
  ['length', 'media_refused'],
  ['uploaderAccountClosed', 'needs_person'],
  ['uploaderAccountSuspended', 'needs_person'],
]);

/** What comes after a step that is done: the playlist, the first comment, the end. */
export function afterwards(
  { step, videoId, missing }: Exclude<YoutubeStep, { step: 'upload' }>,
  { variant }: Pick<PublishRequest<YoutubeCredential>, 'variant'>,
  now: Instant,
): Outcome {
  const rest = { videoId, ...(missing === undefined ? {} : { missing }) };
  const out = { externalId: videoId, url: watchUrl(videoId) };
  const next = (to: 'playlist' | 'comment'): Outcome => ({
    kind: 'pending',
    handle: toHandle({ step: to, tries: 0, ...rest }),
    checkAt: now,
    out,
  });
  if (step === 'process' && optionsOf(variant)?.playlistId !== undefined) return next('playlist');
  if (step !== 'comment' && variant.firstComment !== undefined) return next('comment');
  return { kind: 'published', ...out, ...(missing === undefined ? {} : { missing }) };
}
