import * as z from 'zod';
import { headlineOf } from '../../domain/article.ts';
import type { ChannelFacts } from '../../domain/channel.ts';
import { partsOf, type Variant } from '../../domain/content.ts';
import { type Finding, finding } from '../../domain/finding.ts';
import { sha256 } from '../../domain/ids.ts';
import { codePoints } from '../../domain/text-count.ts';
import { type Instant, MINUTE, toRfc3339 } from '../../domain/time.ts';
import { withLink } from '../check-content.ts';
import { ownOptions } from '../own-options.ts';

export const discourseOptions = z.strictObject({
  title: z
    .string()
    .trim()
    .min(1)
    .max(255)
    .optional()
    .describe('The first words of the text unless told, with a warning'),
  category: z
    .int()
    .positive()
    .optional()
    .describe('Id of the category; many forums take no topic without one'),
  tags: z
    .array(z.string().trim().min(1).max(100))
    .max(20)
    .optional()
    .describe('By name; which there are, and who may make new ones, is the forum’s to say'),
});
export type DiscourseOptions = z.infer<typeof discourseOptions>;

const validOptions = ownOptions(discourseOptions);
export const discourseOptionsOf = (variant: Pick<Variant, 'options'>): DiscourseOptions =>
  validOptions(variant) ?? {};

/** An uploaded file, by the address that posts name it with. */
export const discourseUpload = z.object({
  shortUrl: z.string(),
  width: z.int().optional(),
  height: z.int().optional(),
});
export type DiscourseUpload = z.infer<typeof discourseUpload>;

export const discourseTitle = (variant: Pick<Variant, 'text' | 'options'>): string =>
  discourseOptionsOf(variant).title ?? headlineOf(variant.text, 100);

/**
 * What the forum keeps for our delivery and gives out once: at most 50 of `[A-Za-z0-9_-]`.
 * https://github.com/discourse/discourse/blob/main/app/models/topic.rb
 */
export const discourseMark = (key: string): string => `sendeplan-${sha256(key).slice(0, 32)}`;

/** Body of `POST /posts.json`: https://docs.discourse.org/#tag/Posts/operation/createTopicPostPM */
export function toTopic(
  variant: Variant,
  { key, dueAt }: { readonly key: string; readonly dueAt: Instant },
  uploads: readonly DiscourseUpload[],
  facts: ChannelFacts,
): Readonly<Record<string, unknown>> {
  const { category, tags } = discourseOptionsOf(variant);
  return {
    title: discourseTitle(variant),
    raw: toRaw(variant, dueAt, uploads),
    external_id: discourseMark(key),
    ...(category === undefined ? {} : { category }),
    ...(tags === undefined
      ? {}
      : { tags: facts.tagObjects === true ? tags.map((name) => ({ name })) : tags }),
  };
}

/** The text, which a forum reads as Markdown, then its images, then its poll. */
export function toRaw(variant: Variant, dueAt: Instant, uploads: readonly DiscourseUpload[]): string {
  const { poll } = variant;
  return [
    withLink(variant).trim(),
    uploads.map((upload, n) => imageMarkdown(upload, variant.media?.[n]?.alt ?? '')).join('\n'),
    poll === undefined ? '' : pollMarkup(poll, dueAt),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** What comes after the topic's own post, in order: the thread, then the first comment. */
export const repliesOf = (variant: Variant): readonly string[] => partsOf(variant).map((text) => text.trim());

/** Site settings that may differ, so their defaults only warn: min_topic_title_length and min_first_post_length. */
export function checkLengths(variant: Variant): Finding[] {
  const found: Finding[] = [];
  const title = discourseTitle(variant);
  if (discourseOptionsOf(variant).title === undefined) {
    found.push(finding('warning', 'title_from_text', '/options/title', { network: 'Discourse', title }));
  }
  if (codePoints(title) < 15)
    found.push(finding('warning', 'too_short', '/options/title', { limit: 15, unit: 'characters' }));
  if (codePoints(withLink(variant).trim()) < 20)
    found.push(finding('warning', 'too_short', '/text', { limit: 20, unit: 'characters' }));
  return found;
}

/** https://meta.discourse.org/t/creating-polls/77548 */
function pollMarkup({ options, minutes }: NonNullable<Variant['poll']>, dueAt: Instant): string {
  const close = toRfc3339(Math.ceil((dueAt + minutes * MINUTE) / MINUTE) * MINUTE);
  const answers = options.map((option) => `* ${option.replace(/\s+/g, ' ').trim()}`);
  return [`[poll type=regular results=always chartType=bar close=${close}]`, ...answers, '[/poll]'].join(
    '\n',
  );
}

// `|` parts the text from the size, brackets would end it.
const imageMarkdown = ({ shortUrl, width, height }: DiscourseUpload, alt: string): string => {
  const size = width === undefined || height === undefined ? '' : `|${width}x${height}`;
  return `![${alt.replace(/[|[\]\\\s]+/g, ' ').trim()}${size}](${shortUrl})`;
};
