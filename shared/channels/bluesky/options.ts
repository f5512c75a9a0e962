import * as z from 'zod';
import type { Variant } from '../../domain/content.ts';
import { ownOptions } from '../own-options.ts';

/** Values that every reader's app knows: https://docs.bsky.app/docs/advanced-guides/moderation#self-labels */
const WARNINGS = ['sexual', 'nudity', 'porn', 'graphic-media'] as const;

export const blueskyOptions = z.strictObject({
  langs: z
    .array(z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$/, 'must be a language tag like de or pt-BR'))
    .max(3)
    .optional()
    .describe('Languages of the text, `de` for example: readers filter by them'),
  warnings: z
    .array(z.enum(WARNINGS))
    .max(4)
    .optional()
    .describe('Labels of adult or disturbing content: apps cover it, or hide it from those who want none'),
  cardTitle: z
    .string()
    .trim()
    .min(1)
    .max(300)
    .optional()
    .describe('Heading of the link card; the link’s host unless told'),
  cardDescription: z
    .string()
    .trim()
    .max(1_000)
    .optional()
    .describe('What stands on the link card below its heading'),
  cardImage: z
    .boolean()
    .optional()
    .describe('The one attached image is the picture of the link card, rather than an image of the post'),
});
export type BlueskyOptions = z.infer<typeof blueskyOptions>;

export const optionsOf = ownOptions(blueskyOptions);

/** A post has either media or a card: is the attached image the card's? */
export const hasCard = (variant: Variant): boolean =>
  variant.link !== undefined && (!variant.media?.length || optionsOf(variant)?.cardImage === true);
