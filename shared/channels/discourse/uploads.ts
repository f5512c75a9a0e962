import * as z from 'zod';
import { type Attachment, FILE_ENDINGS, type FileLimits, fileFor } from '../../domain/media.ts';
import { multipart } from '../multipart.ts';
import { harmless, ok, unfit } from '../outcome.ts';
import type { Context, Outcome, PublishRequest } from '../provider.ts';
import { uploadInSteps } from '../upload-in-steps.ts';
import { type DiscourseCredential, discourseCall, discourseFailure, tellForbidden } from './api.ts';
import type { DiscourseUpload } from './post.ts';

/** Defaults of the site settings authorized_extensions and max_image_size_kb (4096). */
export const DISCOURSE_IMAGE: FileLimits = {
  types: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'],
  maxBytes: 4_096 * 1_024,
};

/**
 * Puts the images on the forum, where nobody sees them before a post names them: what it calls them, after what earlier
 * steps brought. It knows a file by its bytes, so a repetition gives the same upload again.
 * https://docs.discourse.org/#tag/Uploads/operation/createUpload
 */
export const uploadToDiscourse = (
  request: PublishRequest<DiscourseCredential>,
  before: readonly DiscourseUpload[],
  context: Context,
): ReturnType<typeof uploadInSteps<Attachment, DiscourseUpload>> =>
  uploadInSteps(
    request.variant.media ?? [],
    before,
    (media, index) => upload(request, media, index, context),
    context.now,
  );

async function upload(
  { credential, delivery }: PublishRequest<DiscourseCredential>,
  media: Attachment,
  index: number,
  context: Context,
): Promise<DiscourseUpload | Outcome> {
  const file = fileFor(media, DISCOURSE_IMAGE);
  if (typeof file === 'string') return unfit(media, file);
  const form = multipart(
    `${delivery.key}.${index}`,
    [
      ['upload_type', 'composer'],
      ['synchronous', 'true'],
    ],
    [
      {
        field: 'file',
        fileName: `${media.id}.${FILE_ENDINGS[file.type]}`,
        type: file.type,
        bytes: file.bytes,
        chunks: () => context.media.read(file),
      },
    ],
  );
  const request = discourseCall(credential, 'POST', '/uploads.json');
  const answer = await context.http({
    ...request,
    headers: { ...request.headers, ...form.headers },
    body: form.body,
  });
  const { short_url: shortUrl, width, height } = ok(answer, uploaded) ?? {};
  if (shortUrl === undefined) return refusal(discourseFailure(answer, context.now()), credential, context);
  return { shortUrl, ...(width && height ? { width, height } : {}) };
}

const uploaded = z.object({
  short_url: z.string().regex(/^upload:\/\/[\w.-]+$/),
  width: z.int().nullish(),
  height: z.int().nullish(),
});

/** Nothing is public yet, whatever the answer was. */
async function refusal(
  outcome: Outcome,
  credential: DiscourseCredential,
  context: Context,
): Promise<Outcome> {
  const told = await tellForbidden(harmless(outcome), credential, context);
  return told.kind === 'rejected' ? { ...told, code: 'media_refused' } : told;
}
