/** A URL within a text: UTF-16 offsets `[start, end)`, and what stands there. */
export type FoundUrl = { readonly start: number; readonly end: number; readonly url: string };

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Characters as people see them: an emoji with its modifiers, a letter with its accents is one. */
export function graphemes(text: string): number {
  let count = 0;
  for (const _ of segmenter.segment(text)) count += 1;
  return count;
}

/** Unicode code points. */
export function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** UTF-16 code units: what `length` counts. */
export const utf16 = (text: string): number => text.length;

export const utf8Bytes = (text: string): number => Buffer.byteLength(text, 'utf8');

const URL_LIKE = /https?:\/\/[^\s<>"“”„«»`]+/giu;
const OPENING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/**
 * The http and https URLs of a text, in their order. Punctuation that ends the sentence rather than the URL is
 * left out, and so is a closing bracket that the URL does not open: in `(see https://example.org/a_(b))` the URL
 * ends after `(b)`.
 */
export function findUrls(text: string): FoundUrl[] {
  const found: FoundUrl[] = [];
  for (const match of text.matchAll(URL_LIKE)) {
    // Glued to a word (`xhttp://…`) it is part of that word.
    if (/[\p{L}\p{N}_]/u.test(text.charAt(match.index - 1))) continue;
    const url = trimEnd(match[0]);
    if (isUrl(url)) found.push({ start: match.index, end: match.index + url.length, url });
  }
  return found;
}

function trimEnd(candidate: string): string {
  // Counted once: a long run of brackets must not be counted again for each of them.
  const closers = new Map(Object.keys(OPENING).map((closing) => [closing, surplus(candidate, closing)]));
  let end = candidate.length;
  for (;;) {
    const last = candidate.charAt(end - 1);
    const unopened = closers.get(last) ?? 0;
    if (unopened > 0) closers.set(last, unopened - 1);
    else if (!/[.,;:!?'’…]/.test(last)) return candidate.slice(0, end);
    end -= 1;
  }
}

/** How many more of a closing bracket than of its opening one. */
function surplus(text: string, closing: string): number {
  let count = 0;
  for (const character of text) {
    if (character === closing) count += 1;
    else if (character === OPENING[closing]) count -= 1;
  }
  return count;
}

const isUrl = (text: string): boolean => URL.canParse(text) && /^https?:\/\/[^/?#]/i.test(text);
