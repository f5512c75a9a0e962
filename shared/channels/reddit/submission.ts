import * as z from 'zod';
import type { Variant } from '../../domain/content.ts';
import { type Finding, finding } from '../../domain/finding.ts';
import { fileFor, kindOf, type MediaFile } from '../../domain/media.ts';
import { DAY, MINUTE } from '../../domain/time.ts';
import { checkContent, withLink } from '../check-content.ts';
import { ownOptions } from '../own-options.ts';
import type { HttpRequest, Limits, Provider } from '../provider.ts';
import { call, type RedditCredential, type RedditHosts } from './api.ts';
import type { Asset } from './media.ts';

export const redditOptions = z.strictObject({
  subreddit: z
    .string()
    .regex(/^[\w-]{2,24}$/, 'must be the name of a subreddit, without r/')
    .optional()
    .describe(
      'Required: name without r/; `u_name` is the account’s own profile. Best said once, in the channel’s options',
    ),
  title: z.string().trim().min(1).max(300).optional().describe('Required; it can never be changed'),
  flairId: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('Id of a flair of the subreddit; many subreddits want one'),
  flairText: z.string().min(1).max(64).optional().describe('Words of that flair, where it may be changed'),
  nsfw: z.boolean().optional().describe('Not safe for work: for adults'),
  spoiler: z.boolean().optional().describe('Covers the post until it is tapped'),
  resubmit: z
    .boolean()
    .optional()
    .describe('Whether a link may be posted that the subreddit has already; Reddit refuses it unless told'),
  sendReplies: z.boolean().optional().describe('Whether replies come to the account’s inbox. Default: true'),
});
export type RedditOptions = z.infer<typeof redditOptions>;

/**
 * The title by https://www.reddit.com/dev/api/#POST_api_submit, galleries and polls as
 * https://praw.readthedocs.io/en/stable/code_overview/models/subreddit.html sends them. Reddit does not say how long a
 * body or how large an image may be: these are the numbers of those who publish there
 * (https://docs.getlate.dev/resources/media-guidelines/reddit).
 * Videos are not offered: Reddit wants a poster image with each, and there is none.
 */
export const REDDIT_LIMITS: Limits = {
  text: 40_000,
  unit: 'characters',
  media: {
    least: 0,
    most: 20,
    image: { types: ['image/jpeg', 'image/png', 'image/gif'], maxBytes: 20_000_000 },
  },
  firstComment: 10_000,
  poll: { options: 6, optionText: 120, minutes: [1_440, 10_080] },
};

export const optionsOf = ownOptions(redditOptions);

export type SubmissionKind = 'self' | 'link' | 'image' | 'gallery' | 'poll';

export function kindOfSubmission({ media = [], poll, link }: Variant): SubmissionKind {
  if (poll !== undefined) return 'poll';
  if (media.length > 0) return media.length === 1 ? 'image' : 'gallery';
  return link === undefined ? 'self' : 'link';
}

/** The body; only a link post has a place of its own for the link. */
export const bodyOf = (variant: Variant): string =>
  kindOfSubmission(variant) === 'link' ? variant.text : withLink(variant);

export function checkSubmission(
  rules: Pick<Provider, 'name' | 'limits' | 'countText' | 'render'>,
  variant: Variant,
): Finding[] {
  const { name: network } = rules;
  // The title alone is a post; a comment needs words.
  const found = checkContent(rules, variant).filter(
    ({ rule, path }) => rule !== 'text_empty' || path !== '/text',
  );
  const options = optionsOf(variant);
  if (options !== undefined) {
    if (options.subreddit === undefined) found.push(finding('error', 'required', '/options/subreddit'));
    if (options.title === undefined) found.push(finding('error', 'required', '/options/title'));
  }
  if (variant.poll !== undefined && (variant.poll.minutes * MINUTE) % DAY !== 0) {
    const days = daysOf(variant.poll);
    found.push(finding('warning', 'poll_whole_days', '/poll/minutes', { network, days }));
  }
  return found;
}

const daysOf = ({ minutes }: NonNullable<Variant['poll']>): number => Math.ceil((minutes * MINUTE) / DAY);

/** The files as Reddit takes them; undefined when one does not fit. */
export function filesOf({ media = [] }: Variant): MediaFile[] | undefined {
  const limits = REDDIT_LIMITS.media?.image;
  const files = media.flatMap((one) => {
    const [original] = one.files;
    const fits =
      limits && original && kindOf(original.type) === 'image' ? fileFor(one, limits) : 'media_type';
    return typeof fits === 'string' ? [] : [fits];
  });
  return files.length === media.length ? files : undefined;
}

type Complete = RedditOptions & { readonly subreddit: string; readonly title: string };
export const isComplete = (options: RedditOptions | undefined): options is Complete =>
  options?.subreddit !== undefined && options.title !== undefined;

/** The request that makes the post: https://www.reddit.com/dev/api/#POST_api_submit and its unlisted siblings. */
export function toRequest(
  hosts: RedditHosts,
  { variant, credential }: { variant: Variant; credential: RedditCredential },
  options: Complete,
  assets: readonly Asset[],
): HttpRequest {
  const { subreddit, title, flairId, flairText, nsfw = false, spoiler = false, resubmit = false } = options;
  const { sendReplies = true } = options;
  const text = bodyOf(variant);
  const kind = kindOfSubmission(variant);
  const shared = {
    api_type: 'json',
    sr: subreddit,
    title,
    ...(text === '' ? {} : { text }),
    ...(flairId === undefined ? {} : { flair_id: flairId }),
    ...(flairText === undefined ? {} : { flair_text: flairText }),
  };
  const flags = { nsfw, spoiler, sendreplies: sendReplies };
  if (kind === 'poll' && variant.poll !== undefined) {
    const poll = { text, options: variant.poll.options, duration: daysOf(variant.poll) };
    const json = { ...shared, ...flags, resubmit, ...poll };
    return call(hosts, credential, 'POST', '/api/submit_poll_post?raw_json=1', { json });
  }
  if (kind === 'gallery') {
    const items = assets.map(({ id }) => ({ media_id: id, caption: '', outbound_url: '' }));
    const json = { ...shared, ...flags, items, show_error_list: true };
    return call(hosts, credential, 'POST', '/api/submit_gallery_post.json?raw_json=1', { json });
  }
  const url = kind === 'link' ? variant.link : assets[0]?.url;
  const form = {
    ...shared,
    kind,
    ...(url === undefined ? {} : { url }),
    ...Object.fromEntries(Object.entries({ ...flags, resubmit }).map(([name, is]) => [name, String(is)])),
  };
  return call(hosts, credential, 'POST', '/api/submit?raw_json=1', { form });
}
