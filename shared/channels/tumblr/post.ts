import * as z from 'zod';
import type { Variant } from '../../domain/content.ts';
import { type Finding, finding } from '../../domain/finding.ts';
import { sha256 } from '../../domain/ids.ts';
import { fileFor, kindOf } from '../../domain/media.ts';
import { findUrls } from '../../domain/text-count.ts';
import { checkContent } from '../check-content.ts';
import { ownOptions } from '../own-options.ts';
import type { Limits, Provider } from '../provider.ts';
import { type BlockFile, paragraphs, toBlocks } from './blocks.ts';

const MEGABYTE = 1_000_000;

export const tumblrOptions = z.strictObject({
  title: z.string().trim().min(1).max(300).optional().describe('Shown as a heading above the post'),
  tags: z
    .array(
      z
        .string()
        .trim()
        .min(1)
        .max(140)
        .regex(/^[^#,]+$/, 'must not hold # or a comma'),
    )
    .max(30)
    .optional()
    .describe('Without #. A comma separates tags on Tumblr, so none may stand in one'),
});
export type TumblrOptions = z.infer<typeof tumblrOptions>;

/**
 * https://github.com/tumblr/docs/blob/master/npf-spec.md#post-content-limits, image size by api.md#photo-posts.
 * Of polls as https://github.com/James-Ansley/tumblr-dot-com found them: Tumblr does not describe them.
 */
export const TUMBLR_LIMITS: Limits = {
  // A post is 1 MB of JSON, "probably closer to 900,000 characters".
  text: 900_000,
  unit: 'characters',
  media: {
    least: 0,
    most: 30,
    alt: 4_096,
    mixed: true,
    mostVideos: 1,
    image: { types: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'], maxBytes: 10 * MEGABYTE },
    video: {
      types: ['video/mp4', 'video/quicktime'],
      // Tumblr takes 500 MB, but within the one request that publishes: ours ends after 20 s.
      maxBytes: 200 * MEGABYTE,
      maxSeconds: 600,
    },
  },
  poll: { options: 12, optionText: 80, minutes: [1_440, 10_080], question: 300, withMedia: true },
};

/** All files go in the one request that publishes. */
const TOGETHER_BYTES = 250 * MEGABYTE;
const MOST_BLOCKS = 1_000;
const MOST_LINKS = 100;

export const optionsOf = ownOptions(tumblrOptions);

export function checkPost(
  rules: Pick<Provider, 'name' | 'limits' | 'countText' | 'render'>,
  variant: Variant,
): Finding[] {
  const { name: network } = rules;
  // A poll with its own question needs no text beside it.
  const bare = variant.poll !== undefined && variant.text.trim() === '';
  const found = checkContent(rules, variant).filter(
    ({ rule, path }) => !(bare && rule === 'text_empty' && path === '/text'),
  );
  const { media = [], text } = variant;
  const files = filesOf(variant) ?? [];
  const bytes = files.reduce((sum, { file }) => sum + file.bytes, 0);
  if (bytes > TOGETHER_BYTES) {
    found.push(
      finding('error', 'media_too_large_together', '/media', {
        network,
        limit: `${TOGETHER_BYTES / MEGABYTE} MB`,
      }),
    );
  }
  // Title, poll and link are blocks, too.
  if (paragraphs(text).length + media.length + 3 > MOST_BLOCKS) {
    found.push(
      finding('error', 'too_long', '/text', { limit: MOST_BLOCKS - media.length - 3, unit: 'blocks' }),
    );
  }
  const links = findUrls(text).length;
  if (links > MOST_LINKS) {
    found.push(finding('error', 'links_many', '/text', { network, count: links, limit: MOST_LINKS }));
  }
  for (const [index, { files: all, alt }] of media.entries()) {
    const isVideo = all[0] !== undefined && kindOf(all[0].type) === 'video';
    if (isVideo && alt !== '') {
      found.push(finding('warning', 'alt_unsupported', `/media/${index}/alt`, { network }));
    }
  }
  return found;
}

/** The files as Tumblr takes them; undefined when one does not fit. */
export function filesOf({ media = [] }: Variant): BlockFile[] | undefined {
  const files = media.flatMap((one, index) => {
    const [original] = one.files;
    const kind = original === undefined ? 'document' : kindOf(original.type);
    const limits = TUMBLR_LIMITS.media?.[kind];
    const file = limits && fileFor(one, limits);
    return typeof file === 'object' ? [{ identifier: `file-${index}`, file, alt: one.alt }] : [];
  });
  return files.length === media.length ? files : undefined;
}

/** Parameters of `POST /blog/{blog}/posts`, https://github.com/tumblr/docs/blob/master/api.md#posts---createreblog-a-post-neue-post-format */
export function toPost(
  variant: Variant,
  options: TumblrOptions,
  { files, key }: { files: readonly BlockFile[]; key: string },
): Readonly<Record<string, unknown>> {
  const { title, tags = [] } = options;
  return {
    content: toBlocks(variant, { title, files, key }),
    state: 'published',
    slug: slugFor(title ?? variant.text, key),
    ...(tags.length === 0 ? {} : { tags: tags.join(',') }),
  };
}

/** End of the post's address: the same for every send of a delivery, and nobody else's; what `find` looks for. */
export function slugFor(words: string, key: string): string {
  const slug = words
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 30)
    .replace(/^-+|-+$/g, '');
  return `${slug === '' ? 'post' : slug}-${sha256(key).slice(0, 10)}`;
}
