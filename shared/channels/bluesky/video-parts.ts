import * as z from 'zod';
import type { Attachment, MediaFile } from '../../domain/media.ts';
import { type Instant, SECOND } from '../../domain/time.ts';
import type { HttpAnswer } from '../provider.ts';
import type { Refusal } from './images.ts';
import { procedure, serviceToken, type VideoCall, videoRefusal } from './video-service.ts';
import { bearer, xrpc, xrpcError } from './xrpc.ts';

/** An upload in parts: its session, the size that the service wants each part to have, how many are there. */
export const uploadSchema = z.strictObject({
  id: z.string().max(256),
  partBytes: z.int().positive(),
  sent: z.int().nonnegative(),
});
export type Upload = z.infer<typeof uploadSchema>;

type Went =
  | { kind: 'goOn'; upload: Upload; checkAt: Instant }
  | { kind: 'done'; job: string }
  /** The service has no such session any more. */
  | { kind: 'gone' }
  | Refusal;

/** A step goes on for so long; a request that is under way may take 20 s more. */
const STEP = 15 * SECOND;

/** Announces a video that is to come in parts: lexicon `app.bsky.video.startUpload`. */
export async function startUpload(
  call: VideoCall,
  media: Attachment,
  file: MediaFile,
): Promise<Upload | Refusal> {
  const access = await serviceToken(call, 'com.atproto.repo.uploadBlob');
  if ('kind' in access) return access;
  const answer = await call.context.http(
    procedure(call.service, 'startUpload', access.token, {
      sizeBytes: file.bytes,
      mimeType: file.type,
      name: `${media.id}.mp4`,
      ...(media.durationMs === undefined ? {} : { durationMs: Math.round(media.durationMs) }),
      ...(file.width && file.height ? { width: file.width, height: file.height } : {}),
    }),
  );
  const told = okJson(answer, z.object({ jobId: z.string(), partSizeBytes: z.int().positive() }));
  if (told === undefined) return videoRefusal(answer, call.context.now());
  return { id: told.jobId, partBytes: told.partSizeBytes, sent: 0 };
}

/** Sends parts as far as the time goes; in a step of its own, when all are there, says that it is finished. */
export async function continueUpload(call: VideoCall, file: MediaFile, upload: Upload): Promise<Went> {
  const access = await serviceToken(call, 'com.atproto.repo.uploadBlob');
  if ('kind' in access) return access;
  const { context } = call;
  const goOn = (sent: number, afterMs = 0): Went => ({
    kind: 'goOn',
    upload: { ...upload, sent },
    checkAt: context.now() + afterMs,
  });
  if (upload.sent * upload.partBytes >= file.bytes) return finish(call, access.token, upload, goOn);
  const until = context.now() + STEP;
  let { sent } = upload;
  while (sent * upload.partBytes < file.bytes && context.now() < until) {
    const answer = await context.http(partOf(call, access.token, file, { ...upload, sent }));
    if (answer.kind !== 'answered' || answer.status >= 300) {
      const name = xrpcError(answer)?.error ?? '';
      if (GONE.has(name)) return { kind: 'gone' };
      // An earlier step got further than it could tell.
      if (FURTHER.has(name)) return goOn(Math.ceil(file.bytes / upload.partBytes), 2 * SECOND);
      const refusal = videoRefusal(answer, context.now());
      // What is there already need not go again because of one part.
      return refusal.kind === 'unavailable' && sent > upload.sent ? goOn(sent, 5 * SECOND) : refusal;
    }
    sent += 1;
  }
  return goOn(sent);
}

const GONE = new Set(['UploadNotFound', 'UploadExpired', 'UploadAborted', 'UploadFailed']);
const FURTHER = new Set(['UploadNotReady', 'UploadAlreadyCompleted']);

/** A part may be sent again: lexicon `app.bsky.video.uploadPart`. */
function partOf({ service, context }: VideoCall, token: string, file: MediaFile, upload: Upload) {
  const { id, partBytes, sent } = upload;
  const range = { from: sent * partBytes, to: Math.min((sent + 1) * partBytes, file.bytes) };
  const query = [
    ['jobId', id],
    ['partNumber', String(sent + 1)],
  ] as const;
  return {
    method: 'POST',
    url: xrpc(service, 'app.bsky.video.uploadPart', query),
    headers: { ...bearer(token), 'content-type': 'application/octet-stream' },
    body: { bytes: range.to - range.from, chunks: () => context.media.read(file, range) },
  } as const;
}

/** May be said again: lexicon `app.bsky.video.finishUpload`. The job may be one of an earlier upload of the same bytes. */
async function finish(
  { service, context }: VideoCall,
  token: string,
  upload: Upload,
  goOn: (sent: number, afterMs: number) => Went,
): Promise<Went> {
  const answer = await context.http(procedure(service, 'finishUpload', token, { jobId: upload.id }));
  const told = okJson(answer, z.object({ completedJobId: z.string().min(1) }));
  if (told !== undefined) return { kind: 'done', job: told.completedJobId };
  const name = xrpcError(answer)?.error ?? '';
  if (name === 'UploadNotReady') return goOn(upload.sent, 2 * SECOND);
  // A part that was answered for and is not there: no telling which, by what is kept.
  if (GONE.has(name) || name === 'MissingParts') return { kind: 'gone' };
  return videoRefusal(answer, context.now());
}

function okJson<T>(answer: HttpAnswer, schema: z.ZodType<T>): T | undefined {
  if (answer.kind !== 'answered' || answer.status !== 200) return undefined;
  return schema.safeParse(answer.json).data;
}
