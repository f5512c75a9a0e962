import * as z from 'zod';
import { sha256 } from '../../domain/ids.ts';
import { type FileLimits, fileFor } from '../../domain/media.ts';
import { multipart } from '../multipart.ts';
import { ok } from '../outcome.ts';
import type { Context, Outcome, PublishRequest } from '../provider.ts';
import { type DiscourseCredential, discourseCall, discourseFailure, tellForbidden } from './api.ts';
import type { DiscourseUpload } from './post.ts';

/** Defaults of the site settings authorized_extensions and max_image_size_kb (4096). */
export const DISCOURSE_IMAGE: FileLimits = {
  types: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'],
  maxBytes: 4_096 * 1_024,
};

/**
 * Puts the images on the forum, where nobody sees them before a post names them. It knows a file by its bytes, so a
 * repetition gives the same upload again. https://docs.discourse.org/#tag/Uploads/operation/createUpload
 */
export async function uploadToDiscourse(
  { variant, credential, delivery }: PublishRequest<DiscourseCredential>,
  context: Context,
): Promise<{ uploads: readonly DiscourseUpload[] } | Outcome> {
  const uploads: DiscourseUpload[] = [];
  for (const [index, media] of (variant.media ?? []).entries()) {
    const file = fileFor(media, DISCOURSE_IMAGE);
    if (typeof file === 'string')
      return { kind: 'rejected', code: 'media_refused', reason: `${media.fileName}: ${file}` };
    const form = multipart(
      `sendeplan-${sha256(`${delivery.key}.${index}`).slice(0, 40)}`,
      [
        ['upload_type', 'composer'],
        ['synchronous', 'true'],
      ],
      [
        {
          field: 'file',
          fileName: `${media.id}.${file.type.replace('image/', '').replace('jpeg', 'jpg')}`,
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
    const upload = ok(answer, uploaded);
    if (upload === undefined) return refusal(discourseFailure(answer, context.now()), credential, context);
    uploads.push({
      shortUrl: upload.short_url,
      alt: media.alt,
      ...(upload.width && upload.height ? { width: upload.width, height: upload.height } : {}),
    });
  }
  return { uploads };
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
  if (outcome.kind === 'uncertain') return { kind: 'unavailable', reason: outcome.reason };
  const told = await tellForbidden(outcome, credential, context);
  return told.kind === 'rejected' ? { ...told, code: 'media_refused' } : told;
}
