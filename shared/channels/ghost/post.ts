import * as z from 'zod';
import { escapeHtml, headlineOf, htmlOf, slugOf } from '../../domain/article.ts';
import type { Variant } from '../../domain/content.ts';
import { sha256 } from '../../domain/ids.ts';
import { ownOptions } from '../own-options.ts';

/** Lengths by Ghost's own schema: https://github.com/TryGhost/Ghost/blob/main/ghost/core/core/server/data/schema/schema.js */
export const ghostOptions = z.strictObject({
  title: z
    .string()
    .trim()
    .min(1)
    .max(255)
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
    .min(1)
    .max(300)
    .optional()
    .describe('Stands for the post in lists and search results'),
  tags: z
    .array(z.string().trim().min(1).max(191))
    .max(50)
    .optional()
    .describe('By name; made where the site does not have them. The first is the primary one'),
  visibility: z
    .enum(['public', 'members', 'paid'])
    .optional()
    .describe('Who may read it; as the site has it unless told'),
  featured: z.boolean().optional().describe('Marks the post, for themes that show such posts first'),
  featureImage: z
    .boolean()
    .optional()
    .describe('The first image stands above the post, rather than in its text. Default: true'),
});
export type GhostOptions = z.infer<typeof ghostOptions>;

const validOptions = ownOptions(ghostOptions);
export const ghostOptionsOf = (variant: Pick<Variant, 'options'>): GhostOptions =>
  validOptions(variant) ?? {};

/** An uploaded image, where it now stands. */
export type GhostImage = { readonly url: string; readonly alt: string };

/** Body of `POST /posts/?source=html`: https://docs.ghost.org/admin-api/posts/creating-a-post */
export function toGhostPost(
  variant: Variant,
  key: string,
  images: readonly GhostImage[],
): Readonly<Record<string, unknown>> {
  const { featureImage = true } = ghostOptionsOf(variant);
  const feature = featureImage ? images[0] : undefined;
  const inText = feature === undefined ? images : images.slice(1);
  return {
    ...toGhostWords(variant, inText.map(figure)),
    slug: ghostSlug(variant, key),
    status: 'published',
    ...(feature === undefined ? {} : { feature_image: feature.url, feature_image_alt: feature.alt || null }),
  };
}

/** What of a post may be said anew; `figures` is the HTML of the images within the text. */
export function toGhostWords(
  variant: Variant,
  figures: readonly string[],
): Readonly<Record<string, unknown>> {
  const { excerpt, tags, visibility, featured } = ghostOptionsOf(variant);
  return {
    title: ghostTitle(variant),
    html: [htmlOf(variant.text, variant.link), ...figures].filter((part) => part !== '').join('\n'),
    ...(excerpt === undefined ? {} : { custom_excerpt: excerpt }),
    ...(tags === undefined ? {} : { tags: tags.map((name) => ({ name })) }),
    ...(visibility === undefined ? {} : { visibility }),
    ...(featured === undefined ? {} : { featured }),
  };
}

/** What the author says, else the first line of the text. A post of images alone is called as its first file. */
export const ghostTitle = (variant: Pick<Variant, 'text' | 'options' | 'media'>): string =>
  ghostOptionsOf(variant).title ?? (headlineOf(variant.text) || (variant.media?.[0]?.fileName ?? 'Post'));

/** The same for every send of a delivery, and by its hash nobody else's: what `find` looks for. */
export function ghostSlug(variant: Pick<Variant, 'text' | 'options' | 'media'>, key: string): string {
  const words = slugOf(ghostOptionsOf(variant).slug ?? ghostTitle(variant));
  return `${words === '' ? 'post' : words}-${sha256(key).slice(0, 10)}`;
}

const figure = ({ url, alt }: GhostImage): string =>
  `<figure><img src="${escapeHtml(url)}" alt="${escapeHtml(alt)}"></figure>`;
