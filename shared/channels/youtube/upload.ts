import * as z from 'zod';
import type { MediaFile } from '../../domain/media.ts';
import { type Instant, SECOND } from '../../domain/time.ts';
import type { Context, HttpAnswer, HttpRequest, Outcome, PublishRequest } from '../provider.ts';
import { bearer, successOf, toHarmless, toRefusal, wordsOf, type YoutubeCredential } from './api.ts';
import { toHandle, uploaded } from './handle.ts';
import { optionsOf, toVideo, videoOf, type YoutubeOptions } from './video.ts';

/** Google wants multiples of 256 KiB, but for the last one; this is below 8 MB. */
export const CHUNK_BYTES = 30 * 256 * 1024;
/** A step begins no chunk later than this: the claim must still be fresh when the last one is sent. */
const STEP_MS = 20 * SECOND;

/**
 * Opens an upload session, https://developers.google.com/youtube/v3/guides/using_resumable_upload_protocol. It lives
 * for about a week and makes one video at most, when all bytes are in; so it must be kept before the first of them goes.
 */
export async function startUpload(
  api: string,
  request: PublishRequest<YoutubeCredential>,
  context: Context,
): Promise<Outcome> {
  const options = optionsOf(request.variant);
  const file = videoOf(request.variant);
  if (options?.title === undefined || options.madeForKids === undefined) {
    return { kind: 'rejected', code: 'option_invalid', reason: 'an option is missing or has no valid value' };
  }
  if (file === undefined) {
    return { kind: 'rejected', code: 'media_refused', reason: 'there is no video that YouTube takes' };
  }
  const answer = await context.http(toRequest(api, request, options, file));
  if (answer.kind !== 'answered' || answer.status !== 200) return toHarmless(answer, context.now());
  const uri = sessionUri(answer.headers.location, api);
  if (uri === undefined) return { kind: 'unavailable', reason: 'YouTube opened no upload session' };
  return { kind: 'pending', handle: toHandle({ step: 'upload', uri }), checkAt: context.now() };
}

/** The request that opens the session: all that will be said about the video. */
export function toRequest(
  api: string,
  { variant, credential }: Pick<PublishRequest<YoutubeCredential>, 'variant' | 'credential'>,
  options: YoutubeOptions,
  file: MediaFile,
): HttpRequest {
  const query = new URLSearchParams({ uploadType: 'resumable', part: 'snippet,status' });
  query.set('notifySubscribers', String(options.notifySubscribers ?? true));
  return {
    method: 'POST',
    url: `${api}/upload/youtube/v3/videos?${query}`,
    headers: {
      ...bearer(credential),
      'content-type': 'application/json; charset=utf-8',
      'x-upload-content-length': String(file.bytes),
      'x-upload-content-type': file.type,
    },
    body: JSON.stringify(toVideo(variant, options)),
  };
}

/** The token goes along with every chunk, so it must be an address of Google's. */
function sessionUri(location: string | undefined, api: string): string | undefined {
  if (location === undefined || !URL.canParse(location)) return undefined;
  const { origin, protocol, hostname } = new URL(location);
  const isGoogle = protocol === 'https:' && hostname.endsWith('.googleapis.com');
  return isGoogle || origin === new URL(api).origin ? location : undefined;
}

/** What a session says of itself. `at`: that many bytes are in, and the video is not made yet. */
export type Session =
  | { kind: 'at'; bytes: number }
  | { kind: 'done'; videoId: string }
  | { kind: 'ended' }
  | { kind: 'unclear'; answer: HttpAnswer };

/** Asks a session how far it is; changes nothing. */
export async function askSession(
  uri: string,
  credential: YoutubeCredential,
  file: MediaFile,
  context: Context,
): Promise<Session> {
  const answer = await context.http({
    method: 'PUT',
    url: uri,
    headers: {
      ...bearer(credential),
      'content-length': '0',
      'content-range': `bytes */${file.bytes}`,
    },
  });
  return sessionOf(answer);
}

const videoId = z.object({ id: z.string().min(1) });

export function sessionOf(answer: HttpAnswer): Session {
  if (answer.kind !== 'answered') return { kind: 'unclear', answer };
  // Without a Range header nothing is in yet.
  if (answer.status === 308) {
    const last = /^bytes=0-(\d+)$/.exec(answer.headers.range ?? '')?.[1];
    return { kind: 'at', bytes: last === undefined ? 0 : Number(last) + 1 };
  }
  if (answer.status === 404 || answer.status === 410) return { kind: 'ended' };
  const id = successOf(answer, videoId)?.id;
  return id === undefined ? { kind: 'unclear', answer } : { kind: 'done', videoId: id };
}

/** Sends chunks as long as a step may take; where to begin is asked, so that it does not matter what was sent before. */
export async function upload(
  api: string,
  uri: string,
  request: PublishRequest<YoutubeCredential>,
  context: Context,
): Promise<Outcome> {
  const file = videoOf(request.variant);
  if (file === undefined) return startUpload(api, request, context);
  const until = context.now() + STEP_MS;
  let session = await askSession(uri, request.credential, file, context);
  while (session.kind === 'at' && context.now() < until) {
    const from = session.bytes;
    if (from >= file.bytes) return { kind: 'uncertain', reason: 'YouTube has all bytes and names no video' };
    const to = Math.min(from + CHUNK_BYTES, file.bytes);
    const chunk = toChunk(uri, request.credential, file, { from, to }, context);
    // The last bytes make the video, and a public one can be watched from then on, while YouTube still works on it.
    if (to === file.bytes) return toOutcome(await context.send(chunk), context.now());
    session = sessionOf(await context.http(chunk));
    if (session.kind === 'at' && session.bytes <= from) {
      return { kind: 'unavailable', reason: 'the upload does not get on' };
    }
  }
  if (session.kind === 'done') return uploaded(session.videoId, context.now());
  // Nothing was made: what may have been made is looked for by `find` before this is reached.
  if (session.kind === 'ended') return startUpload(api, request, context);
  if (session.kind === 'unclear') return toHarmless(session.answer, context.now());
  return { kind: 'pending', handle: toHandle({ step: 'upload', uri }), checkAt: context.now() };
}

function toChunk(
  uri: string,
  credential: YoutubeCredential,
  file: MediaFile,
  range: { from: number; to: number },
  context: Context,
): HttpRequest {
  return {
    method: 'PUT',
    url: uri,
    headers: {
      ...bearer(credential),
      'content-type': file.type,
      'content-range': `bytes ${range.from}-${range.to - 1}/${file.bytes}`,
    },
    body: { bytes: range.to - range.from, chunks: () => context.media.read(file, range) },
  };
}

/** What became of the chunk that completes the upload. */
export function toOutcome(answer: HttpAnswer, now: Instant): Outcome {
  const session = sessionOf(answer);
  if (session.kind === 'done') return uploaded(session.videoId, now);
  if (session.kind === 'at') return { kind: 'unavailable', reason: 'YouTube did not get the whole video' };
  if (session.kind === 'ended') return { kind: 'unavailable', reason: `no such upload: ${wordsOf(answer)}` };
  return toRefusal(answer, now);
}
