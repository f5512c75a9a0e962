/**
 * Where the emoji that starts at `at` ends, in UTF-16 units; undefined where none starts. An emoji is a sequence that
 * Unicode recommends for interchange (https://www.unicode.org/reports/tr51/#def_rgi_set), or a character that may be
 * shown as one. What is a letter of plain text first (`©`, `5`) is one only with what says so behind it.
 */
export function emojiEnd(text: string, at: number): number | undefined {
  const unit = text.charCodeAt(at);
  // Most of a text is below the first emoji but keycaps: not even looked at.
  if (unit < 0xa9 && !/[0-9#*]/.test(text.charAt(at))) return undefined;
  // Within a pair the pattern would look at the whole pair.
  if (unit >= 0xdc00 && unit <= 0xdfff) return undefined;
  EMOJI.lastIndex = at;
  return EMOJI.test(text) ? EMOJI.lastIndex : undefined;
}

const EMOJI = /\p{RGI_Emoji}|[0-9#*]\u20E3|(?![0-9#*©®™])\p{Emoji}/vy;
