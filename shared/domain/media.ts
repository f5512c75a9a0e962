import * as z from 'zod';
import type { Actor } from './agency.ts';
import type { Instant } from './time.ts';

/** What can be uploaded; the bytes decide, not the name of a file. */
export const MEDIA_TYPES = [
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'video/mp4',
  'video/quicktime',
  'video/webm',
  'application/pdf',
] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];
export type MediaKind = 'image' | 'video' | 'document';

export const kindOf = (type: MediaType): MediaKind =>
  type === 'application/pdf' ? 'document' : type.startsWith('video/') ? 'video' : 'image';

/** Longest upload: what one PUT to S3 takes is 5 GB. */
export const MOST_MEDIA_BYTES = 4 * 1024 ** 3;
/** Longest image: one is held in memory to be looked at. */
export const MOST_IMAGE_BYTES = 64 * 1024 ** 2;

/** The bytes as they were uploaded, or a smaller JPEG made of an image for networks that take no more. */
export type MediaFile = {
  readonly name: 'original' | 'large' | 'small';
  /** Key in the media bucket. */
  readonly path: string;
  readonly type: MediaType;
  readonly bytes: number;
  /** Pixels, turned upright. Absent for documents. */
  readonly width?: number;
  readonly height?: number;
  /** Its metadata say where it was taken. */
  readonly located?: true;
  /** Its pixels lie otherwise than it is to be seen; only its metadata say how to turn them. */
  readonly turned?: true;
  /** How many pictures a moving image has. Absent where it stands still. */
  readonly frames?: number;
};

/** One uploaded file of a brand. `waiting` until its bytes have been looked at. */
export type Media = {
  readonly id: string;
  readonly agencyId: string;
  readonly brandId: string;
  readonly fileName: string;
  /** Of the original, hexadecimal: what S3 checks the upload against. */
  readonly sha256: string;
  readonly state: 'waiting' | 'ready';
  /** The original first; empty while `waiting`. */
  readonly files: readonly MediaFile[];
  /** While `waiting`: what was said of the bytes to come. */
  readonly expected?: Pick<MediaFile, 'type' | 'bytes'>;
  /** Of a video. */
  readonly durationMs?: number;
  readonly videoCodec?: string;
  readonly audioCodec?: string;
  readonly createdAt: Instant;
  readonly createdBy: Actor;
};

export const mediaInput = z.strictObject({
  fileName: z.string().trim().min(1).max(200),
  type: z.enum(MEDIA_TYPES),
  bytes: z.int().min(1).max(MOST_MEDIA_BYTES),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hexadecimal'),
});
export type MediaInput = z.infer<typeof mediaInput>;

/** Key of one of its files in the media bucket: nothing but a–z, 0–9, `_`, `.` and `/`. */
export function mediaPath(
  { agencyId, brandId, id }: Pick<Media, 'agencyId' | 'brandId' | 'id'>,
  name: MediaFile['name'],
  type: MediaType,
): string {
  return `${agencyId}/${brandId}/${id}/${name}.${FILE_ENDINGS[type]}`;
}

/** How the name of a file ends. */
export const FILE_ENDINGS: Readonly<Record<MediaType, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'video/mp4': 'mp4',
  'video/quicktime': 'mov',
  'video/webm': 'webm',
  'application/pdf': 'pdf',
};

/** Other endings by which the same kind of file is known. */
const OTHER_ENDINGS: Readonly<Partial<Record<MediaType, string>>> = {
  'image/jpeg': 'jpeg',
  'video/mp4': 'm4v',
};

/**
 * What the file is called where its name is shown: as the upload was, but always with an ending of its own type, for
 * some networks show as a picture only what is called like one.
 */
export function fileNameFor({ fileName }: Pick<Media, 'fileName'>, { type }: MediaFile): string {
  const ending = FILE_ENDINGS[type];
  const said = /\.([a-z0-9]{2,4})$/i.exec(fileName)?.[1] ?? '';
  if ([ending, OTHER_ENDINGS[type]].includes(said.toLowerCase())) return fileName;
  return `${said === '' ? fileName : fileName.slice(0, -said.length - 1)}.${ending}`;
}

/** What a provider is given: the file's facts and what a reader who cannot see it is told. */
export type Attachment = Pick<
  Media,
  'id' | 'fileName' | 'sha256' | 'files' | 'durationMs' | 'videoCodec' | 'audioCodec'
> & { readonly alt: string };

/** What a network takes of one kind of media. Ratios are width by height. */
export type FileLimits = {
  readonly types: readonly MediaType[];
  readonly minBytes?: number;
  readonly maxBytes: number;
  readonly minWidth?: number;
  readonly minHeight?: number;
  readonly maxWidth?: number;
  readonly maxHeight?: number;
  readonly maxPixels?: number;
  readonly ratio?: readonly [narrowest: number, widest: number];
  /** Of a moving image: pictures, and pixels of all of them together. */
  readonly maxFrames?: number;
  readonly maxFramePixels?: number;
  /** The network shows the pixels as they lie, whatever an image's metadata say. */
  readonly upright?: true;
  /** Of a video. */
  readonly minSeconds?: number;
  readonly maxSeconds?: number;
  /** As `videoCodec` of media names them. Absent: the network does not say. */
  readonly videoCodecs?: readonly (keyof typeof CODEC_NAMES)[];
};

/** What people call the codings of videos that are told apart. */
export const CODEC_NAMES = {
  avc: 'H.264',
  hevc: 'H.265',
  vp8: 'VP8',
  vp9: 'VP9',
  av1: 'AV1',
  prores: 'ProRes',
} as const;

/** Why a file does not fit, by the rule of the finding that says so. */
export type Misfit =
  | 'media_type'
  | 'media_too_large'
  | 'media_too_small'
  | 'media_too_few_bytes'
  | 'media_ratio'
  | 'media_codec'
  | 'media_frames'
  | 'media_too_short'
  | 'media_too_long';

/**
 * The first of its files that the network takes; where there is none, why the original is not taken. A photo that
 * says where it was taken goes out as one of its JPEGs, which do not, wherever these are taken; and so does one that
 * lies on its side, where the network would show it so.
 */
export function fileFor(media: Measured, limits: FileLimits): MediaFile | Misfit {
  let why: Misfit = 'media_type';
  const [original] = media.files;
  const isLast = original?.located || (original?.turned && limits.upright);
  const order = original && isLast ? [...media.files.slice(1), original] : media.files;
  for (const file of order) {
    const misfit = misfitOf(file, media, limits);
    if (misfit === undefined) return file;
    if (file.name === 'original') why = misfit;
  }
  return why;
}

type Measured = Pick<Media, 'files' | 'durationMs' | 'videoCodec'>;

function misfitOf(
  file: MediaFile,
  { durationMs, videoCodec }: Measured,
  limits: FileLimits,
): Misfit | undefined {
  const { width, height } = file;
  if (!limits.types.includes(file.type)) return 'media_type';
  if (file.bytes > limits.maxBytes) return 'media_too_large';
  if (file.bytes < (limits.minBytes ?? 0)) return 'media_too_few_bytes';
  if ((file.frames ?? 1) > (limits.maxFrames ?? Number.POSITIVE_INFINITY)) return 'media_frames';
  const codecs: readonly string[] = limits.videoCodecs ?? [];
  if (codecs.length > 0 && videoCodec !== undefined && !codecs.includes(videoCodec)) return 'media_codec';
  if (width !== undefined && height !== undefined) {
    const [narrowest, widest] = limits.ratio ?? [0, Number.POSITIVE_INFINITY];
    // A tenth of a percent: 1080 by 1350 is meant to be 4:5, 1080 by 566 to be 1.91:1.
    if (width / height < narrowest * 0.999 || width / height > widest * 1.001) return 'media_ratio';
    if (width < (limits.minWidth ?? 0) || height < (limits.minHeight ?? 0)) return 'media_too_small';
    if (width > (limits.maxWidth ?? width) || height > (limits.maxHeight ?? height)) return 'media_too_large';
    if (width * height > (limits.maxPixels ?? width * height)) return 'media_too_large';
    const framePixels = width * height * (file.frames ?? 1);
    if (file.frames !== undefined && framePixels > (limits.maxFramePixels ?? framePixels))
      return 'media_frames';
  }
  if (durationMs !== undefined) {
    if (durationMs < (limits.minSeconds ?? 0) * 1_000) return 'media_too_short';
    if (durationMs > (limits.maxSeconds ?? Number.POSITIVE_INFINITY) * 1_000) return 'media_too_long';
  }
  return undefined;
}
