import { describe, expect, test } from 'vitest';
import { codePoints, findUrls, graphemes, utf8Bytes, utf16 } from '../../../shared/domain/text-count.ts';
import { cpuMs } from '../../support/cpu-time.ts';

describe('counting', () => {
  test.each([
    // text, graphemes, code points, UTF-16 units, UTF-8 bytes
    ['', 0, 0, 0, 0],
    ['Brot', 4, 4, 4, 4],
    ['Grüße', 5, 5, 5, 7],
    ['e\u0301', 1, 2, 2, 3],
    ['😀', 1, 1, 2, 4],
    ['👍🏽', 1, 2, 4, 8],
    ['👨‍👩‍👧', 1, 5, 8, 18],
    ['🇩🇪', 1, 2, 4, 8],
    ['a\r\nb', 3, 4, 4, 4],
  ])('takes %j as %d graphemes, %d code points, %d UTF-16 units, %d bytes', (text, g, c, u, b) => {
    expect([graphemes(text), codePoints(text), utf16(text), utf8Bytes(text)]).toEqual([g, c, u, b]);
  });
});

describe('findUrls', () => {
  test.each([
    ['nothing here', []],
    ['https://example.org', ['https://example.org']],
    ['See https://example.org/a?b=c#d, please.', ['https://example.org/a?b=c#d']],
    ['Really? https://example.org/?!', ['https://example.org/']],
    ['(https://example.org/a)', ['https://example.org/a']],
    ['(see https://example.org/a_(b)).', ['https://example.org/a_(b)']],
    ['[https://example.org/x[1]]', ['https://example.org/x[1]']],
    ['„https://example.org“ “https://example.com”', ['https://example.org', 'https://example.com']],
    ['<https://example.org>', ['https://example.org']],
    ['https://instagram.com/baker_', ['https://instagram.com/baker_']],
    ['HTTP://EXAMPLE.ORG and https://bücher.example/ß', ['HTTP://EXAMPLE.ORG', 'https://bücher.example/ß']],
    ['http://127.0.0.1:8080/x', ['http://127.0.0.1:8080/x']],
    ['xhttps://example.org ftp://example.org example.org', []],
    ['https:// http://. https://?x', []],
    ['a\nhttps://example.org/1\nhttps://example.org/2', ['https://example.org/1', 'https://example.org/2']],
  ])('finds in %j: %j', (text, urls) => {
    const found = findUrls(text);
    expect(found.map(({ url }) => url)).toEqual(urls);
    for (const { start, end, url } of found) expect(text.slice(start, end)).toBe(url);
  });

  test('counts offsets in UTF-16 units, as strings do', () => {
    expect(findUrls('😀 https://example.org')).toEqual([{ start: 3, end: 22, url: 'https://example.org' }]);
  });

  test('is quick with a hostile text', () => {
    const spent = cpuMs(() => {
      findUrls(`https://example.org/${')'.repeat(100_000)}`);
      findUrls('https://'.repeat(12_000));
      findUrls('https://a] '.repeat(9_000));
    });
    expect(spent).toBeLessThan(2_000);
  });
});
