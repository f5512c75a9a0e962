import * as z from 'zod';
import { htmlOf, slugOf } from '../../domain/article.ts';
import type { Variant } from '../../domain/content.ts';
import { sha256 } from '../../domain/ids.ts';
import { codePoints } from '../../domain/text-count.ts';
import { ownOptions } from '../own-options.ts';

const term = z.union([z.int().positive(), z.string().trim().min(1).max(200)]);

export const wordpressOptions = z.strictObject({
  title: z
    .string()
    .trim()
    .min(1)
    .max(300)
    .optional()
    .describe('The first words of the text unless told, with a warning'),
  slug: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .optional()
    .describe('Words for the address, which ends in a short hash of ours; made of the title unless told'),
  excerpt: z
    .string()
    .trim()
    .max(1_000)
    .optional()
    .describe('Stands for the post in lists and search results'),
  categories: z
    .array(term)
    .max(50)
    .optional()
    .describe('Ids on the site, or names; one that is not there is refused'),
  tags: z.array(term).max(50).optional().describe('Ids on the site, or names; one that is not there is made'),
  commentStatus: z
    .enum(['open', 'closed'])
    .optional()
    .describe('Whether visitors may comment; as the site has it unless told'),
  sticky: z.boolean().optional().describe('Keeps the post at the head of the site'),
  featuredImage: z
    .boolean()
    .optional()
    .describe(
      'The first image becomes the one that the theme shows with the post, rather than one in its text. Default: true',
    ),
});
export type WordpressOptions = z.infer<typeof wordpressOptions>;

const validOptions = ownOptions(wordpressOptions);
export const optionsOf = (variant: Pick<Variant, 'options'>): WordpressOptions => validOptions(variant) ?? {};

/** An image in the site's media library. */
export type SiteImage = { readonly id: number; readonly url: string; readonly alt: string };
/** Ids of categories and tags on the site; absent: the author says nothing of them. */
export type Terms = { readonly categories?: readonly number[]; readonly tags?: readonly number[] };
export type OnSite = Terms & { readonly images?: readonly SiteImage[] };

/** Body of `POST /wp/v2/posts`: https://developer.wordpress.org/rest-api/reference/posts/#create-a-post */
export function toPost(
  variant: Variant,
  key: string,
  { images = [], ...terms }: OnSite = {},
): Readonly<Record<string, unknown>> {
  const { featuredImage = true } = optionsOf(variant);
  const featured = featuredImage ? images[0] : undefined;
  const others = images.filter((image) => image !== featured);
  return {
    ...toWords(variant, others.map(imageBlock), terms),
    slug: slugFor(variant, key),
    status: 'publish',
    ...(featured === undefined ? {} : { featured_media: featured.id }),
  };
}

/** What of a post may be said again and again; `images` are HTML and stand below the text. */
export function toWords(
  variant: Variant,
  images: readonly string[],
  { categories, tags }: Terms = {},
): Readonly<Record<string, unknown>> {
  const { excerpt, commentStatus, sticky } = optionsOf(variant);
  return {
    title: escapeHtml(titleFor(variant)),
    content: [toHtml(variant), ...images].filter((part) => part !== '').join('\n'),
    ...(excerpt === undefined ? {} : { excerpt: escapeHtml(excerpt) }),
    ...(categories === undefined ? {} : { categories }),
    ...(tags === undefined ? {} : { tags }),
    ...(commentStatus === undefined ? {} : { comment_status: commentStatus }),
    ...(sticky === undefined ? {} : { sticky }),
  };
}

/** As the block editor writes it, so that people can go on with it; the class has WordPress offer the smaller sizes. */
const imageBlock = ({ id, url, alt }: SiteImage): string =>
  [
    `<!-- wp:image {"id":${id},"sizeSlug":"full","linkDestination":"none"} -->`,
    `<figure class="wp-block-image size-full"><img src="${escapeHtml(url)}" alt="${escapeHtml(alt)}" class="wp-image-${id}"/></figure>`,
    '<!-- /wp:image -->',
  ].join('\n');

const TITLE_LENGTH = 80;

/** What the author says, else the first line of the text, cut between words. */
export function titleFor(variant: Pick<Variant, 'text' | 'options'>): string {
  const { title } = optionsOf(variant);
  if (title !== undefined) return title;
  const [line = ''] = variant.text.trim().split('\n');
  if (codePoints(line) <= TITLE_LENGTH) return line.trim();
  const cut = [...line].slice(0, TITLE_LENGTH).join('');
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), TITLE_LENGTH / 2)).trim()}…`;
}

/** The same for every send of a delivery, and by its hash nobody else's: what `find` looks for. */
export function slugFor(variant: Pick<Variant, 'text' | 'options'>, key: string): string {
  const words = slugOf(optionsOf(variant).slug ?? titleFor(variant));
  return `${words === '' ? 'post' : words}-${sha256(key).slice(0, 10)}`;
}

/** Nothing of the text is ever markup, nor a shortcode. */
export const toHtml = ({ text, link }: Pick<Variant, 'text' | 'link'>): string =>
  htmlOf(text, link, escapeHtml);

// Square brackets, too: WordPress runs `[shortcodes]` wherever they stand in a post.
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#039;',
  '[': '&#091;',
  ']': '&#093;',
};
const escapeHtml = (text: string): string =>
  text.replace(/[&<>"'[\]]/g, (character) => ENTITIES[character] ?? character);
