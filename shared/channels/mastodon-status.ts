import * as z from 'zod';
import type { ChannelFacts } from '../domain/channel.ts';
import type { Variant } from '../domain/content.ts';
import { type Finding, finding } from '../domain/finding.ts';
import { findUrls, graphemes } from '../domain/text-count.ts';
import { checkContent, withLink } from './check-content.ts';

/** What Mastodon has out of the box; an instance may allow more, and then says so in its facts. */
export const DEFAULT_LIMITS = { maxCharacters: 500, urlCharacters: 23, pollOptions: 4, pollCharacters: 50 };

export const mastodonOptions = z.strictObject({
  visibility: z.enum(['public', 'unlisted', 'private', 'direct']).optional(),
  /** Shown first; the text is folded away behind it. */
  spoilerText: z.string().trim().min(1).max(1_000).optional(),
  sensitive: z.boolean().optional(),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z]{2,4})?$/, 'must be a language code like de')
    .optional(),
});
export type MastodonOptions = z.infer<typeof mastodonOptions>;

/** The options of a variant that are ours: those of its base may be meant for other networks. Undefined: invalid. */
export const optionsOf = (variant: Variant): MastodonOptions | undefined =>
  mastodonOptions.strip().safeParse(variant.options ?? {}).data;

// Both as Mastodon itself reads mentions: no letter, slash or equals sign before it, dots and dashes within.
const MENTION =
  /(?<![=/\p{L}\p{N}_])@([a-z0-9_]+(?:[.-]+[a-z0-9_]+)*)@[\p{L}\p{N}_]+(?:[.-]+[\p{L}\p{N}_]+)*/giu;

/**
 * Graphemes, where every URL counts as the instance's fixed number and a mention without its domain.
 * https://docs.joinmastodon.org/user/posting/#text
 */
export function countStatus(text: string, facts: ChannelFacts = {}): number {
  const url = 'x'.repeat(limitsOf(facts).urlCharacters);
  let countable = '';
  let at = 0;
  for (const { start, end } of findUrls(text)) {
    countable += `${text.slice(at, start)}${url}`;
    at = end;
  }
  return graphemes(`${countable}${text.slice(at)}`.replace(MENTION, '@$1'));
}

export function checkStatus(variant: Variant, facts: ChannelFacts, name: string): Finding[] {
  const limits = limitsOf(facts);
  const spoiler = graphemes(optionsOf(variant)?.spoilerText ?? '');
  const { poll, ...rest } = variant;
  const found = checkContent(
    {
      name,
      limits: { text: limits.maxCharacters, unit: 'graphemes' },
      countText: (text) => countStatus(text, facts) + spoiler,
      render: withLink,
    },
    rest,
  );
  return poll === undefined ? found : [...found, ...checkPoll(poll, limits, name)];
}

function checkPoll(
  poll: NonNullable<Variant['poll']>,
  limits: typeof DEFAULT_LIMITS,
  network: string,
): Finding[] {
  const found: Finding[] = [];
  if (poll.question !== undefined) {
    found.push(finding('error', 'poll_question_unsupported', '/poll/question', { network }));
  }
  if (poll.options.length > limits.pollOptions) {
    found.push(finding('error', 'too_long', '/poll/options', { limit: limits.pollOptions }));
  }
  for (const [n, option] of poll.options.entries()) {
    const path = `/poll/options/${n}`;
    if (graphemes(option) > limits.pollCharacters) {
      const params = { network, count: graphemes(option), unit: 'graphemes', limit: limits.pollCharacters };
      found.push(finding('error', 'text_too_long', path, params));
    }
    if (poll.options.indexOf(option) < n) found.push(finding('error', 'poll_option_twice', path));
  }
  return found;
}

/** Parameters of `POST /api/v1/statuses`, https://docs.joinmastodon.org/methods/statuses/#create */
export function toStatus(variant: Variant, options: MastodonOptions): Record<string, unknown> {
  const { visibility, spoilerText, sensitive, language } = options;
  return {
    status: withLink(variant),
    ...(visibility === undefined ? {} : { visibility }),
    ...(spoilerText === undefined ? {} : { spoiler_text: spoilerText }),
    ...(sensitive === undefined ? {} : { sensitive }),
    ...(language === undefined ? {} : { language }),
    ...(variant.poll === undefined
      ? {}
      : { poll: { options: variant.poll.options, expires_in: variant.poll.minutes * 60 } }),
  };
}

/** A status's HTML as one line of text, for comparing: mentions without their domain, white space as one space. */
export function plainHtml(html: string): string {
  const text = html.replace(/<br\s*\/?>|<\/p>/gi, '\n').replace(/<[^>]*>/g, '');
  return plainText(
    text.replace(/&(#x[0-9a-f]+|#\d+|[a-z]+);/gi, (whole, name: string) => decode(name) ?? whole),
  );
}

/** Our own text in the same form. */
export function plainText(text: string): string {
  return text.normalize('NFC').replace(MENTION, '@$1').replace(/\s+/g, ' ').trim();
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

function decode(name: string): string | undefined {
  if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()];
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

function limitsOf(facts: ChannelFacts): typeof DEFAULT_LIMITS {
  const told = (name: keyof typeof DEFAULT_LIMITS) => {
    const value = facts[name];
    return typeof value === 'number' ? value : DEFAULT_LIMITS[name];
  };
  return {
    maxCharacters: told('maxCharacters'),
    urlCharacters: told('urlCharacters'),
    pollOptions: told('pollOptions'),
    pollCharacters: told('pollCharacters'),
  };
}
