import * as z from 'zod';
import { type Attachment, fileFor } from '../../domain/media.ts';
import { reasonOf, unfit } from '../outcome.ts';
import type { Context, HttpAnswer, MeasureFailure, Outcome } from '../provider.ts';
import { BLUESKY_IMAGE, blobSchema, type UploadedImage } from './embed.ts';
import { type BlueskySession, endSession, type Opened } from './session.ts';
import { bearer, isSessionRefused, toFailure, xrpc } from './xrpc.ts';

export type Refusal = MeasureFailure | Extract<Outcome, { kind: 'rejected' }>;

/**
 * Puts the images on the account's server, where nobody sees them before a record names them; unnamed ones are
 * cleared away. It knows a file by its bytes, so a repetition gives the same blob again.
 * https://docs.bsky.app/docs/api/com-atproto-repo-upload-blob
 */
export async function uploadImages(
  opened: Extract<Opened, { kind: 'open' }>,
  media: readonly Attachment[],
  context: Context,
): Promise<readonly UploadedImage[] | Refusal> {
  // Together: a server that is slow to one of them must not use up the time of the post.
  const uploads = await Promise.all(media.map((one) => uploadImage(opened.session, one, context)));
  const images: UploadedImage[] = [];
  for (const upload of uploads) {
    if ('blob' in upload) images.push(upload);
    else if ('code' in upload) return upload;
    else if (isSessionRefused(upload)) return endSession(opened, upload, context);
    else return refusalOf(upload, context);
  }
  return images;
}

async function uploadImage(
  { pds, accessJwt }: BlueskySession,
  media: Attachment,
  context: Context,
): Promise<UploadedImage | HttpAnswer | Extract<Outcome, { kind: 'rejected' }>> {
  const file = fileFor(media, BLUESKY_IMAGE);
  if (typeof file === 'string') return unfit(media, file);
  const answer = await context.http({
    method: 'POST',
    url: xrpc(pds, 'com.atproto.repo.uploadBlob'),
    headers: { ...bearer(accessJwt), 'content-type': file.type },
    body: { bytes: file.bytes, chunks: () => context.media.read(file) },
  });
  if (answer.kind !== 'answered' || answer.status !== 200) return answer;
  const blob = uploaded.safeParse(answer.json).data?.blob;
  return blob === undefined ? answer : { blob, file, alt: media.alt };
}

const uploaded = z.object({ blob: blobSchema });

/** Nothing is public yet, whatever the answer was. */
function refusalOf(answer: HttpAnswer, context: Context): Refusal {
  const isRefused = answer.kind === 'answered' && [400, 403, 413, 415].includes(answer.status);
  const failure = toFailure(answer, context.now());
  return isRefused && failure.kind === 'unavailable'
    ? { kind: 'rejected', code: 'media_refused', reason: reasonOf(answer) }
    : failure;
}
