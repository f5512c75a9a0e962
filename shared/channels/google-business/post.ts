import * as z from 'zod';
import type { Variant } from '../../domain/content.ts';
import { type Finding, finding } from '../../domain/finding.ts';
import { findUrls } from '../../domain/text-count.ts';
import { withLink } from '../check-content.ts';
import { ownOptions } from '../own-options.ts';
import type { Limits } from '../provider.ts';

const NAME = 'Google Business Profile';
const when = z
  .string()
  .refine(isLocalTime, 'must be a date or a local time like 2026-11-30 or 2026-11-30T09:00');

/** https://developers.google.com/my-business/reference/rest/v4/accounts.locations.localPosts */
export const googleBusinessOptions = z.strictObject({
  languageCode: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language tag like de or pt-BR')
    .optional()
    .describe('Language of the text, `de` for example; Google’s guess unless told'),
  action: z
    .enum(['book', 'order', 'shop', 'learnMore', 'signUp', 'call'])
    .optional()
    .describe('The button; all but `call` lead to the link. With a link `learnMore` unless told'),
  event: z
    .strictObject({ title: z.string().trim().min(1).max(58), start: when, end: when })
    .refine(({ start, end }) => start.slice(0, 10) <= end.slice(0, 10), {
      path: ['end'],
      message: 'must not be before the start',
    })
    .optional()
    .describe('Makes it an event; times are those of the place'),
  offer: z
    .strictObject({
      couponCode: z.string().trim().min(1).max(58).optional().describe('What customers show or type in'),
      redeemUrl: z
        .url({ protocol: /^https?$/ })
        .max(2_048)
        .optional()
        .describe('Where it is redeemed; the link unless told'),
      terms: z.string().trim().min(1).max(5_000).optional().describe('The conditions'),
    })
    .optional()
    .describe('Makes it an offer, which needs an event, too: what it is called and how long it lasts'),
});
export type GoogleBusinessOptions = z.infer<typeof googleBusinessOptions>;

const validOptions = ownOptions(googleBusinessOptions);
const googleOptionsOf = (variant: Pick<Variant, 'options'>): GoogleBusinessOptions =>
  validOptions(variant) ?? {};

/** https://support.google.com/business/answer/7342169: JPG or PNG, 10 KB to 5 MB, at least 400 by 300. */
export const GOOGLE_IMAGE = {
  types: ['image/jpeg', 'image/png'],
  minBytes: 10_240,
  maxBytes: 5_000_000,
  minWidth: 400,
  minHeight: 300,
} as const;
export const GOOGLE_LIMITS: Limits = {
  text: 1_500,
  unit: 'characters',
  media: { least: 0, most: 1, image: GOOGLE_IMAGE },
};

/** A button leads to the link; where there is none, the link stands in the text. */
export const renderGoogle = (variant: Variant): string =>
  googleOptionsOf(variant).action === 'call' && googleOptionsOf(variant).offer === undefined
    ? withLink(variant)
    : variant.text;

const ACTIONS = {
  book: 'BOOK',
  order: 'ORDER',
  shop: 'SHOP',
  learnMore: 'LEARN_MORE',
  signUp: 'SIGN_UP',
  call: 'CALL',
} as const;

/** Body of a new post. `photo`: where Google fetches it. */
export function toLocalPost(variant: Variant, photo: string | undefined): Readonly<Record<string, unknown>> {
  const { languageCode, action, event, offer } = googleOptionsOf(variant);
  const { link } = variant;
  const button = action ?? (link === undefined ? undefined : 'learnMore');
  const redeemUrl = offer?.redeemUrl ?? link;
  return {
    ...(languageCode === undefined ? {} : { languageCode }),
    summary: renderGoogle(variant),
    topicType: topicOf(variant),
    // Google shows none on offers.
    ...(button === undefined || offer !== undefined
      ? {}
      : { callToAction: { actionType: ACTIONS[button], ...(button === 'call' ? {} : { url: link }) } }),
    ...(event === undefined ? {} : { event: { title: event.title, schedule: scheduleOf(event) } }),
    ...(offer === undefined
      ? {}
      : {
          offer: {
            ...(offer.couponCode === undefined ? {} : { couponCode: offer.couponCode }),
            ...(redeemUrl === undefined ? {} : { redeemOnlineUrl: redeemUrl }),
            ...(offer.terms === undefined ? {} : { termsConditions: offer.terms }),
          },
        }),
    ...(photo === undefined ? {} : { media: [{ mediaFormat: 'PHOTO', sourceUrl: photo }] }),
  };
}

export function topicOf(variant: Pick<Variant, 'options'>): 'STANDARD' | 'EVENT' | 'OFFER' {
  const { event, offer } = googleOptionsOf(variant);
  return offer !== undefined ? 'OFFER' : event !== undefined ? 'EVENT' : 'STANDARD';
}

/** What the limits do not say. */
export function checkGoogle(variant: Variant): Finding[] {
  const { action, event, offer } = googleOptionsOf(variant);
  const found: Finding[] = [];
  const say = (severity: 'error' | 'warning', rule: Finding['rule'], path: string, params = {}): void => {
    found.push(finding(severity, rule, path, { network: NAME, ...params }));
  };
  if (variant.text.trim() === '' && variant.media?.length) say('error', 'text_empty', '/text');
  if (offer !== undefined && event === undefined) say('error', 'required', '/options/event');
  if (offer !== undefined && action !== undefined) say('error', 'button_unsupported', '/options/action');
  const needsLink = action !== undefined && action !== 'call' && offer === undefined;
  if (needsLink && variant.link === undefined) say('error', 'required', '/link');
  // https://support.google.com/business/answer/7213077
  if (hasPhone(variant.text)) say('warning', 'phone_in_text', '/text');
  return found;
}

/** Days that there are: a thirtieth of February would come back as another one. */
function isLocalTime(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$/.test(text)) return false;
  const at = Date.parse(text.length > 10 ? `${text}Z` : text);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

function scheduleOf({ start, end }: { start: string; end: string }): Readonly<Record<string, unknown>> {
  return {
    startDate: dateOf(start),
    ...(start.length > 10 ? { startTime: timeOf(start) } : {}),
    endDate: dateOf(end),
    ...(end.length > 10 ? { endTime: timeOf(end) } : {}),
  };
}

function dateOf(text: string) {
  const [year, month, day] = text.slice(0, 10).split('-').map(Number);
  return { year, month, day };
}

function timeOf(text: string) {
  const [hours, minutes] = text.slice(11).split(':').map(Number);
  return { hours, minutes };
}

/** International, German and American ways to write one; dates and addresses are none. */
function hasPhone(text: string): boolean {
  const words = findUrls(text).reduce((rest, { url }) => rest.replace(url, ' '), text);
  return /(?<![\d.,])(\+\d|\(?0\d)[\d\s()/-]{6,}\d|(?<!\d)\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\d)/.test(words);
}
