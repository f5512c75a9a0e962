import * as z from 'zod';
import { type Attachment, fileFor, type MediaFile } from '../../domain/media.ts';
import { HOUR, type Instant, SECOND } from '../../domain/time.ts';
import { unfit } from '../outcome.ts';
import { BLUESKY_VIDEO, type Blob } from './embed.ts';
import type { Refusal } from './images.ts';
import { continueUpload, startUpload, uploadSchema } from './video-parts.ts';
import { type Job, jobOf, serviceToken, type VideoCall, videoRefusal } from './video-service.ts';
import { bearer, xrpc } from './xrpc.ts';

/** How far a video has got; empty: it is still to be begun. Kept in the delivery's handle. */
export const videoState = z.strictObject({
  /** An upload in parts that is under way. */
  upload: uploadSchema.optional(),
  /** The service has it all, and is at work. */
  job: z.string().optional(),
  /** How often it was begun anew. */
  again: z.int().optional(),
});
export type VideoState = z.infer<typeof videoState>;

export type VideoStep =
  | { kind: 'ready'; blob: Blob; file: MediaFile }
  | { kind: 'goOn'; state: VideoState; checkAt: Instant }
  | Refusal;

/** Up to here one request is quicker than parts: MULTIPART_MIN_FILE_SIZE of bluesky-social/social-app. */
const ONE_REQUEST_BYTES = 16 * 1_024 * 1_024;
const LOOK_AGAIN = 3 * SECOND;
const MOST_AGAIN = 2;

/**
 * One step of a video by Bluesky's video service, which makes it ready before the post shows it: sends it, or some of
 * its parts, then looks after its job until the blob is there. The service knows a video by its bytes.
 */
export async function videoStep(call: VideoCall, media: Attachment, state: VideoState): Promise<VideoStep> {
  const file = fileFor(media, BLUESKY_VIDEO);
  if (typeof file === 'string') return unfit(media, file);
  if (state.job !== undefined) return lookAfter(call, file, { ...state, job: state.job });
  const now = call.context.now();
  if (state.upload === undefined) {
    const closed = await checkLimits(call, file);
    if (closed !== undefined) return closed;
    if (file.bytes <= ONE_REQUEST_BYTES) return sendWhole(call, media, file, state);
    const upload = await startUpload(call, media, file);
    return 'kind' in upload ? upload : { kind: 'goOn', state: { ...state, upload }, checkAt: now };
  }
  const went = await continueUpload(call, file, state.upload);
  if (went.kind === 'gone') return anew(state, 'the service lost the upload', now);
  if (went.kind === 'done') return { kind: 'goOn', state: atWork(went.job, state), checkAt: now + SECOND };
  return went.kind === 'goOn' ? { ...went, state: { ...state, upload: went.upload } } : went;
}

/** Begins anew, but not for ever. */
export function anew({ again = 0 }: VideoState, reason: string, now: Instant): VideoStep {
  if (again >= MOST_AGAIN) return { kind: 'rejected', code: 'media_refused', reason };
  return { kind: 'goOn', state: { again: again + 1 }, checkAt: now + 2 * SECOND };
}

const atWork = (job: string, { again }: VideoState): VideoState => ({
  job,
  ...(again === undefined ? {} : { again }),
});

const limitsSchema = z.object({
  canUpload: z.boolean(),
  remainingDailyVideos: z.int().optional(),
  remainingDailyBytes: z.int().optional(),
  message: z.string().optional(),
  error: z.string().optional(),
});

/** Why the account may not send this video now; undefined when it may. */
async function checkLimits(call: VideoCall, file: MediaFile): Promise<Refusal | undefined> {
  const { service, context } = call;
  const access = await serviceToken(call, 'app.bsky.video.getUploadLimits');
  if ('kind' in access) return access;
  const answer = await context.http({
    method: 'GET',
    url: xrpc(service, 'app.bsky.video.getUploadLimits'),
    headers: bearer(access.token),
  });
  const limits =
    answer.kind === 'answered' && answer.status === 200
      ? limitsSchema.safeParse(answer.json).data
      : undefined;
  if (limits === undefined) return videoRefusal(answer, context.now());
  const { canUpload, remainingDailyVideos = 1, remainingDailyBytes = file.bytes, message, error } = limits;
  if (remainingDailyVideos < 1 || remainingDailyBytes < file.bytes) {
    return { kind: 'rateLimited', retryAt: context.now() + HOUR };
  }
  if (canUpload) return undefined;
  const reason = message ?? error ?? 'this account may not upload videos';
  return { kind: 'rejected', code: 'needs_person', reason: reason.slice(0, 200) };
}

async function sendWhole(
  call: VideoCall,
  media: Attachment,
  file: MediaFile,
  state: VideoState,
): Promise<VideoStep> {
  const { service, request, context } = call;
  const access = await serviceToken(call, 'com.atproto.repo.uploadBlob');
  if ('kind' in access) return access;
  const query = [
    ['did', request.channel.account.id],
    ['name', `${media.id}.mp4`],
  ] as const;
  const answer = await context.http({
    method: 'POST',
    url: xrpc(service, 'app.bsky.video.uploadVideo', query),
    headers: { ...bearer(access.token), 'content-type': file.type },
    body: { bytes: file.bytes, chunks: () => context.media.read(file) },
  });
  const job = jobOf(answer);
  // Refusals, too, come as a job, without an id: https://github.com/bluesky-social/atproto/issues/3097
  if (job === undefined || job.id === '') return videoRefusal(answer, context.now());
  return { kind: 'goOn', state: atWork(job.id, state), checkAt: context.now() + SECOND };
}

/** Failures that another try would not change, of `failureCode` in the lexicon `app.bsky.video.defs`. */
const HOPELESS = new Set(['validation_failure', 'encoding_failure', 'pds_upload_unsupported_blob_size']);

async function lookAfter(
  { service, context }: VideoCall,
  file: MediaFile,
  state: VideoState & { job: string },
): Promise<VideoStep> {
  const answer = await context.http({
    method: 'GET',
    url: xrpc(service, 'app.bsky.video.getJobStatus', [['jobId', state.job]]),
  });
  const now = context.now();
  const job = jobOf(answer);
  if (job?.blob !== undefined) return { kind: 'ready', blob: job.blob, file };
  if (job === undefined) {
    const isUnknown = answer.kind === 'answered' && (answer.status === 400 || answer.status === 404);
    return isUnknown ? anew(state, 'the service lost the video', now) : videoRefusal(answer, now);
  }
  if (job.state === 'JOB_STATE_FAILED') return failed(job, state, now);
  return { kind: 'goOn', state, checkAt: now + LOOK_AGAIN };
}

function failed({ failureCode = '', error }: Job, state: VideoState, now: Instant): VideoStep {
  const reason = `Bluesky could not process the video${error === undefined ? '' : `: ${error}`}`.slice(
    0,
    200,
  );
  if (HOPELESS.has(failureCode)) return { kind: 'rejected', code: 'media_refused', reason };
  return anew(state, reason, now);
}
