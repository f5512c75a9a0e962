import { emojiEnd } from '../../domain/emoji.ts';
import { utf8Bytes } from '../../domain/text-count.ts';

/**
 * Length of a text as Threads counts it: a character is one, whatever its script, but an emoji is as many as it has
 * bytes in UTF-8. https://developers.facebook.com/docs/threads/posts
 */
export function threadsLength(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; ) {
    const emoji = emojiEnd(text, at);
    const next = emoji ?? at + String.fromCodePoint(text.codePointAt(at) ?? 0).length;
    count += emoji === undefined ? 1 : utf8Bytes(text.slice(at, emoji));
    at = next;
  }
  return count;
}
