import * as z from 'zod';
import type { ChannelFacts } from '../../domain/channel.ts';
import type { Variant } from '../../domain/content.ts';
import { type Finding, finding } from '../../domain/finding.ts';
import { type FileLimits, fileFor, type MediaFile } from '../../domain/media.ts';
import { findUrls, utf16 } from '../../domain/text-count.ts';
import { checkContent, withLink } from '../check-content.ts';
import { ownOptions } from '../own-options.ts';
import type { Limits } from '../provider.ts';

/** What TikTok calls them. */
export const PRIVACY_LEVELS = {
  public: 'PUBLIC_TO_EVERYONE',
  friends: 'MUTUAL_FOLLOW_FRIENDS',
  followers: 'FOLLOWER_OF_CREATOR',
  private: 'SELF_ONLY',
} as const;
type Privacy = keyof typeof PRIVACY_LEVELS;
const PRIVACIES = ['public', 'friends', 'followers', 'private'] as const satisfies readonly Privacy[];

/**
 * `post_info` of https://developers.tiktok.com/doc/content-posting-api-reference-direct-post and …-photo-post. Who may
 * see it has no default, and what others may do with it is off until its author allows it: TikTok's audit asks for both
 * (https://developers.tiktok.com/doc/content-sharing-guidelines).
 */
export const tiktokOptions = z.strictObject({
  privacy: z
    .enum(PRIVACIES)
    .optional()
    .describe('Required: who may see it. TikTok wants its author to choose'),
  allowComments: z.boolean().optional().describe('Off unless told'),
  allowDuet: z.boolean().optional().describe('Off unless told; videos only'),
  allowStitch: z.boolean().optional().describe('Off unless told; videos only'),
  yourBrand: z.boolean().optional().describe('It promotes the account’s own business'),
  brandedContent: z.boolean().optional().describe('Somebody else pays for it'),
  aiGenerated: z.boolean().optional().describe('It was made by AI; videos only'),
  coverTimestampMs: z
    .int()
    .nonnegative()
    .max(2_147_483_647)
    .optional()
    .describe('The frame that is shown first; videos only'),
  title: z
    .string()
    .trim()
    .min(1)
    .max(300)
    .optional()
    .describe(
      'Of photos only, up to 90 characters; the text is their description. A longer one may be meant for other networks',
    ),
  coverIndex: z.int().nonnegative().max(34).optional().describe('Which photo is shown first, from 0'),
  autoAddMusic: z.boolean().optional().describe('Whether TikTok chooses music for it; photos only'),
});
export type TiktokOptions = z.infer<typeof tiktokOptions>;

export const optionsOf = ownOptions(tiktokOptions);

// https://developers.tiktok.com/doc/content-posting-api-media-transfer-guide
const VIDEO: FileLimits = {
  types: ['video/mp4', 'video/quicktime', 'video/webm'],
  maxBytes: 4_000_000_000,
  minWidth: 360,
  minHeight: 360,
  maxWidth: 4_096,
  maxHeight: 4_096,
  maxSeconds: 600,
  videoCodecs: ['avc', 'hevc', 'vp8', 'vp9'],
};
const PHOTO: FileLimits = {
  types: ['image/jpeg', 'image/webp'],
  maxBytes: 20_000_000,
  // "Maximum 1080p"
  maxPixels: 1_920 * 1_080,
};

/** The caption of a video; a post of photos has 4,000 for its description. */
export const TIKTOK_LIMITS: Limits = {
  text: 2_200,
  unit: 'utf16',
  media: { least: 1, most: 35, image: PHOTO, video: VIDEO },
};
const PHOTO_LIMITS: Limits = { ...TIKTOK_LIMITS, text: 4_000 };
const LONGEST_TITLE = 90;

export function checkPost(variant: Variant, facts: ChannelFacts, network: string): Finding[] {
  const { options = {}, media = [] } = variant;
  const isVideo = media[0]?.files[0]?.type.startsWith('video/') ?? true;
  const limits = isVideo ? TIKTOK_LIMITS : PHOTO_LIMITS;
  const found = checkContent({ name: network, limits, countText: utf16, render: withLink }, variant, facts);
  const say = (severity: Finding['severity'], name: string, rule: string): void => {
    found.push(finding(severity, 'invalid_value', `/options/${name}`, { rule }));
  };
  const { privacy } = options;
  if (privacy === undefined) found.push(finding('error', 'required', '/options/privacy'));
  if (options.brandedContent === true && privacy === 'private') {
    say('error', 'privacy', 'must not be private for branded content');
  }
  // Of when the channel was connected or verified; what counts is asked right before publishing.
  if (typeof facts.privacies === 'string' && typeof privacy === 'string') {
    if (!facts.privacies.split(',').includes(privacy)) {
      say('warning', 'privacy', 'must be one that this account offers');
    }
  }
  const title = typeof options.title === 'string' ? utf16(options.title.trim()) : 0;
  if (!isVideo && title > LONGEST_TITLE) {
    const params = { network, count: title, unit: limits.unit, limit: LONGEST_TITLE };
    found.push(finding('error', 'text_too_long', '/options/title', params));
  }
  if (options.aiGenerated === true && !isVideo) {
    say('warning', 'aiGenerated', 'must be said in the text: photos have no such mark');
  }
  if (findUrls(withLink(variant)).length > 0) {
    found.push(finding('warning', 'link_not_clickable', variant.link ? '/link' : '/text', { network }));
  }
  const seconds = Math.round((media[0]?.durationMs ?? 0) / 1_000);
  if (typeof facts.maxVideoSeconds === 'number' && seconds > facts.maxVideoSeconds && seconds <= 600) {
    const limit = `${facts.maxVideoSeconds} s`;
    found.push(finding('error', 'media_too_long', '/media/0', { network, seconds, limit }));
  }
  return found;
}

export type Files =
  | { kind: 'video'; file: MediaFile; seconds: number }
  | { kind: 'photos'; files: readonly MediaFile[] };

/** The files that are posted; undefined where `check` would have found something. */
export function filesOf({ media = [] }: Pick<Variant, 'media'>): Files | undefined {
  const [first] = media;
  const video = first === undefined ? undefined : fileFor(first, VIDEO);
  if (typeof video === 'object') {
    return { kind: 'video', file: video, seconds: Math.round((first?.durationMs ?? 0) / 1_000) };
  }
  const files = media.map((photo) => fileFor(photo, PHOTO)).filter((file) => typeof file === 'object');
  return files.length > 0 && files.length === media.length ? { kind: 'photos', files } : undefined;
}

/** What the account allows itself, right now. */
export type Allowed = { readonly comments: boolean; readonly duet: boolean; readonly stitch: boolean };

/** `post_info` of a video. */
export function toVideoInfo(variant: Variant, options: TiktokOptions, allowed: Allowed) {
  const { coverTimestampMs, aiGenerated, allowDuet, allowStitch } = options;
  return {
    title: withLink(variant),
    ...toInfo(options, allowed),
    disable_duet: !(allowDuet === true && allowed.duet),
    disable_stitch: !(allowStitch === true && allowed.stitch),
    is_aigc: aiGenerated ?? false,
    ...(coverTimestampMs === undefined ? {} : { video_cover_timestamp_ms: coverTimestampMs }),
  };
}

/** `post_info` of photos. */
export function toPhotoInfo(variant: Variant, options: TiktokOptions, allowed: Allowed) {
  const { title, autoAddMusic } = options;
  return {
    ...(title === undefined ? {} : { title }),
    description: withLink(variant),
    ...toInfo(options, allowed),
    auto_add_music: autoAddMusic ?? false,
  };
}

const toInfo = (options: TiktokOptions, allowed: Allowed) => ({
  ...(options.privacy === undefined ? {} : { privacy_level: PRIVACY_LEVELS[options.privacy] }),
  disable_comment: !(options.allowComments === true && allowed.comments),
  brand_content_toggle: options.brandedContent ?? false,
  brand_organic_toggle: options.yourBrand ?? false,
});
