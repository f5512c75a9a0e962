import * as z from 'zod';
import { MEDIA_TYPES, type Media } from '../../shared/domain/media.ts';
import { toRfc3339 } from '../../shared/domain/time.ts';
import type { Upload } from '../../shared/usecases/upload-media.ts';
import { actorSchema, instantSchema } from './answers.ts';

const pixels = z.int().optional();
const type = z.enum(MEDIA_TYPES);
const fileSchema = z
  .object({
    name: z.enum(['original', 'large', 'small']),
    type,
    bytes: z.int(),
    width: pixels,
    height: pixels,
  })
  .meta({ id: 'MediaFile' });

export const mediaSchema = z
  .object({
    id: z.string(),
    brandId: z.string(),
    fileName: z.string(),
    sha256: z.string(),
    type: type.optional(),
    bytes: z.int().optional(),
    state: z
      .enum(['waiting', 'ready'])
      .describe('`waiting` until its bytes have come and been looked at; only `ready` ones can be posted'),
    width: pixels.describe('Pixels, as it is seen: turned upright'),
    height: pixels,
    durationMs: z.int().optional().describe('Of a video'),
    videoCodec: z.string().optional(),
    audioCodec: z.string().optional(),
    files: z
      .array(fileSchema)
      .describe('The original, and smaller JPEGs of an image: each network gets the first that it takes'),
    createdAt: instantSchema,
    createdBy: actorSchema,
  })
  .meta({ id: 'Media' });

export const newMediaSchema = mediaSchema
  .extend({
    upload: z
      .object({
        method: z.literal('PUT'),
        url: z.url(),
        headers: z.record(z.string(), z.string()).describe('To be sent exactly so'),
        expiresAt: instantSchema,
      })
      .optional()
      .describe('How to send the bytes; absent when they are there already'),
  })
  .meta({ id: 'NewMedia' });

/** A media as answers show it: nothing of where it is kept. */
export function presentMedia(media: Media): z.infer<typeof mediaSchema> {
  const { id, brandId, fileName, sha256, state, files, expected, createdBy } = media;
  const [original] = files;
  const { type, bytes } = original ?? expected ?? {};
  return {
    id,
    brandId,
    fileName,
    sha256,
    ...told({ type, bytes }),
    state,
    ...told({ width: original?.width, height: original?.height }),
    ...told({ durationMs: media.durationMs, videoCodec: media.videoCodec, audioCodec: media.audioCodec }),
    files: files.map(({ path: _path, ...file }) => file),
    createdAt: toRfc3339(media.createdAt),
    createdBy,
  };
}

export function presentUpload({
  url,
  headers,
  expiresAt,
}: Upload): z.infer<typeof newMediaSchema.shape.upload> {
  return { method: 'PUT', url, headers: { ...headers }, expiresAt: toRfc3339(expiresAt) };
}

/** Without what is not known. */
function told<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Fields]?: Exclude<Fields[Name], undefined>;
  };
}
