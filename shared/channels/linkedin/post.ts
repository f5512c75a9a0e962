import * as z from 'zod';
import type { ChannelFacts } from '../../domain/channel.ts';
import type { Variant } from '../../domain/content.ts';
import { type Finding, finding } from '../../domain/finding.ts';
import { kindOf, type MediaKind } from '../../domain/media.ts';
import { checkContent, withLink } from '../check-content.ts';
import { ownOptions } from '../own-options.ts';
import type { Limits } from '../provider.ts';
import { escapeLittleText, littleTextLength } from './text.ts';

export const NAME = 'LinkedIn';

export const linkedinOptions = z.strictObject({
  visibility: z
    .enum(['public', 'connections'])
    .optional()
    .describe('Who sees it, `public` unless told; only a member may keep it to the own connections'),
  title: z
    .string()
    .trim()
    .min(1)
    .max(400)
    .optional()
    .describe('Heading of a document, which needs one, or of a video'),
  cardTitle: z
    .string()
    .trim()
    .min(1)
    .max(400)
    .optional()
    .describe(
      'Makes a card of the link, with an image beside it as its picture: LinkedIn looks at no page by itself',
    ),
  cardDescription: z
    .string()
    .trim()
    .max(4_086)
    .optional()
    .describe('What stands on the card below its title'),
  reshareDisabled: z.boolean().optional().describe('Whether others are kept from reposting it'),
});
export type LinkedinOptions = z.infer<typeof linkedinOptions>;

export const optionsOf = ownOptions(linkedinOptions);

const MB = 1_000_000;
const DAY_MINUTES = 24 * 60;

/** https://learn.microsoft.com/linkedin/marketing/community-management/shares/poll-post-api */
const POLLS: Readonly<Record<number, string>> = {
  [DAY_MINUTES]: 'ONE_DAY',
  [3 * DAY_MINUTES]: 'THREE_DAYS',
  [7 * DAY_MINUTES]: 'SEVEN_DAYS',
  [14 * DAY_MINUTES]: 'FOURTEEN_DAYS',
};

/**
 * https://learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api and, beside it, images-api,
 * multiimage-post-api, videos-api and documents-api. No size is given for images: what one request of ours brings.
 */
export const linkedinLimits: Limits = {
  text: 3_000,
  unit: 'utf16',
  media: {
    least: 0,
    most: 20,
    alt: 4_086,
    image: { types: ['image/jpeg', 'image/png', 'image/gif'], maxBytes: 10 * MB, maxPixels: 36_152_319 },
    video: { types: ['video/mp4'], maxBytes: 500 * MB, minSeconds: 3, maxSeconds: 30 * 60 },
    document: { types: ['application/pdf'], maxBytes: 100 * MB },
  },
  firstComment: 1_250,
  poll: { options: 4, optionText: 30, minutes: [DAY_MINUTES, 14 * DAY_MINUTES], question: 140 },
};

/** The one kind of a variant's media: LinkedIn mixes none. */
export const mediaKind = ({ media: [first] = [] }: Variant): MediaKind | undefined =>
  first?.files[0] && kindOf(first.files[0].type);

/** The link is a card of its own, with at most one image. */
export function isCard(variant: Variant): boolean {
  const { link, poll, media = [] } = variant;
  if (link === undefined || poll !== undefined || optionsOf(variant)?.cardTitle === undefined) return false;
  return media.length === 0 || (media.length === 1 && mediaKind(variant) === 'image');
}

export const render = (variant: Variant): string => (isCard(variant) ? variant.text : withLink(variant));

const ADVISED_HASHTAGS = 5;
const HASHTAG = /(?<![\p{L}\p{N}_&/])#(?=[\p{N}_]*\p{L})[\p{L}\p{M}\p{N}_]+/gu;

export function checkPost(variant: Variant, facts: ChannelFacts): Finding[] {
  const rules = { name: NAME, limits: linkedinLimits, countText: littleTextLength, render };
  const found = checkContent(rules, variant, facts);
  const options = optionsOf(variant);
  const text = render(variant);
  // LinkedIn takes no post without a commentary, whatever stands beside it.
  if (text.trim() === '' && !found.some(({ rule, path }) => rule === 'text_empty' && path === '/text')) {
    found.push(finding('error', 'text_empty', '/text'));
  }
  if (mediaKind(variant) === 'document' && options?.title === undefined) {
    found.push(finding('error', 'required', '/options/title'));
  }
  if (options?.visibility === 'connections' && facts.page === true) {
    found.push(
      finding('error', 'option_invalid', '/options/visibility', { rule: 'must be public for a page' }),
    );
  }
  const { poll } = variant;
  if (poll && POLLS[poll.minutes] === undefined && !found.some(({ rule }) => rule === 'poll_minutes')) {
    const choices = Object.keys(POLLS).join(', ');
    found.push(finding('error', 'poll_minutes_of', '/poll/minutes', { network: NAME, choices }));
  }
  const hashtags = text.match(HASHTAG)?.length ?? 0;
  if (hashtags > ADVISED_HASHTAGS) {
    const params = { network: NAME, count: hashtags, limit: ADVISED_HASHTAGS };
    found.push(finding('warning', 'hashtags_advised', '/text', params));
  }
  return found;
}

/** Body of `POST /rest/posts`; `media` are the URNs of what was uploaded, in the order of the variant's media. */
export function toPost(
  variant: Variant,
  options: LinkedinOptions,
  author: string,
  media: readonly string[],
): object {
  const content = contentOf(variant, options, media);
  return {
    author,
    commentary: escapeLittleText(render(variant)),
    visibility: options.visibility === 'connections' ? 'CONNECTIONS' : 'PUBLIC',
    distribution: { feedDistribution: 'MAIN_FEED', targetEntities: [], thirdPartyDistributionChannels: [] },
    ...(content === undefined ? {} : { content }),
    lifecycleState: 'PUBLISHED',
    isReshareDisabledByAuthor: options.reshareDisabled ?? false,
  };
}

function contentOf(
  variant: Variant,
  { title, cardTitle, cardDescription }: LinkedinOptions,
  media: readonly string[],
): object | undefined {
  const { link, poll } = variant;
  const [id] = media;
  const images = media.map((urn, n) => ({ id: urn, ...altText(variant.media?.[n]?.alt) }));
  if (isCard(variant)) {
    const description = cardDescription ? { description: cardDescription } : {};
    const picture =
      id === undefined ? {} : { thumbnail: id, ...altText(variant.media?.[0]?.alt, 'thumbnailAltText') };
    return { article: { source: link, title: cardTitle, ...description, ...picture } };
  }
  if (poll !== undefined) {
    const settings = { duration: POLLS[poll.minutes] };
    return { poll: { question: poll.question, options: poll.options.map((text) => ({ text })), settings } };
  }
  if (id === undefined) return undefined;
  if (mediaKind(variant) !== 'image') return { media: { id, ...(title === undefined ? {} : { title }) } };
  return images.length === 1 ? { media: images[0] } : { multiImage: { images } };
}

const altText = (alt = '', name = 'altText'): object => (alt === '' ? {} : { [name]: alt });
