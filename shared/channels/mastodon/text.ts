import type { ChannelFacts } from '../../domain/channel.ts';
import { findUrls, graphemes } from '../../domain/text-count.ts';
import { limitsOf } from './limits.ts';

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

/** A status's HTML as one line of text, for comparing: mentions without their domain, white space as one space. */
export function plainHtml(html: string): string {
  // No tag has a `<` in it: to look past one for the end of each would take a minute, if a server sends nothing else.
  const text = html.replace(/<br\s*\/?>|<\/p>/gi, '\n').replace(/<[^<>]*>/g, '');
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
