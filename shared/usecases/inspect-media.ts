import type { Actor } from '../domain/agency.ts';
import { AppError, notFound } from '../domain/app-error.ts';
import { finding } from '../domain/finding.ts';
import { type Media, type MediaFile, mediaPath } from '../domain/media.ts';
import type { Deps, Inspector } from '../ports.ts';

/**
 * Looks at what was uploaded, and makes the media ready to be posted; ready media are given back as they are.
 * @throws conflict while nothing has been uploaded; invalid when the bytes are refused, which are then gone
 */
export async function inspectMedia(
  deps: Pick<Deps, 'media' | 'bucket' | 'audit' | 'clock'>,
  { media, inspector, actor }: { media: Media; inspector: Inspector; actor: Actor },
): Promise<Media> {
  const { agencyId, brandId, id, expected } = media;
  if (media.state === 'ready' || expected === undefined) return media;
  const path = mediaPath(media, 'original', expected.type);
  const bytes = await deps.bucket.size(path);
  if (bytes === undefined) {
    throw new AppError('conflict', 'Nothing has been uploaded yet: send the file to the upload’s URL first.');
  }
  const original: MediaFile = { name: 'original', path, type: expected.type, bytes };
  const found = await inspector.inspect(media, original);
  const told = (act: string, data: Readonly<Record<string, unknown>>) =>
    deps.audit.append(agencyId, { at: deps.clock.now(), actor, act, target: id, data });
  if ('refused' in found) {
    await deps.bucket.delete(path);
    await told('media.refused', { reason: found.refused });
    throw new AppError('invalid', 'The file was refused; findings say why.', {
      findings: [finding('error', 'media_refused', '', { reason: found.refused })],
    });
  }
  // It may have been deleted while it was looked at.
  if ((await deps.media.get(agencyId, brandId, id)) === undefined) throw notFound('media');
  const { expected: _done, ...known } = media;
  const ready: Media = { ...known, ...found, state: 'ready' };
  await deps.media.replace(ready);
  await told('media.ready', { bytes });
  return ready;
}
