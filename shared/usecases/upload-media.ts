import type { Actor } from '../domain/agency.ts';
import { AppError } from '../domain/app-error.ts';
import { finding } from '../domain/finding.ts';
import { derivedId } from '../domain/ids.ts';
import { kindOf, type Media, type MediaInput, MOST_IMAGE_BYTES, mediaPath } from '../domain/media.ts';
import type { Bucket, Deps } from '../ports.ts';

export type Upload = Awaited<ReturnType<Bucket['uploadUrl']>>;

/**
 * Makes room for a file, and says how to send its bytes. The same bytes in the same brand are the same media; when
 * they are there already nothing is asked for. A file that was announced and never sent may be announced again.
 */
export async function uploadMedia(
  deps: Pick<Deps, 'media' | 'bucket' | 'audit' | 'clock'>,
  request: { agencyId: string; brandId: string; input: MediaInput; actor: Actor },
): Promise<{ media: Media; upload?: Upload }> {
  const { agencyId, brandId, input, actor } = request;
  const { fileName, type, bytes, sha256 } = input;
  if (kindOf(type) === 'image' && bytes > MOST_IMAGE_BYTES) {
    throw new AppError('invalid', 'The request was not understood; findings say why.', {
      findings: [
        finding('error', 'invalid_value', '/bytes', { rule: `must be at most ${MOST_IMAGE_BYTES}` }),
      ],
    });
  }
  const wanted: Media = {
    id: derivedId('med', agencyId, brandId, sha256, type),
    agencyId,
    brandId,
    fileName,
    sha256,
    state: 'waiting',
    files: [],
    expected: { type, bytes },
    createdAt: deps.clock.now(),
    createdBy: actor,
  };
  const media = await deps.media.create(wanted);
  if (media.state === 'ready') return { media };
  if (media === wanted) {
    const data = { fileName, type, bytes };
    await deps.audit.append(agencyId, {
      at: media.createdAt,
      actor,
      act: 'media.upload',
      target: media.id,
      data,
    });
  } else if (media.expected?.bytes !== bytes) {
    // One of the two lengths was wrong; only the right one goes with this SHA-256.
    await deps.media.replace({ ...media, expected: { type, bytes } });
  }
  const upload = await deps.bucket.uploadUrl(mediaPath(media, 'original', type), { type, bytes, sha256 });
  return { media, upload };
}
