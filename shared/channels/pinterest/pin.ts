import * as z from 'zod';
import type { ChannelFacts } from '../../domain/channel.ts';
import type { Variant } from '../../domain/content.ts';
import { type Finding, finding } from '../../domain/finding.ts';
import { codePoints, findUrls } from '../../domain/text-count.ts';
import type { Instant } from '../../domain/time.ts';
import { checkContent } from '../check-content.ts';
import { ok } from '../outcome.ts';
import { ownOptions } from '../own-options.ts';
import type { HttpAnswer, Limits, Outcome, Provider } from '../provider.ts';
import { toRefusal } from './api.ts';

const id = z.string().regex(/^\d{1,30}$/, 'must be an id of digits');

export const pinterestOptions = z.strictObject({
  board: id
    .optional()
    .describe(
      'Id of the board; needed, unless the account has one board only. Best said once, in the channel’s options',
    ),
  boardSection: id.optional().describe('Id of a section of the board'),
  title: z.string().trim().min(1).max(100).optional().describe('Shown above the text'),
  altText: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .optional()
    .describe('Of the whole pin; the alt texts of its files unless told'),
  coverSeconds: z
    .int()
    .min(0)
    .max(900)
    .optional()
    .describe('Second of a video that becomes its cover; the first frame unless told'),
});
export type PinterestOptions = z.infer<typeof pinterestOptions>;

const MEGABYTE = 1_000_000;
const ALT_LENGTH = 500;

/**
 * Text, alt text and number of images by the description of API v5 (https://github.com/pinterest/api-description);
 * files by https://help.pinterest.com/en/business/article/pinterest-product-specs
 */
export const PINTEREST_LIMITS: Limits = {
  text: 800,
  unit: 'characters',
  media: {
    least: 1,
    most: 5,
    alt: ALT_LENGTH,
    image: {
      types: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'],
      maxBytes: 20 * MEGABYTE,
    },
    video: {
      types: ['video/mp4', 'video/quicktime'],
      // Pinterest takes 2 GB, but as one form that cannot be sent in pieces: a request of ours ends after 20 s.
      maxBytes: 400 * MEGABYTE,
      ratio: [0.5, 1.91],
      minSeconds: 4,
      maxSeconds: 900,
    },
  },
};

export const optionsOf = ownOptions(pinterestOptions);

/** The board that the author names, else the only one that the account has. */
export function boardOf({ board }: PinterestOptions, facts: ChannelFacts): string | undefined {
  return board ?? (typeof facts.board === 'string' ? facts.board : undefined);
}

export function checkPin(
  rules: Pick<Provider, 'name' | 'limits' | 'countText' | 'render'>,
  variant: Variant,
  facts: ChannelFacts,
): Finding[] {
  const { name: network } = rules;
  const found = checkContent(rules, variant, facts);
  if (findUrls(variant.text).length > 0) {
    found.push(finding('warning', 'link_not_clickable', '/text', { network }));
  }
  if (variant.link !== undefined && SHORTENERS.has(new URL(variant.link).hostname.replace(/^www\./, ''))) {
    found.push(finding('warning', 'link_shortened', '/link', { network }));
  }
  const sizes = new Set((variant.media ?? []).map(({ files: [file] }) => `${file?.width}×${file?.height}`));
  if (sizes.size > 1) found.push(finding('warning', 'media_sizes_differ', '/media', { network }));
  const options = optionsOf(variant);
  if (options === undefined) return found;
  if (boardOf(options, facts) === undefined) found.push(finding('error', 'required', '/options/board'));
  if (options.title === undefined) {
    found.push(finding('warning', 'title_missing', '/options/title', { network }));
  }
  if (codePoints(altOf(variant, options)) > ALT_LENGTH) {
    found.push(finding('error', 'alt_too_long', '/media', { network, limit: ALT_LENGTH }));
  }
  return found;
}

/** "Pinterest doesn’t allow certain redirects and URL shorteners": https://help.pinterest.com/en/articles/blocked-links-and-websites */
const SHORTENERS = new Set([
  'bit.ly',
  'buff.ly',
  'cutt.ly',
  'goo.gl',
  'is.gd',
  'lnkd.in',
  'ow.ly',
  'rebrand.ly',
  'shorturl.at',
  't.co',
  't.ly',
  'tinyurl.com',
]);

/** A pin has one alt text, however many images it shows. */
const altOf = ({ media = [] }: Variant, { altText }: PinterestOptions): string =>
  altText ??
  media
    .map(({ alt }) => alt)
    .filter((alt) => alt !== '')
    .join('\n');

/** What a pin shows: the addresses of one image or of several, or an uploaded video. */
export type PinSource = { readonly urls: readonly string[] } | { readonly videoId: string };

/** Body of `POST /pins`, https://developers.pinterest.com/docs/api/v5/pins-create */
export function toPin(
  variant: Variant,
  options: PinterestOptions,
  { board, source }: { board: string; source: PinSource },
): Readonly<Record<string, unknown>> {
  const alt = altOf(variant, options);
  const description = variant.text.trim();
  return {
    board_id: board,
    ...(options.boardSection === undefined ? {} : { board_section_id: options.boardSection }),
    ...(options.title === undefined ? {} : { title: options.title }),
    ...(description === '' ? {} : { description }),
    ...(variant.link === undefined ? {} : { link: variant.link }),
    ...(alt === '' ? {} : { alt_text: alt }),
    media_source: toSource(source, options),
  };
}

function toSource(source: PinSource, { coverSeconds = 0 }: PinterestOptions): unknown {
  if ('videoId' in source) {
    return {
      source_type: 'video_id',
      media_id: source.videoId,
      cover_image_key_frame_time: coverSeconds,
    };
  }
  const [first, ...rest] = source.urls;
  if (rest.length === 0) return { source_type: 'image_url', url: first };
  return { source_type: 'multiple_image_urls', items: source.urls.map((url) => ({ url })), index: 0 };
}

/** What became of a `POST /pins`. */
export function toOutcome(answer: HttpAnswer, now: Instant): Outcome {
  const pin = ok(answer, z.object({ id: z.string().min(1) }));
  return pin === undefined
    ? toRefusal(answer, now)
    : { kind: 'published', externalId: pin.id, url: pinUrl(pin.id) };
}

export const pinUrl = (pinId: string): string => `https://www.pinterest.com/pin/${pinId}/`;
