import * as z from 'zod';
import { type Attachment, fileFor, type MediaFile } from '../../domain/media.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { HOUR, type Instant, SECOND } from '../../domain/time.ts';
import { clip } from '../outcome.ts';
import type { Context, HttpAnswer } from '../provider.ts';
import { call, successJson, type XAccess } from './api.ts';
import { describe, formOf, idOf, misfit, refusalOf, type Upload } from './media.ts';
import { isGif, limitsOf } from './post.ts';

/** How far the upload of a video or a GIF has come. */
export const uploadState = z.strictObject({
  /** Empty: to be begun. */
  id: z.string(),
  /** Segments that X has. */
  sent: z.int().nonnegative(),
  finalized: z.boolean(),
  /** When it was begun: X keeps what is not attached to a post for a day. */
  at: z.number(),
  /** How often it was begun anew. */
  anew: z.int().nonnegative(),
});
export type UploadState = z.infer<typeof uploadState>;

export type Uploaded =
  | { kind: 'ready'; id: string }
  /** Go on with this at `checkAt`. */
  | { kind: 'goOn'; state: UploadState; checkAt: Instant }
  | Outcome;

/** X takes segments of at most 5 MB, and 1000 of them: https://docs.x.com/x-api/media/quickstart/media-upload-chunked */
export const SEGMENT = 5_000_000;
/** How long one step goes on uploading: a claim is fresh for 40 s, one request takes up to 20. */
const STEP = 18 * SECOND;
const MEDIA_LIVE = 20 * HOUR;
const MOST_ANEW = 3;

/** Brings a video or a GIF to X, or on its way. Nothing of it is public: it may be done again. */
export async function uploadInSegments(
  upload: Upload,
  media: Attachment,
  before?: UploadState,
): Promise<Uploaded> {
  const { access, context } = upload;
  const file = fileFor(media, limitsOf(media));
  if (typeof file === 'string') return misfit(file);
  const state = await begun(upload, media, file, before);
  if ('kind' in state) return state;
  if (state.finalized) return processed(upload, media, state, await context.http(statusOf(access, state.id)));
  const sent = await sendSegments(upload, file, state);
  if (typeof sent !== 'number') return sent;
  const finalized = await context.http(call(access, 'POST', `${pathOf(state)}/finalize`));
  const isDone = successJson(finalized) !== undefined;
  // Finalized before, but the answer was lost: then the status knows more.
  const told = isDone || isGone(finalized) ? finalized : await context.http(statusOf(access, state.id));
  return processed(upload, media, { ...state, sent, finalized: true }, told);
}

const pathOf = ({ id }: UploadState): string => `/2/media/upload/${encodeURIComponent(id)}`;
const statusOf = (access: XAccess, id: string) =>
  call(access, 'GET', `/2/media/upload?command=STATUS&media_id=${encodeURIComponent(id)}`);

/** Sends what is missing, as far as the time goes. A number: all of them are there, and there is time left. */
async function sendSegments(
  upload: Upload,
  file: MediaFile,
  state: UploadState,
): Promise<number | Exclude<Uploaded, { kind: 'ready' }>> {
  const { context } = upload;
  const until = context.now() + STEP;
  let { sent } = state;
  const goOn = (afterMs = 0): Uploaded & { kind: 'goOn' } => ({
    kind: 'goOn',
    state: { ...state, sent },
    checkAt: context.now() + afterMs,
  });
  while (sent * SEGMENT < file.bytes) {
    if (context.now() >= until) return goOn();
    const answer = await context.http(segmentOf(upload, file, state, sent));
    if (isGone(answer)) return anew(state, context);
    if (answer.kind !== 'answered' || answer.status >= 300) {
      const refusal = refusalOf(answer, context);
      // What is up already need not go again because of one segment.
      return refusal.kind === 'unavailable' && sent > state.sent ? goOn(5 * SECOND) : refusal;
    }
    sent += 1;
  }
  return context.now() < until - STEP / 2 ? sent : goOn();
}

function segmentOf(upload: Upload, file: MediaFile, state: UploadState, index: number) {
  const range = { from: index * SEGMENT, to: Math.min((index + 1) * SEGMENT, file.bytes) };
  return formOf(upload, `${pathOf(state)}/append`, String(index), [['segment_index', String(index)]], {
    field: 'media',
    fileName: 'segment',
    type: 'application/octet-stream',
    bytes: range.to - range.from,
    chunks: () => upload.context.media.read(file, range),
  });
}

/** The session that there is, or a new one. */
async function begun(
  { access, context }: Upload,
  media: Attachment,
  file: MediaFile,
  before?: UploadState,
): Promise<UploadState | Outcome> {
  if (before !== undefined && before.id !== '' && before.at > context.now() - MEDIA_LIVE) return before;
  const answer = await context.http(
    call(access, 'POST', '/2/media/upload/initialize', {
      media_type: file.type,
      media_category: isGif(media) ? 'tweet_gif' : 'tweet_video',
      total_bytes: file.bytes,
    }),
  );
  const id = idOf(answer);
  if (id === undefined) return refusalOf(answer, context);
  return { id, sent: 0, finalized: false, at: context.now(), anew: before?.anew ?? 0 };
}

/** X does not know the session any more: begins a new one, but not for ever. */
function anew(state: UploadState, context: Context): Exclude<Uploaded, { kind: 'ready' }> {
  if (state.anew >= MOST_ANEW) {
    return { kind: 'rejected', code: 'media_refused', reason: 'X lost the upload again and again' };
  }
  const fresh = { id: '', sent: 0, finalized: false, at: context.now(), anew: state.anew + 1 };
  return { kind: 'goOn', state: fresh, checkAt: context.now() + 2 * SECOND };
}

const statusAnswer = z.object({
  data: z.object({
    processing_info: z
      .object({
        state: z.string(),
        check_after_secs: z.number().optional(),
        error: z.object({ message: z.string() }).partial().optional().catch(undefined),
      })
      .optional(),
  }),
});

/** What becomes of it, by X's answer to the end or the status of the upload. Without processing info it is ready. */
async function processed(
  upload: Upload,
  media: Attachment,
  state: UploadState,
  answer: HttpAnswer,
): Promise<Uploaded> {
  const told = statusAnswer.safeParse(successJson(answer)).data;
  if (told === undefined)
    return isGone(answer) ? anew(state, upload.context) : refusalOf(answer, upload.context);
  const info = told.data.processing_info;
  if (info?.state === 'failed') {
    return {
      kind: 'rejected',
      code: 'media_refused',
      reason: clip(info.error?.message ?? 'X cannot use it'),
    };
  }
  if (info !== undefined && info.state !== 'succeeded') {
    const seconds = Math.min(Math.max(info.check_after_secs ?? 5, 1), 60);
    return { kind: 'goOn', state, checkAt: upload.context.now() + seconds * SECOND };
  }
  const refused = await describe(upload, state.id, media.alt);
  // Alt text of videos is not promised anywhere: a video goes without rather than not at all.
  if (refused !== undefined && (isGif(media) || refused.kind !== 'rejected')) return refused;
  return { kind: 'ready', id: state.id };
}

const isGone = (answer: HttpAnswer): boolean =>
  answer.kind === 'answered' && (answer.status === 404 || answer.status === 410);
