import * as z from 'zod';
import type { MediaFile } from '../../domain/media.ts';
import { HOUR, type Instant, SECOND } from '../../domain/time.ts';
import { readHandle } from '../handle.ts';
import { multipart } from '../multipart.ts';
import { ok, reasonOf } from '../outcome.ts';
import type { Context, Outcome, PublishRequest } from '../provider.ts';
import { call, isGone, type PinterestCredential, toCertain } from './api.ts';

type Request = PublishRequest<PinterestCredential>;
/** `since`: when its first upload began, in milliseconds. */
type Handle = { readonly videoId: string; readonly since: Instant };

/** What an upload has come to: ready for a pin, lost, or an outcome that stands until the next look. */
export type VideoState = { kind: 'ready'; videoId: string } | { kind: 'lost'; since: Instant } | Outcome;

/**
 * Registers a video and sends its file, in one step: the right to upload is long and ends soon, so it is not kept.
 * Nothing of it is public, and an upload that is never used does no harm.
 * https://developers.pinterest.com/docs/work-with-organic-content-and-users/create-boards-and-pins/#creating-video-pins
 */
export async function uploadVideo(
  api: string,
  { credential, delivery }: Pick<Request, 'credential' | 'delivery'>,
  file: MediaFile,
  context: Context,
  since: Instant,
): Promise<Outcome> {
  const registration = await context.http(
    call(api, credential, 'POST', '/media', { body: { media_type: 'video' } }),
  );
  const upload = ok(registration, registered);
  if (upload === undefined) return toCertain(registration, context.now());
  const form = multipart(`${delivery.key} ${upload.media_id}`, Object.entries(upload.upload_parameters), [
    {
      field: 'file',
      fileName: file.type === 'video/quicktime' ? 'video.mov' : 'video.mp4',
      type: file.type,
      bytes: file.bytes,
      chunks: () => context.media.read(file),
    },
  ]);
  const answer = await context.http({ method: 'POST', url: upload.upload_url, ...form });
  if (answer.kind === 'answered' && answer.status >= 200 && answer.status < 300) {
    return pending({ videoId: upload.media_id, since }, context);
  }
  const reason = answer.kind === 'answered' ? reasonOf(answer) : answer.reason;
  return { kind: 'unavailable', reason: `the video could not be uploaded: ${reason}`.slice(0, 200) };
}

/** Asks how far Pinterest is with the video of a handle. */
export async function videoState(
  api: string,
  { credential, delivery }: Pick<Request, 'credential' | 'delivery'>,
  context: Context,
): Promise<VideoState> {
  const known = readHandle(handleSchema, delivery.handle);
  if (known === undefined) return { kind: 'lost', since: context.now() };
  const answer = await context.http(call(api, credential, 'GET', `/media/${known.videoId}`));
  if (isGone(answer)) return { kind: 'lost', since: known.since };
  const media = ok(answer, uploaded);
  if (media === undefined) return toCertain(answer, context.now());
  if (media.status === 'succeeded') return { kind: 'ready', videoId: known.videoId };
  if (media.status === 'failed') return refused('Pinterest could not process the video.');
  if (context.now() > known.since + PATIENCE_MS) return refused('Pinterest did not get the video ready.');
  return pending(known, context);
}

const PATIENCE_MS = HOUR;
const LOOK_AGAIN_MS = 5 * SECOND;

const registered = z.object({
  media_id: z.string().regex(/^\d+$/),
  upload_url: z.url({ protocol: /^https?$/ }),
  upload_parameters: z.record(z.string(), z.string()),
});
const uploaded = z.object({ status: z.enum(['registered', 'processing', 'succeeded', 'failed']) });
const handleSchema = z.object({ videoId: z.string().regex(/^\d+$/), since: z.int() });

const pending = (handle: Handle, context: Context): Outcome => ({
  kind: 'pending',
  handle: JSON.stringify(handle),
  checkAt: context.now() + LOOK_AGAIN_MS,
});

const refused = (reason: string): Outcome => ({ kind: 'rejected', code: 'media_refused', reason });
