import * as z from 'zod';
import { type Attachment, FILE_ENDINGS, type FileLimits, fileFor } from '../../domain/media.ts';
import { multipart } from '../multipart.ts';
import { harmless, ok, unfit } from '../outcome.ts';
import type { Context, Outcome, PublishRequest } from '../provider.ts';
import { uploadInSteps } from '../upload-in-steps.ts';
import { type GhostCredential, ghostCall, ghostFailure } from './api.ts';

/** Ghost itself sets no size; the web server before it does, and what that refuses is `media_refused`. */
export const GHOST_IMAGE: FileLimits = {
  types: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'],
  maxBytes: 20_000_000,
};

/**
 * Puts the images on the site, where nobody sees them before a post names them: their addresses, after those that
 * earlier steps brought. https://docs.ghost.org/admin-api/images/uploading-an-image
 */
export const uploadGhostImages = (
  request: PublishRequest<GhostCredential>,
  before: readonly string[],
  context: Context,
): ReturnType<typeof uploadInSteps<Attachment, string>> =>
  uploadInSteps(
    request.variant.media ?? [],
    before,
    (media, index) => upload(request, media, index, context),
    context.now,
  );

async function upload(
  { credential, delivery }: PublishRequest<GhostCredential>,
  media: Attachment,
  index: number,
  context: Context,
): Promise<string | Outcome> {
  const file = fileFor(media, GHOST_IMAGE);
  if (typeof file === 'string') return unfit(media, file);
  const form = multipart(
    `${delivery.key}.${index}`,
    [['purpose', 'image']],
    [
      {
        field: 'file',
        // Ghost knows the kind by the ending.
        fileName: `${media.id}.${FILE_ENDINGS[file.type]}`,
        type: file.type,
        bytes: file.bytes,
        chunks: () => context.media.read(file),
      },
    ],
  );
  const request = ghostCall(credential, context.now(), 'POST', '/images/upload/');
  const answer = await context.http({
    ...request,
    headers: { ...request.headers, ...form.headers },
    body: form.body,
  });
  return ok(answer, uploaded)?.images[0]?.url ?? refusal(ghostFailure(answer, context.now()));
}

const uploaded = z.object({ images: z.array(z.object({ url: z.url() })).min(1) });

/** Nothing is public yet, whatever the answer was. */
function refusal(answered: Outcome): Outcome {
  const outcome = harmless(answered);
  return outcome.kind === 'rejected' ? { ...outcome, code: 'media_refused' } : outcome;
}
