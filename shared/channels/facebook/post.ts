import * as z from 'zod';
import type { Variant } from '../../domain/content.ts';
import type { Finding } from '../../domain/finding.ts';
import { type Attachment, type FileLimits, fileFor, kindOf, type MediaFile } from '../../domain/media.ts';
import { codePoints } from '../../domain/text-count.ts';
import { checkContent, withLink } from '../check-content.ts';
import { type Graph, graphPost } from '../graph.ts';
import { ownOptions } from '../own-options.ts';
import type { HttpRequest, Limits } from '../provider.ts';

export const FACEBOOK = 'Facebook';

export const facebookOptions = z.strictObject({
  videoAs: z
    .enum(['feed', 'reel'])
    .optional()
    .describe('What a video becomes: a video in the feed (default), or a Reel'),
});
export type FacebookOptions = z.infer<typeof facebookOptions>;

export const facebookOptionsOf = ownOptions(facebookOptions);

/** Error 1366046 says 4 MB where https://developers.facebook.com/docs/graph-api/reference/photo says 10. */
const PHOTO: FileLimits = { types: ['image/jpeg', 'image/png', 'image/gif'], maxBytes: 4_000_000 };

/**
 * A video that Facebook fetches by itself, without an upload session: 1 GB and 20 minutes,
 * https://developers.facebook.com/docs/video-api/guides/publishing
 */
const VIDEO: FileLimits = {
  types: ['video/mp4', 'video/quicktime'],
  maxBytes: 1_000_000_000,
  minSeconds: 1,
  maxSeconds: 20 * 60,
};

/** https://developers.facebook.com/documentation/video-api/guides/reels-publishing */
const REEL: FileLimits = {
  types: ['video/mp4', 'video/quicktime'],
  maxBytes: 1_000_000_000,
  minWidth: 540,
  minHeight: 960,
  ratio: [9 / 16, 9 / 16],
  minSeconds: 3,
  maxSeconds: 90,
};

export const facebookLimits: Limits = {
  text: 63_206,
  unit: 'characters',
  media: { least: 0, most: 10, alt: 2_000, image: PHOTO, video: VIDEO },
  firstComment: 8_000,
};

export function checkFacebook(variant: Variant): Finding[] {
  const { media } = facebookLimits;
  const limits =
    media !== undefined && isReel(variant)
      ? { ...facebookLimits, media: { ...media, video: REEL } }
      : facebookLimits;
  return checkContent({ name: FACEBOOK, limits, countText: codePoints, render: withLink }, variant);
}

/** The one video of a variant. */
export const videoOf = ({ media = [] }: Variant): Attachment | undefined =>
  media.find(({ files }) => files[0] !== undefined && kindOf(files[0].type) === 'video');

export const isReel = (variant: Variant): boolean =>
  facebookOptionsOf(variant)?.videoAs === 'reel' && videoOf(variant) !== undefined;

/** The file that Facebook takes, or why it takes none. */
export const facebookFile = (attachment: Attachment, variant: Variant): MediaFile | string =>
  fileFor(attachment, videoOf(variant) === undefined ? PHOTO : isReel(variant) ? REEL : VIDEO);

/** A link becomes a card, which cannot stand beside photos or a video: there it goes into the text. */
export const messageOf = (variant: Variant): string =>
  (variant.media?.length ?? 0) > 0 ? withLink(variant) : variant.text;

/** https://developers.facebook.com/docs/graph-api/reference/page/photos */
export const toPhotoRequest = (graph: Graph, pageId: string, url: string, alt: string): HttpRequest =>
  graphPost(graph, `${pageId}/photos`, { url, published: 'false', alt_text_custom: alt || undefined });

/** https://developers.facebook.com/docs/graph-api/reference/page/feed */
export const toFeedRequest = (
  graph: Graph,
  pageId: string,
  variant: Variant,
  photos: readonly string[],
): HttpRequest =>
  graphPost(graph, `${pageId}/feed`, {
    message: messageOf(variant) || undefined,
    ...(photos.length === 0
      ? { link: variant.link }
      : { attached_media: JSON.stringify(photos.map((id) => ({ media_fbid: id }))) }),
  });

/** https://developers.facebook.com/docs/graph-api/reference/page/videos */
export const toVideoRequest = (graph: Graph, pageId: string, variant: Variant, url: string): HttpRequest =>
  graphPost(graph, `${pageId}/videos`, { file_url: url, description: messageOf(variant) || undefined });
