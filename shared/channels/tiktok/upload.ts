import type { MediaFile } from '../../domain/media.ts';
import { type Instant, MINUTE, SECOND } from '../../domain/time.ts';
import { defaultOutcome } from '../outcome.ts';
import type { Context, HttpAnswer, HttpRequest, Outcome, PublishRequest } from '../provider.ts';
import { type TiktokCredential, toHarmless, wordsOf } from './api.ts';
import { goOn, type UploadStep, type WaitStep } from './handle.ts';
import { filesOf } from './post.ts';
import { CHUNK_BYTES, start } from './start.ts';
import { afterFailure, afterLook, askStatus } from './status.ts';

/** A step begins no chunk later than this: the claim must still be fresh when the last one is sent. */
const STEP_MS = 20 * SECOND;
/** An address lives for an hour; this leaves a step its time. */
const ADDRESS_LIVES_MS = 55 * MINUTE;

/**
 * Sends chunks as long as a step may take, https://developers.tiktok.com/doc/content-posting-api-media-transfer-guide.
 * TikTok is asked first how many bytes it has: an earlier step may have sent more than it could keep note of.
 */
export async function upload(
  api: string,
  step: UploadStep,
  request: PublishRequest<TiktokCredential>,
  context: Context,
): Promise<Outcome> {
  const files = filesOf(request.variant);
  if (files?.kind !== 'video') return start(api, request, step.tries, context);
  const { file } = files;
  const until = context.now() + STEP_MS;
  const seen = await askStatus(api, step.publishId, request.credential, context);
  if (seen.kind === 'failed') return afterFailure(seen.reason, step, context.now());
  if (seen.kind === 'unclear') return toHarmless(seen.answer, context.now());
  const wait = waitOf(step, context.now());
  if (seen.kind !== 'uploading') return afterLook(seen, wait, request, context.now());
  const { bytes } = seen;
  if (bytes !== undefined && bytes >= file.bytes) return goOn(wait, context.now());
  if (context.now() - step.since > ADDRESS_LIVES_MS) {
    if (bytes === undefined) return { kind: 'uncertain', reason: 'TikTok does not tell what it has' };
    // Not all is in, and soon nothing more can come: that publishing never happens, and another may begin.
    return start(api, request, step.tries, context);
  }
  let from = Math.max(step.sent, beginOf(bytes ?? 0, file));
  while (context.now() < until) {
    const to = endOf(from, file);
    const chunk = toChunk(step.url, file, { from, to }, context);
    if (to === file.bytes) return toOutcome(await context.send(chunk), step, context.now());
    const answer = await context.http(chunk);
    if (answer.kind !== 'answered' || answer.status !== 206) return notTaken(answer, context.now());
    from = to;
  }
  return goOn({ ...step, sent: from }, context.now());
}

const waitOf = ({ publishId, tries }: UploadStep, since: Instant): WaitStep => ({
  step: 'wait',
  publishId,
  since,
  tries,
});

/** Where the chunk begins that follows so many bytes, or that they have broken off in. */
const beginOf = (arrived: number, { bytes }: MediaFile): number => {
  const last = Math.max(1, Math.floor(bytes / CHUNK_BYTES)) - 1;
  return Math.min(Math.floor(arrived / CHUNK_BYTES), last) * CHUNK_BYTES;
};

/** A last piece that is smaller than a chunk goes with the one before it. */
const endOf = (from: number, { bytes }: MediaFile): number =>
  bytes - from < 2 * CHUNK_BYTES ? bytes : from + CHUNK_BYTES;

/** The address is the right to write to it: no token goes along. */
function toChunk(
  url: string,
  file: MediaFile,
  range: { from: number; to: number },
  context: Context,
): HttpRequest {
  return {
    method: 'PUT',
    url,
    headers: {
      'content-type': file.type,
      'content-range': `bytes ${range.from}-${range.to - 1}/${file.bytes}`,
    },
    body: { bytes: range.to - range.from, chunks: () => context.media.read(file, range) },
  };
}

/** A chunk that is not the last: whatever became of it, nothing is posted. */
function notTaken(answer: HttpAnswer, now: Instant): Outcome {
  const outcome = toHarmless(answer, now);
  // 403, 404 and 416 are about the address or the place, and the next step asks for both.
  return outcome.kind === 'rejected' ? { kind: 'unavailable', reason: outcome.reason } : outcome;
}

const NOT_TAKEN = new Set([206, 403, 404, 416]);

/** What became of the last chunk. */
export function toOutcome(answer: HttpAnswer, step: UploadStep, now: Instant): Outcome {
  if (answer.kind === 'answered' && answer.status === 201) return goOn(waitOf(step, now), now);
  if (answer.kind === 'answered' && NOT_TAKEN.has(answer.status)) {
    return { kind: 'unavailable', reason: `TikTok did not get the whole video: ${wordsOf(answer)}` };
  }
  return defaultOutcome(answer, now);
}
