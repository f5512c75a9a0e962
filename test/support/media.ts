import { derivedId } from '../../shared/domain/ids.ts';
import type { Attachment, Media, MediaFile, MediaType } from '../../shared/domain/media.ts';
import { anActor, MADE_AT } from './builders.ts';

type Shape = {
  readonly type?: MediaType;
  readonly bytes?: number;
  readonly width?: number;
  readonly height?: number;
  readonly durationMs?: number;
  readonly alt?: string;
};

/** A file of facts alone: 1200 × 900 JPEG of 300 KB unless told otherwise; a video of ten seconds. */
export function anAttachment(name: string, shape: Shape = {}): Attachment {
  const type = shape.type ?? 'image/jpeg';
  const isVideo = type.startsWith('video/');
  const original: MediaFile = {
    name: 'original',
    path: `media/${name}`,
    type,
    bytes: shape.bytes ?? 300_000,
    ...(type === 'application/pdf' ? {} : { width: shape.width ?? 1_200, height: shape.height ?? 900 }),
  };
  return {
    id: derivedId('med', name),
    fileName: `${name}.${type.split('/')[1]}`,
    sha256: 'a'.repeat(64),
    files: [original],
    ...(isVideo ? { durationMs: shape.durationMs ?? 10_000, videoCodec: 'avc', audioCodec: 'aac' } : {}),
    alt: shape.alt ?? `What is to be seen on ${name}`,
  };
}

export function aMedia(name: string, over: Partial<Media> & Pick<Media, 'agencyId' | 'brandId'>): Media {
  const { alt: _alt, ...facts } = anAttachment(name);
  return {
    ...facts,
    state: 'ready',
    createdAt: MADE_AT,
    createdBy: anActor(),
    ...over,
  };
}
