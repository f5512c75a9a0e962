import * as z from 'zod';
import { sha256 } from '../../domain/ids.ts';
import { type FileLimits, fileFor } from '../../domain/media.ts';
import { multipart } from '../multipart.ts';
import { clip, ok } from '../outcome.ts';
import type { Context, Outcome, PublishRequest } from '../provider.ts';
import { type GhostCredential, ghostCall, ghostFailure } from './api.ts';
import type { GhostImage } from './post.ts';

/** Ghost itself sets no size; the web server before it does, and what that refuses is `media_refused`. */
export const GHOST_IMAGE: FileLimits = {
  types: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'],
  maxBytes: 20_000_000,
};

/**
 * Puts the images on the site, where nobody sees them before a post names them; a repetition leaves a copy behind.
 * https://docs.ghost.org/admin-api/images/uploading-an-image
 */
export async function uploadGhostImages(
  { variant, credential, delivery }: PublishRequest<GhostCredential>,
  context: Context,
): Promise<{ images: readonly GhostImage[] } | Outcome> {
  const images: GhostImage[] = [];
  for (const [index, media] of (variant.media ?? []).entries()) {
    const file = fileFor(media, GHOST_IMAGE);
    if (typeof file === 'string')
      return { kind: 'rejected', code: 'media_refused', reason: `${media.fileName}: ${file}` };
    const form = multipart(
      `sendeplan-${sha256(`${delivery.key}.${index}`).slice(0, 40)}`,
      [['purpose', 'image']],
      [
        {
          field: 'file',
          // Ghost knows the kind by the ending.
          fileName: `${media.id}.${file.type.replace('image/', '').replace('jpeg', 'jpg')}`,
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
    const url = ok(answer, uploaded)?.images[0]?.url;
    if (url === undefined) return refusal(ghostFailure(answer, context.now()));
    images.push({ url, alt: media.alt });
  }
  return { images };
}

const uploaded = z.object({ images: z.array(z.object({ url: z.url() })).min(1) });

/** Nothing is public yet, whatever the answer was. */
function refusal(outcome: Outcome): Outcome {
  if (outcome.kind === 'uncertain') return { kind: 'unavailable', reason: outcome.reason };
  return outcome.kind === 'rejected'
    ? { kind: 'rejected', code: 'media_refused', reason: clip(outcome.reason) }
    : outcome;
}
