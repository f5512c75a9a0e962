import * as z from 'zod';
import type { ChannelFacts } from '../../domain/channel.ts';
import { partsOf, type Variant } from '../../domain/content.ts';
import { type Finding, finding } from '../../domain/finding.ts';
import type { Attachment, FileLimits } from '../../domain/media.ts';
import { checkContent, withLink } from '../check-content.ts';
import { ownOptions } from '../own-options.ts';
import type { Limits } from '../provider.ts';
import { urlsIn, weightedLength } from './text.ts';

export const NAME = 'X';

export const xOptions = z.strictObject({
  replySettings: z
    .enum(['following', 'mentionedUsers', 'subscribers', 'verified'])
    .optional()
    .describe('Who may reply; everybody unless told'),
  communityId: z
    .string()
    .regex(/^[0-9]{1,19}$/, 'must be the number of a community')
    .optional()
    .describe('The community that it is posted to'),
  madeWithAi: z.boolean().optional().describe('Labels the post as one with media made by AI'),
  paidPartnership: z.boolean().optional().describe('Labels the post as an advertisement'),
});
export type XOptions = z.infer<typeof xOptions>;

export const optionsOf = ownOptions(xOptions);

// https://docs.x.com/x-api/media/quickstart/best-practices; longer for accounts with a subscription.
const MB = 1_000_000;
export const TEXT = 280;
export const LONG_TEXT = 25_000;
export const VIDEO_SECONDS = 20 * 60;
export const LONG_VIDEO_SECONDS = 125 * 60;
const IMAGE: FileLimits = { types: ['image/jpeg', 'image/png', 'image/webp'], maxBytes: 5 * MB };
/** A post takes one GIF and nothing beside it; one beyond these may be uploaded, and its post is refused. */
const GIF: FileLimits = {
  types: ['image/gif'],
  maxBytes: 15 * MB,
  maxWidth: 1_280,
  maxHeight: 1_080,
  maxFrames: 350,
  maxFramePixels: 300_000_000,
};
const VIDEO: FileLimits = {
  types: ['video/mp4', 'video/quicktime'],
  maxBytes: 8_000 * MB,
  ratio: [1 / 3, 3],
  minSeconds: 0.5,
  maxSeconds: VIDEO_SECONDS,
};
const MEDIA = { least: 0, most: 4, alt: 1_000, image: IMAGE, video: VIDEO } as const;

/** What holds for an account without a subscription. */
export const xLimits: Limits = {
  text: TEXT,
  unit: 'characters',
  media: { ...MEDIA, image: { ...IMAGE, types: [...IMAGE.types, 'image/gif'] } },
  thread: 25,
  firstComment: TEXT,
  poll: { options: 4, optionText: 25, minutes: [5, 10_080] },
};

export const isGif = ({ files }: Attachment): boolean => files[0]?.type === 'image/gif';
/** What the network takes of this attachment; a video's length was checked when the post was made. */
export const limitsOf = (media: Attachment): FileLimits => {
  if (isGif(media)) return GIF;
  return isVideo(media) ? { ...VIDEO, maxSeconds: LONG_VIDEO_SECONDS } : IMAGE;
};
const isVideo = ({ files }: Attachment): boolean => files[0]?.type.startsWith('video/') === true;

export const render = withLink;

export function checkPost(variant: Variant, facts: ChannelFacts): Finding[] {
  const rules = { name: NAME, limits: limitsFor(variant, facts), countText: weightedLength, render };
  const texts: [path: string, text: string][] = [
    ['/text', render(variant)],
    ...(variant.thread ?? []).map((text, n): [string, string] => [`/thread/${n}`, text]),
    ...(variant.firstComment === undefined
      ? []
      : [['/firstComment', variant.firstComment] as [string, string]]),
  ];
  return [
    ...checkContent(rules, variant, facts),
    ...texts.flatMap(([path, text]) => [...checkMark(path, text), ...checkTags(path, text)]),
  ];
}

/** X's own parser calls a post with one invalid: https://github.com/twitter/twitter-text/blob/master/js/src/parseTweet.js */
const checkMark = (path: string, text: string): Finding[] =>
  text.includes('\uFEFF') ? [finding('error', 'invalid_value', path, { rule: NO_MARK })] : [];
const NO_MARK = 'must not hold the invisible character U+FEFF, which often comes from the start of a file';

function limitsFor({ media = [] }: Variant, facts: ChannelFacts): Limits {
  const text = numberOr(facts.maxCharacters, TEXT);
  const maxSeconds = numberOr(facts.maxVideoSeconds, VIDEO_SECONDS);
  const taken = media.some(isGif)
    ? { ...MEDIA, most: 1, image: GIF }
    : { ...MEDIA, video: { ...VIDEO, maxSeconds } };
  return { ...xLimits, text, firstComment: text, media: taken };
}

const numberOr = (value: unknown, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;

// As twitter-text finds them: https://github.com/twitter/twitter-text
const HASHTAG = /(?<![\p{L}\p{N}_&/])[#＃](?=[\p{N}_]*\p{L})[\p{L}\p{M}\p{N}_]+/gu;
const CASHTAG = /(?<![\p{L}\p{N}_$])\$[a-z]{1,6}(?:[._][a-z]{1,2})?(?![\p{L}\p{N}_])/giu;
/** https://docs.x.com/changelog: one cashtag a post; X advises no more than two hashtags. */
const MOST_CASHTAGS = 1;
const ADVISED_HASHTAGS = 2;

function checkTags(path: string, text: string): Finding[] {
  const cashtags = text.match(CASHTAG)?.length ?? 0;
  const hashtags = text.match(HASHTAG)?.length ?? 0;
  const say = (count: number, limit: number) => ({ network: NAME, count, limit });
  return [
    ...(cashtags > MOST_CASHTAGS
      ? [finding('error', 'cashtags_many', path, say(cashtags, MOST_CASHTAGS))]
      : []),
    ...(hashtags > ADVISED_HASHTAGS
      ? [finding('warning', 'hashtags_advised', path, say(hashtags, ADVISED_HASHTAGS))]
      : []),
  ];
}

/** Body of `POST /2/tweets` for the post itself, https://docs.x.com/x-api/posts/create-post */
export function toPost(variant: Variant, options: XOptions, mediaIds: readonly string[]): object {
  const { replySettings, communityId, madeWithAi, paidPartnership } = options;
  return {
    text: render(variant),
    ...(mediaIds.length === 0 ? {} : { media: { media_ids: mediaIds } }),
    ...(variant.poll === undefined
      ? {}
      : { poll: { options: variant.poll.options, duration_minutes: variant.poll.minutes } }),
    ...(replySettings === undefined ? {} : { reply_settings: replySettings }),
    ...(communityId === undefined ? {} : { community_id: communityId }),
    ...(madeWithAi === undefined ? {} : { made_with_ai: madeWithAi }),
    ...(paidPartnership === undefined ? {} : { paid_partnership: paidPartnership }),
  };
}

/** Body for a reply to one's own post: the only replies that X takes unasked. */
export const toReply = (text: string, inReplyTo: string): object => ({
  text,
  reply: { in_reply_to_tweet_id: inReplyTo },
});

const PRICES = { post: 15, postWithUrl: 200, altText: 5 } as const;

/** Every post of the thread is paid for, one with a URL more than thirteen times as much. */
export function priceOf(variant: Variant): { usd: number; source: string } {
  const texts = [render(variant), ...partsOf(variant)];
  const posts = texts.map((text) => (urlsIn(text).length > 0 ? PRICES.postWithUrl : PRICES.post));
  const altTexts = (variant.media ?? []).filter(({ alt }) => alt !== '').length * PRICES.altText;
  const thousandths = posts.reduce((sum, price) => sum + price, altTexts);
  return { usd: thousandths / 1_000, source: 'https://docs.x.com/x-api/getting-started/pricing' };
}
