import * as z from 'zod';
import type { ChannelFacts } from '../../domain/channel.ts';
import type { Variant } from '../../domain/content.ts';
import { type Finding, finding } from '../../domain/finding.ts';
import { type FileLimits, fileFor, type MediaFile } from '../../domain/media.ts';
import { codePoints, utf8Bytes } from '../../domain/text-count.ts';
import { MINUTE } from '../../domain/time.ts';
import { checkContent, withLink } from '../check-content.ts';
import { ownOptions } from '../own-options.ts';
import type { Limits } from '../provider.ts';

const NO_BRACKETS = 'must not hold < or >';
const withoutBrackets = (text: string): boolean => !/[<>]/.test(text);

/** Tags stand in one list: commas between them count, and quotes around those with a space. */
export const tagsLength = (tags: readonly string[]): number =>
  tags.reduce(
    (sum, tag) => sum + codePoints(tag) + (tag.includes(' ') ? 2 : 0),
    Math.max(0, tags.length - 1),
  );

/** https://developers.google.com/youtube/v3/docs/videos#properties, as far as uploads may set them. */
export const youtubeOptions = z.strictObject({
  title: z
    .string()
    .trim()
    .min(1)
    .refine((title) => codePoints(title) <= 100, 'must be at most 100 characters')
    .refine(withoutBrackets, NO_BRACKETS)
    .optional()
    .describe('Required; it has no good default'),
  tags: z
    .array(z.string().trim().min(1).max(500).refine(withoutBrackets, NO_BRACKETS))
    .refine((tags) => tagsLength(tags) <= 500, 'must be at most 500 characters together')
    .optional()
    .describe('Words by which it is found; at most 500 characters together'),
  categoryId: z
    .string()
    .regex(/^\d{1,3}$/, 'must be the number of a category')
    .optional()
    .describe('Number of a category; 22, People & Blogs, unless told'),
  privacy: z.enum(['public', 'unlisted', 'private']).optional().describe('`public` unless told'),
  madeForKids: z.boolean().optional().describe('Required by law (COPPA), and by YouTube'),
  containsSyntheticMedia: z
    .boolean()
    .optional()
    .describe('Realistic pictures or voices that were altered or made by a machine'),
  playlistId: z
    .string()
    .regex(/^[\w-]{10,64}$/, 'must be the id of a playlist')
    .optional()
    .describe('The playlist that the video is put into'),
  notifySubscribers: z.boolean().optional().describe('Whether subscribers hear of it; they do unless told'),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z]{2,4})?$/, 'must be a language code like de')
    .optional()
    .describe('Language of title and description, `de` for example'),
});
export type YoutubeOptions = z.infer<typeof youtubeOptions>;

export const optionsOf = ownOptions(youtubeOptions);

// https://developers.google.com/youtube/v3/docs/videos/insert: 256 GB; 12 hours by
// https://support.google.com/youtube/answer/71673, which also has the quarter of an hour of unverified channels.
const VIDEO: FileLimits = {
  types: ['video/mp4', 'video/quicktime', 'video/webm'],
  maxBytes: 256 * 1024 ** 3,
  maxSeconds: 12 * 3_600,
};
const SHORT_CHANNEL_MINUTES = 15;

/** The text is the description: 5,000 bytes. Comments take 10,000 characters; counted in bytes, that is never too many. */
export const YOUTUBE_LIMITS: Limits = {
  text: 5_000,
  unit: 'bytes',
  media: { least: 1, most: 1, video: VIDEO },
  firstComment: 10_000,
};

/** More than so many, and YouTube shows none of them: https://support.google.com/youtube/answer/6390658 */
const MOST_HASHTAGS = 60;

export function checkVideo(variant: Variant, facts: ChannelFacts, network: string): Finding[] {
  const found = checkContent(
    { name: network, limits: YOUTUBE_LIMITS, countText: utf8Bytes, render: withLink },
    variant,
    facts,
  );
  const { options = {}, text, firstComment, media = [] } = variant;
  for (const name of ['title', 'madeForKids']) {
    if (options[name] === undefined) found.push(finding('error', 'required', `/options/${name}`));
  }
  if (!withoutBrackets(withLink(variant))) {
    found.push(finding('error', 'invalid_value', '/text', { rule: NO_BRACKETS }));
  }
  if (firstComment !== undefined && (options.madeForKids === true || options.privacy === 'private')) {
    found.push(finding('error', 'first_comment_off', '/firstComment', { network }));
  }
  const hashtags = text.match(/#[\p{L}\p{N}_]+/gu)?.length ?? 0;
  if (hashtags > MOST_HASHTAGS) {
    found.push(
      finding('warning', 'hashtags_many', '/text', { network, count: hashtags, limit: MOST_HASHTAGS }),
    );
  }
  const milliseconds = media[0]?.durationMs ?? 0;
  if (facts.longUploads === false && milliseconds > SHORT_CHANNEL_MINUTES * MINUTE) {
    const seconds = Math.round(milliseconds / 1_000);
    const limit = `${SHORT_CHANNEL_MINUTES * 60} s`;
    found.push(finding('error', 'media_too_long', '/media/0', { network, seconds, limit }));
  }
  return found;
}

/** The video's file; undefined where `check` would have found something. */
export function videoOf({ media = [] }: Pick<Variant, 'media'>): MediaFile | undefined {
  const [video] = media;
  const file = video === undefined ? undefined : fileFor(video, VIDEO);
  return typeof file === 'object' ? file : undefined;
}

/** The video resource as `videos.insert` takes it. */
export function toVideo(variant: Variant, options: YoutubeOptions): Readonly<Record<string, unknown>> {
  const { title, tags, categoryId, privacy, madeForKids, containsSyntheticMedia, language } = options;
  return {
    snippet: {
      title,
      description: withLink(variant),
      categoryId: categoryId ?? '22',
      ...(tags === undefined ? {} : { tags }),
      ...(language === undefined ? {} : { defaultLanguage: language }),
    },
    status: {
      privacyStatus: privacy ?? 'public',
      selfDeclaredMadeForKids: madeForKids,
      ...(containsSyntheticMedia === undefined ? {} : { containsSyntheticMedia }),
    },
  };
}
