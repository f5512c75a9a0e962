import * as z from 'zod';
import type { Variant } from '../../domain/content.ts';
import { type Finding, finding } from '../../domain/finding.ts';
import { type Attachment, type FileLimits, fileFor, kindOf, type MediaFile } from '../../domain/media.ts';
import { findUrls } from '../../domain/text-count.ts';
import { checkContent, withLink } from '../check-content.ts';
import type { GraphFields } from '../graph.ts';
import { ownOptions } from '../own-options.ts';
import type { Limits } from '../provider.ts';
import { threadsLength } from './text.ts';

export const THREADS = 'Threads';

export const threadsOptions = z.strictObject({
  topicTag: z
    .string()
    .regex(/^[^.&]{1,50}$/, 'must be 1 to 50 characters without . and &')
    .optional()
    .describe('The one topic that it stands under'),
  replyControl: z
    .enum(['everyone', 'accounts_you_follow', 'mentioned_only', 'parent_post_author_only', 'followers_only'])
    .optional()
    .describe('Who may reply; everyone unless told'),
});
export type ThreadsOptions = z.infer<typeof threadsOptions>;

export const threadsOptionsOf = ownOptions(threadsOptions);

// https://developers.facebook.com/docs/threads/overview; widths from 320 to 1440 are what it scales to.
const IMAGE: FileLimits = { types: ['image/jpeg', 'image/png'], maxBytes: 8_000_000, ratio: [0.1, 10] };
const VIDEO: FileLimits = {
  types: ['video/mp4', 'video/quicktime'],
  maxBytes: 1_000_000_000,
  maxWidth: 1_920,
  ratio: [0.01, 10],
  maxSeconds: 300,
  videoCodecs: ['avc', 'hevc'],
};
const DAY_MINUTES = 1_440;

export const threadsLimits: Limits = {
  text: 500,
  unit: 'characters',
  media: { least: 0, most: 20, alt: 1_000, image: IMAGE, video: VIDEO, mostVideos: 20, mixed: true },
  thread: 25,
  firstComment: 500,
  // https://developers.facebook.com/documentation/threads/create-posts/polls; the API has no field for how long.
  poll: { options: 4, optionText: 25, minutes: [DAY_MINUTES, DAY_MINUTES] },
};

/** The link of a text alone is a card, and costs no characters; beside media or a poll it stands in the text. */
const hasCard = ({ link, media = [], poll }: Variant): boolean =>
  link !== undefined && media.length === 0 && poll === undefined;

/** What Threads counts. */
export function renderThreads(variant: Variant): string {
  if (!hasCard(variant)) return withLink(variant);
  return variant.text.trim() === '' ? (variant.link ?? '') : variant.text;
}

const MOST_LINKS = 5;

export function checkThreads(variant: Variant): Finding[] {
  const network = THREADS;
  const rules = { name: network, limits: threadsLimits, countText: threadsLength, render: renderThreads };
  const found = checkContent(rules, variant);
  const hashtags = variant.text.match(/(?<![\p{L}\p{N}_&])#[\p{L}\p{N}_]*\p{L}[\p{L}\p{N}_]*/gu)?.length ?? 0;
  if (hashtags > 1) {
    found.push(finding('warning', 'hashtags_many', '/text', { network, count: hashtags, limit: 1 }));
  }
  const texts: [string, string][] = [
    ['/text', withLink(variant)],
    ...(variant.thread ?? []).map((text, n): [string, string] => [`/thread/${n}`, text]),
    ['/firstComment', variant.firstComment ?? ''],
  ];
  for (const [path, text] of texts) {
    // Refused since 2025-12-22: https://developers.facebook.com/docs/threads/changelog
    const count = new Set(findUrls(text).map(({ url }) => url)).size;
    if (count > MOST_LINKS) {
      found.push(finding('error', 'links_many', path, { network, count, limit: MOST_LINKS }));
    }
  }
  return found;
}

const isVideo = ({ files }: Attachment): boolean =>
  files[0] !== undefined && kindOf(files[0].type) === 'video';

/** The file that Threads takes, or why it takes none. */
export const threadsFile = (attachment: Attachment): MediaFile | string =>
  fileFor(attachment, isVideo(attachment) ? VIDEO : IMAGE);

// Parameters of `POST /{threads-user-id}/threads`, https://developers.facebook.com/docs/threads/reference/publishing.
// Never `auto_publish_text`: what is published with its making cannot be looked at before.

export function toTextPost(variant: Variant): GraphFields {
  const options = (variant.poll?.options ?? []).map((text, n) => [`option_${'abcd'.charAt(n)}`, text]);
  return {
    media_type: 'TEXT',
    text: (hasCard(variant) ? variant.text : withLink(variant)) || undefined,
    link_attachment: hasCard(variant) ? variant.link : undefined,
    poll_attachment: options.length === 0 ? undefined : JSON.stringify(Object.fromEntries(options)),
    ...settings(variant),
  };
}

const toMedium = (attachment: Attachment, url: string): GraphFields => ({
  ...(isVideo(attachment)
    ? { media_type: 'VIDEO', video_url: url }
    : { media_type: 'IMAGE', image_url: url }),
  alt_text: attachment.alt || undefined,
});

export const toChild = (attachment: Attachment, url: string): GraphFields => ({
  ...toMedium(attachment, url),
  is_carousel_item: 'true',
});

export const toSingle = (variant: Variant, attachment: Attachment, url: string): GraphFields => ({
  ...toMedium(attachment, url),
  text: withLink(variant) || undefined,
  ...settings(variant),
});

export const toCarousel = (variant: Variant, children: readonly string[]): GraphFields => ({
  media_type: 'CAROUSEL',
  children: children.join(','),
  text: withLink(variant) || undefined,
  ...settings(variant),
});

export const toReply = (text: string, replyTo: string): GraphFields => ({
  media_type: 'TEXT',
  text,
  reply_to_id: replyTo,
});

function settings(variant: Variant): GraphFields {
  const { topicTag, replyControl } = threadsOptionsOf(variant) ?? {};
  return { topic_tag: topicTag, reply_control: replyControl };
}
