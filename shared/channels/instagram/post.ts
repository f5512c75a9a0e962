import * as z from 'zod';
import type { Variant } from '../../domain/content.ts';
import { type Finding, finding } from '../../domain/finding.ts';
import { type Attachment, type FileLimits, fileFor, kindOf, type MediaFile } from '../../domain/media.ts';
import { codePoints, findUrls } from '../../domain/text-count.ts';
import { checkContent, withLink } from '../check-content.ts';
import type { GraphFields } from '../graph.ts';
import { ownOptions } from '../own-options.ts';
import type { Limits } from '../provider.ts';

export const INSTAGRAM = 'Instagram';

export const instagramOptions = z.strictObject({
  story: z.boolean().optional().describe('One image or video for 24 hours, shown without a text'),
  shareToFeed: z.boolean().optional().describe('Whether a reel shows in the feed, too'),
  collaborators: z
    .array(z.string().regex(/^[a-z0-9._]{1,30}$/, 'must be an Instagram user name without @'))
    .min(1)
    .max(3)
    .optional()
    .describe('Names of accounts that are asked to publish it with this one'),
  locationId: z
    .string()
    .regex(/^\d{1,20}$/, 'must be the number of a place')
    .optional()
    .describe('Id of a Facebook Page that has a place'),
  aiGenerated: z.boolean().optional().describe('Labels it as made or changed by AI'),
});
export type InstagramOptions = z.infer<typeof instagramOptions>;

export const instagramOptionsOf = ownOptions(instagramOptions);

// https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media
// Widths from 320 to 1440 are what it scales to, not what it takes.
const IMAGE: FileLimits = { types: ['image/jpeg'], maxBytes: 8_000_000, ratio: [4 / 5, 1.91] };
const REEL: FileLimits = {
  types: ['video/mp4', 'video/quicktime'],
  maxBytes: 300_000_000,
  maxWidth: 1_920,
  minSeconds: 3,
  maxSeconds: 15 * 60,
  videoCodecs: ['avc', 'hevc'],
};
const STORY_IMAGE: FileLimits = { types: ['image/jpeg'], maxBytes: 8_000_000 };
const STORY_VIDEO: FileLimits = { ...REEL, maxBytes: 100_000_000, maxSeconds: 60 };

export const instagramLimits: Limits = {
  text: 2_200,
  unit: 'characters',
  media: { least: 1, most: 10, alt: 1_000, image: IMAGE, video: REEL, mostVideos: 10, mixed: true },
  firstComment: 2_200,
};
const storyLimits: Limits = {
  text: null,
  unit: 'characters',
  media: { least: 1, most: 1, image: STORY_IMAGE, video: STORY_VIDEO },
};

/** 30 by the API's reference; the app counts 5 since December 2025. */
const MOST_HASHTAGS = 30;
const ADVISED_HASHTAGS = 5;
const MOST_MENTIONS = 20;

export const isStory = (variant: Variant): boolean => instagramOptionsOf(variant)?.story === true;

const isVideo = ({ files }: Attachment): boolean =>
  files[0] !== undefined && kindOf(files[0].type) === 'video';

export function checkInstagram(variant: Variant): Finding[] {
  const story = isStory(variant);
  const limits = story ? storyLimits : instagramLimits;
  const found = checkContent({ name: INSTAGRAM, limits, countText: codePoints, render: withLink }, variant);
  return [...found, ...(story ? checkStory(variant) : checkCaption(variant))];
}

function checkStory(variant: Variant): Finding[] {
  const network = INSTAGRAM;
  const { collaborators, locationId } = instagramOptionsOf(variant) ?? {};
  const unsaid = (path: string) => finding('warning', 'story_shows_no', path, { network });
  return [
    ...(variant.text.trim() === '' ? [] : [unsaid('/text')]),
    ...(variant.link === undefined ? [] : [unsaid('/link')]),
    ...(collaborators === undefined ? [] : [unsaid('/options/collaborators')]),
    ...(locationId === undefined ? [] : [unsaid('/options/locationId')]),
  ];
}

function checkCaption(variant: Variant): Finding[] {
  const network = INSTAGRAM;
  const found: Finding[] = [];
  const hashtags = variant.text.match(/(?<![\p{L}\p{N}_&])#[\p{L}\p{N}_]*\p{L}[\p{L}\p{N}_]*/gu)?.length ?? 0;
  if (hashtags > ADVISED_HASHTAGS) {
    const most = hashtags > MOST_HASHTAGS ? MOST_HASHTAGS : ADVISED_HASHTAGS;
    const severity = hashtags > MOST_HASHTAGS ? 'error' : 'warning';
    found.push(finding(severity, 'hashtags_many', '/text', { network, count: hashtags, limit: most }));
  }
  const mentions = variant.text.match(/(?<![\p{L}\p{N}_.])@[a-z0-9._]+/giu)?.length ?? 0;
  if (mentions > MOST_MENTIONS) {
    found.push(
      finding('error', 'mentions_many', '/text', { network, count: mentions, limit: MOST_MENTIONS }),
    );
  }
  if (variant.link !== undefined) found.push(finding('warning', 'link_not_clickable', '/link', { network }));
  else if (findUrls(variant.text).length > 0) {
    found.push(finding('warning', 'link_not_clickable', '/text', { network }));
  }
  for (const [index, attachment] of (variant.media ?? []).entries()) {
    if (isVideo(attachment) && attachment.alt !== '') {
      found.push(finding('warning', 'alt_unsupported', `/media/${index}/alt`, { network }));
    }
  }
  return found;
}

/** The file that Instagram takes, or why it takes none. */
export const instagramFile = (attachment: Attachment, variant: Variant): MediaFile | string => {
  if (isStory(variant)) return fileFor(attachment, isVideo(attachment) ? STORY_VIDEO : STORY_IMAGE);
  return fileFor(attachment, isVideo(attachment) ? REEL : IMAGE);
};

/** A part of a carousel: parameters of `POST /{ig-user-id}/media`. */
export const toChild = (attachment: Attachment, url: string): GraphFields =>
  isVideo(attachment)
    ? { media_type: 'VIDEO', video_url: url, is_carousel_item: 'true' }
    : { image_url: url, is_carousel_item: 'true', alt_text: attachment.alt || undefined };

export const toCarousel = (variant: Variant, children: readonly string[]): GraphFields => ({
  media_type: 'CAROUSEL',
  children: children.join(','),
  ...sayings(variant),
});

/** A post of one file: an image, a reel or a story. */
export function toSingle(variant: Variant, attachment: Attachment, url: string): GraphFields {
  if (isStory(variant)) {
    const file = isVideo(attachment) ? { video_url: url } : { image_url: url };
    return { media_type: 'STORIES', ...file, ...labels(variant) };
  }
  if (!isVideo(attachment)) {
    return { image_url: url, alt_text: attachment.alt || undefined, ...sayings(variant) };
  }
  const share = instagramOptionsOf(variant)?.shareToFeed;
  return {
    media_type: 'REELS',
    video_url: url,
    share_to_feed: share === undefined ? undefined : String(share),
    ...sayings(variant),
  };
}

function sayings(variant: Variant): GraphFields {
  const { collaborators, locationId } = instagramOptionsOf(variant) ?? {};
  return {
    caption: withLink(variant) || undefined,
    location_id: locationId,
    collaborators: collaborators === undefined ? undefined : JSON.stringify(collaborators),
    ...labels(variant),
  };
}

/** Of the whole post, never of a carousel's parts: https://developers.facebook.com/documentation/instagram-platform/changelog */
function labels(variant: Variant): GraphFields {
  const { aiGenerated } = instagramOptionsOf(variant) ?? {};
  return { is_ai_generated: aiGenerated === undefined ? undefined : String(aiGenerated) };
}
