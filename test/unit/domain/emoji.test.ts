import { describe, expect, test } from 'vitest';
import { emojiEnd } from '../../../shared/domain/emoji.ts';

describe('an emoji', () => {
  test.each([
    ['a face', '😀'],
    ['with a skin tone', '👍🏽'],
    ['a skin tone alone', '🏽'],
    ['a flag', '🇩🇪'],
    ['the flag of a part of a country', '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}'],
    ['a keycap', '1\ufe0f\u20e3'],
    ['a keycap without its selector', '#\u20e3'],
    ['a family', '👨\u200d👩\u200d👧\u200d👦'],
    ['a kiss with two skin tones', '👩🏻\u200d❤\ufe0f\u200d💋\u200d👩🏼'],
    ['a character that says it is one', '©\ufe0f'],
    ['a character that may be shown as one', '❤'],
    ['the same with its selector', '❤\ufe0f'],
  ])('is found whole: %s', (_name, emoji) => {
    expect(emojiEnd(emoji, 0)).toBe(emoji.length);
    expect(emojiEnd(`a${emoji}b`, 1)).toBe(1 + emoji.length);
  });

  test.each([
    '',
    'a',
    '5',
    '#',
    '*',
    '©',
    '®',
    '™',
    'é',
    '世',
    '\u200d',
    '\ufe0f',
    '\ud83d',
    '\ude00',
    '𝐁',
    '→',
  ])('is not %j', (text) => {
    expect(emojiEnd(text, 0)).toBeUndefined();
  });

  test('ends where Unicode recommends no longer one', () => {
    expect(emojiEnd('🐱\u200d👤', 0)).toBe('🐱'.length);
    expect(emojiEnd('🇩🇪🇦🇹', 0)).toBe('🇩🇪'.length);
    expect(emojiEnd('🇦🇦', 0)).toBe('🇦'.length);
    expect(emojiEnd('👨\ufe0f', 0)).toBe('👨'.length);
  });

  test('is looked for only at the place that is named', () => {
    expect(emojiEnd('a😀', 0)).toBeUndefined();
    expect(emojiEnd('😀', 1)).toBeUndefined();
    expect(emojiEnd('😀', 9)).toBeUndefined();
  });
});
