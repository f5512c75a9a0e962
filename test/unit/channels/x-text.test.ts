import { describe, expect, test } from 'vitest';
import { encodedLength } from '../../../shared/channels/x/punycode.ts';
import { urlsIn, weightedLength } from '../../../shared/channels/x/text.ts';
import { X_URLS } from '../../support/counting-x-urls.ts';
import { cpuMs } from '../../support/cpu-time.ts';

// How long texts are stands in `text-counting.test.ts`.
describe('urlsIn', () => {
  test.each(X_URLS)('finds in %j: %j', (text, urls) => {
    const found = urlsIn(text);
    expect(found.map(({ url }) => url)).toEqual(urls);
    for (const { start, end, url } of found) expect(text.slice(start, end)).toBe(url);
  });

  test.each([
    ['nothing here', []],
    ['', []],
    ['.', []],
    ['Brot.Und', []],
    ['v1.2.3', []],
    ['bakery.de', ['bakery.de']],
    ['BAKERY.DE', ['BAKERY.DE']],
    ['bakery.de.', ['bakery.de']],
    ['hallo@bakery.de', []],
    ['bakery.de:8080', ['bakery.de']],
    ['bakery.de?x=1', ['bakery.de']],
    ['bakery.de:8080/?x=1.', ['bakery.de:8080/?x=1']],
    ['bakery.de/brot_(roggen)', ['bakery.de/brot_(roggen)']],
    ['(bakery.de/brot)', ['bakery.de/brot']],
    ['bakery.de/a(b(c)d)e)', ['bakery.de/a(b(c)d)e']],
    ['bakery.de/a!(b)', ['bakery.de/a']],
    ['bakery.vermögensberatung', ['bakery.vermögensberatung']],
    ['https://bäckerei.example.de/ß?ü=1', ['https://bäckerei.example.de/ß']],
    ['xhttps://bakery.de', []],
    ['https://t.co/abc/def', ['https://t.co/abc']],
    ['https://t.co/abc?a=b', ['https://t.co/abc?a=b']],
    [`https://bakery.de/${'x'.repeat(4_060)}`, [`https://bakery.de/${'x'.repeat(4_060)}`]],
    [`https://bakery.de/${'x'.repeat(4_100)}`, []],
    [`https://${'x'.repeat(63)}.de`, [`https://${'x'.repeat(63)}.de`]],
    [`https://${'x'.repeat(64)}.de`, []],
  ])('finds in %j: %j', (text, urls) => {
    expect(urlsIn(text).map(({ url }) => url)).toEqual(urls);
  });

  test('says where they are in the text as it was given', () => {
    expect(urlsIn('Gru\u0308ße 🥖 bakery.de!')).toEqual([{ start: 10, end: 19, url: 'bakery.de' }]);
  });

  test('and counting are quick with hostile texts', () => {
    const hostile = [
      'a.',
      'こ',
      '_a.',
      'http://a.com/(',
      'a.com/.((',
      'http://',
      'é.',
      'http://a.com/!!!',
      '👨\u200d',
      'xn--',
    ];
    const spent = cpuMs(() => {
      for (const part of hostile) weightedLength(part.repeat(100_000 / part.length));
    });
    expect(spent).toBeLessThan(8_000);
  });
});

// Examples of RFC 3492 §7.1 (its letters in the case they have there), and what is not encoded.
test.each([
  ['bakery', 'bakery'],
  ['bücher', 'xn--bcher-kva'],
  ['ليهمابتكلموشعربي؟', 'xn--egbpdaj6bu4bxfgehfvwxn'],
  ['他们为什么不说中文', 'xn--ihqwcrb4cv8a8dqg056pqjye'],
  ['なぜみんな日本語を話してくれないのか', 'xn--n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa'],
  ['3年b組金八先生', 'xn--3b-ww4c5e180e575a65lsy2b'],
  ['安室奈美恵-with-super-monkeys', 'xn---with-super-monkeys-pc58ag80a8qai00g7n9n'],
  ['hello-another-way-それぞれの場所', 'xn--hello-another-way--fc4qua05auwb3674vfr0b'],
  ['ひとつ屋根の下2', 'xn--2-u9tlzr9756bt3uc0v'],
  ['majiでkoiする5秒前', 'xn--majikoi5-783gue6qz075azm5e'],
  ['そのスピードで', 'xn--d9juau41awczczp'],
])('%s is as long in DNS as %s', (label, encoded) => {
  expect(encodedLength(label)).toBe(encoded.length);
});
