import * as z from 'zod';
import type { FileLimits, MediaFile } from '../../domain/media.ts';
import type { BlueskyOptions } from './options.ts';

/**
 * Servers from before 2026 refuse images of more than 1 MB; today's take 2 MB (lexicon `app.bsky.embed.images`).
 * What moves would stand still. The pictures that people see are made without a look at the EXIF orientation:
 * https://github.com/bluesky-social/atproto/blob/main/packages/bsky/src/image/sharp.ts
 */
export const BLUESKY_IMAGE: FileLimits = {
  types: ['image/jpeg', 'image/png', 'image/webp'],
  maxBytes: 1_000_000,
  maxFrames: 1,
  upright: true,
};

/** Type and size by the lexicon `app.bsky.embed.video`; ten minutes by VIDEO_MAX_DURATION_MS of bluesky-social/social-app. */
export const BLUESKY_VIDEO: FileLimits = { types: ['video/mp4'], maxBytes: 300_000_000, maxSeconds: 600 };

/** A file that a server keeps: https://atproto.com/specs/data-model#blob-type */
export const blobSchema = z.object({
  $type: z.literal('blob'),
  ref: z.object({ $link: z.string().max(200) }),
  mimeType: z.string().max(100),
  size: z.int(),
});
export type Blob = z.infer<typeof blobSchema>;

type AspectRatio = { readonly width: number; readonly height: number };

export type Embed =
  | {
      readonly $type: 'app.bsky.embed.external';
      readonly external: {
        readonly uri: string;
        readonly title: string;
        readonly description: string;
        readonly thumb?: Blob;
      };
    }
  | {
      readonly $type: 'app.bsky.embed.images';
      readonly images: readonly {
        readonly image: Blob;
        readonly alt: string;
        readonly aspectRatio?: AspectRatio;
      }[];
    }
  | {
      readonly $type: 'app.bsky.embed.video';
      readonly video: Blob;
      readonly alt?: string;
      readonly aspectRatio?: AspectRatio;
    };

export type UploadedImage = { readonly blob: Blob; readonly file: MediaFile; readonly alt: string };

export function cardOf(link: string, options: BlueskyOptions, thumb?: Blob): Embed {
  const title = options.cardTitle ?? new URL(link).host;
  const external = { uri: link, title, description: options.cardDescription ?? '' };
  return { $type: 'app.bsky.embed.external', external: thumb ? { ...external, thumb } : external };
}

export const imagesOf = (images: readonly UploadedImage[]): Embed => ({
  $type: 'app.bsky.embed.images',
  images: images.map(({ blob, file, alt }) => ({ image: blob, alt, ...shapeOf(file) })),
});

export const videoOf = (video: Blob, file: MediaFile, alt: string): Embed => ({
  $type: 'app.bsky.embed.video',
  video,
  ...(alt === '' ? {} : { alt }),
  ...shapeOf(file),
});

const shapeOf = ({ width, height }: MediaFile): { aspectRatio?: AspectRatio } =>
  width && height ? { aspectRatio: { width, height } } : {};
