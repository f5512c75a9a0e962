import { emojiEnd } from '../../domain/emoji.ts';
import { urlsIn } from './urls.ts';

/** The URLs that X shortens: a post that has one costs more. */
export { urlsIn } from './urls.ts';

/**
 * Length of a text as X counts it, of which a post may have 280: every URL 23, every emoji 2, a character of the
 * scripts below 1, any other (CJK, most symbols) 2. Counted in its composed form (NFC).
 * https://docs.x.com/fundamentals/counting-characters, https://github.com/twitter/twitter-text/blob/master/config/v3.json
 */
export function weightedLength(text: string): number {
  const composed = text.normalize('NFC');
  let length = 0;
  let at = 0;
  for (const { start, end } of urlsIn(composed)) {
    length += lengthWithoutUrls(composed, at, start) + URL_LENGTH;
    at = end;
  }
  return length + lengthWithoutUrls(composed, at, composed.length);
}

const URL_LENGTH = 23;
const LIGHT: readonly (readonly [first: number, last: number])[] = [
  [0, 4_351],
  [8_192, 8_205],
  [8_208, 8_223],
  [8_242, 8_247],
];

function lengthWithoutUrls(text: string, from: number, to: number): number {
  let length = 0;
  for (let at = from; at < to; ) {
    const emoji = emojiEnd(text, at);
    const code = text.codePointAt(at) ?? 0;
    const isLight = emoji === undefined && LIGHT.some(([first, last]) => first <= code && code <= last);
    length += isLight ? 1 : 2;
    at = emoji ?? at + (code > 0xffff ? 2 : 1);
  }
  return length;
}
