import { describe, expect, test } from 'vitest';
import { headlineOf, htmlOf, slugOf } from '../../../shared/domain/article.ts';

describe('a headline', () => {
  test.each([
    ['Fresh bread\nfrom six', 80, 'Fresh bread'],
    ['  \n Fresh bread ', 80, 'Fresh bread'],
    ['One two three four five', 12, 'One two…'],
    ['Donaudampfschifffahrt', 12, 'Donaudampfs…'],
    ['', 80, ''],
  ])('of “%s” within %d characters is “%s”', (text, longest, expected) => {
    expect(headlineOf(text, longest)).toBe(expected);
    expect([...headlineOf(text, longest)].length).toBeLessThanOrEqual(longest);
  });
});

test('HTML names a link once, also where the text has it already', () => {
  expect(htmlOf('See https://a.example/x.', 'https://a.example/x')).toBe(
    '<p>See <a href="https://a.example/x">https://a.example/x</a>.</p>',
  );
  expect(htmlOf('', 'https://a.example/x')).toBe(
    '<p><a href="https://a.example/x">https://a.example/x</a></p>',
  );
});

test('a slug is made of ASCII words', () => {
  expect(slugOf('Grüße & Küsse: Crème brûlée!')).toBe('gruesse-kuesse-creme-brulee');
  expect(slugOf('日本')).toBe('');
});
