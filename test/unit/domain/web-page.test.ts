import { describe, expect, test } from 'vitest';
import { pageKey, readWebUrl } from '../../../shared/domain/web-page.ts';

describe('an address as people paste it', () => {
  test.each([
    ['https://www.xing.com/discover/1', 'https://www.xing.com/discover/1'],
    ['  xing.com/discover/1 ', 'https://xing.com/discover/1'],
    ['http://xing.com', 'http://xing.com/'],
  ])('%s is read', (text, url) => expect(readWebUrl(text)).toBe(url));

  test.each([
    'not an address',
    '',
    'javascript:alert(1)',
    'javascript://xing.com/%0aalert(1)',
    'mailto:anna@agency.example',
    'https://anna:secret@xing.com/',
    'localhost/x',
    `https://xing.com/${'x'.repeat(2_100)}`,
  ])('%s is none', (text) => expect(readWebUrl(text)).toBeUndefined());
});

describe('the key of a page', () => {
  test('is the same for each spelling of its address', () => {
    const spellings = ['https://www.xing.com/a/', 'http://xing.com/a', 'https://XING.com/a#top'];
    expect(new Set(spellings.map(pageKey))).toEqual(new Set(['xing.com/a']));
  });

  test('is another one for another path, query or port, and stays short', () => {
    const pages = ['https://x.com/a', 'https://x.com/A', 'https://x.com/a?id=1', 'https://x.com:444/a'];
    expect(new Set(pages.map(pageKey)).size).toBe(4);
    const long = (end: string) => pageKey(`https://x.com/${'a'.repeat(1_000)}${end}`);
    expect(long('1').length).toBeLessThanOrEqual(200);
    expect(long('1')).not.toBe(long('2'));
  });
});
