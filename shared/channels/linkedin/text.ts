import { utf16 } from '../../domain/text-count.ts';

/**
 * A text as LinkedIn's "little" format has it: every reserved character is escaped, for an unescaped one cuts the post
 * off without a word. Only mentions written `@[Name](urn:li:organization:1)` and hashtags keep their meaning.
 * https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/little-text-format
 */
export function escapeLittleText(text: string): string {
  let little = '';
  let at = 0;
  for (const match of text.matchAll(ELEMENT)) {
    const { name, urn, tag } = match.groups ?? {};
    little += escaped(text.slice(at, match.index));
    little += urn === undefined ? toHashtag(tag ?? '') : `@[${escaped(name ?? '')}](${urn})`;
    at = match.index + match[0].length;
  }
  return little + escaped(text.slice(at));
}

/**
 * Length of a text after LinkedIn has read it, in UTF-16 units: of a mention only the name is left, escapes are gone.
 * The unit is not documented; this is the one that gives the highest count.
 */
export function littleTextLength(text: string): number {
  return utf16(text.replace(ELEMENT, (whole, name: string | undefined) => name ?? whole));
}

/** A hashtag stands free (not within a URL, an address or a word) and has a letter: `#1` is a number. */
const ELEMENT =
  /@\[(?<name>[^[\]\n]+)\]\((?<urn>urn:li:(?:person|organization):[\w-]+)\)|(?<![\p{L}\p{M}\p{N}_/&=?#@%+~$-])#(?<tag>[\p{N}_]*\p{L}[\p{L}\p{M}\p{N}_]*)/gu;

const escaped = (text: string): string => text.replace(/[\\|{}@[\]()<>#*_~]/g, '\\$&');

/** `#word` where it is one word to the format; an underscore would end that, so there is a longer form. */
const toHashtag = (tag: string): string => (tag.includes('_') ? `{hashtag|\\#|${escaped(tag)}}` : `#${tag}`);
