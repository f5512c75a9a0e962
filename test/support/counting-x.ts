import { X_URLS } from './counting-x-urls.ts';

const FAMILY = '👨\u200d👩\u200d👧\u200d👦';
const TENS = 'xxxxxxxxxx-';
const POEM =
  '故人西辞黄鹤楼，烟花三月下扬州。孤帆远影碧空尽，唯见长江天际流。朱雀桥边野草花，乌衣巷口夕阳斜。旧时王谢堂前燕，飞入寻常百姓家。';
const PUNCTUATION = '\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u200B';

/** Expected of the conformance suite of twitter-text (Apache-2.0), `validate.yml`, counters with emoji discounted. */
const CONFORMANCE: readonly (readonly [text: string, length: number])[] = [
  ['This is a test.', 15],
  ['http://test.com', 23],
  ['https://test.com', 23],
  ['test.com', 23],
  ['Test https://test.com test https://test.com test.com test', 86],
  ['Hi http://test.co', 26],
  ['http://test.co', 23],
  [`285 chars-${TENS.repeat(25)}`, 285],
  [`285 chars- http://www.twitter.com/jack ${TENS.repeat(24)}`, 299],
  [`${TENS.repeat(24)} http://www.twitter.com/jack `, 289],
  ['https://www.twitter.com/aloha '.repeat(10), 240],
  [POEM, 2 * 64],
  ['😷'.repeat(160), 320],
  [`the${POEM}`, 3 + 2 * 64],
  ['A\u0301B', 2],
  ['A\ufb2c', 4],
  [`282 chars-${TENS.repeat(24)}xxxxxA\u0301x`, 281],
  [`H🐱☺${FAMILY}`, 7],
  ['😷👾😡🔥💩', 10],
  ['🙋🏽👨\u200d🎤', 4],
  [
    `This is a tweet with general punctuation characters: ${PUNCTUATION} ‐ ‑ ‒ – — ― ‖  ‗ ‘ ’ ‚ ‛ “ ” „ ‟ ′ ″ ‴ ‵ ‶ ‷`,
    110,
  ],
  [FAMILY.repeat(140), 280],
  ['Unicode 10.0 emoji: 🤪; 🧕; 🧕🏾; 🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}', 34],
  ['Unicode 9.0 emoji: 🤠; 💃; 💃🏾', 29],
  ['ABC\u202A\uFFFFABC\uFFFE', 12],
  ['\u2066\u202Ahttp://foobar.پاکستان/\u202C\u2069', 31],
  ['randomurlrandomurlrandomurlrandomurlrandomurlrandomurlrandomurls.com', 68],
  [`${'あいうえおかきくけこ'.repeat(12)} http://${'あいうえおかきくけこ'.repeat(5)}あいう.com`, 358],
  [`${'あいうえおかきくけこ'.repeat(12)} http://${'あいうえおかきくけこ'.repeat(5)}あい.com`, 264],
  [`Long https://${'somesuperlongurl'.repeat(40)}.com/foo https://validurl.com`, 5 + 656 + 1 + 23],
];

/** Written from the weights of `config/v3.json`: 1 in its ranges, 2 outside, an emoji 2, composed (NFC) first. */
const BY_WEIGHT: readonly (readonly [text: string, length: number])[] = [
  ['', 0],
  ['Grüße aus Köln', 14],
  ['Gru\u0308ße aus Ko\u0308ln', 14],
  ['„Brot“ – 2 €', 11 + 2],
  ['a\r\nb', 4],
  ['a\n\nb', 4],
  // Composed it is ạ, outside the ranges, with two marks.
  ['a\u0301\u0323\u0308', 2 + 2],
  ['が', 2],
  ['か\u3099', 2],
  ['\u1112\u1161\u11ab', 2],
  ['한국어', 6],
  ['สวัสดี', 6],
  ['مرحبا', 5],
  ['\u200fمرحبا', 2 + 5],
  ['\u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd', 7],
  ['\u10ff\u1100', 3],
  ['\u2000\u200d\u200e\u200f', 1 + 1 + 2 + 2],
  ['\u2010\u201f\u2020', 4],
  ['\u2032\u2037\u2038', 4],
  ['𠮷野家', 6],
  ['\u{10000}\u{10ffff}', 4],
  ['𝐁𝐫𝐨𝐭', 8],
  ['a\u200bb', 3],
  ['Brot\u00adzeit', 9],
  ['\ufeffa', 3],
  ['₿ ↑ ✓', 2 + 1 + 2 + 1 + 2],
  ['©®', 2],
  ['™', 2],
  ['©\ufe0f', 2],
  ['❤', 2],
  ['❤\ufe0f', 2],
  ['❤\ufe0e', 4],
  ['5#*', 3],
  ['1\ufe0f\u20e3', 2],
  ['1\u20e3', 2],
  ['👍🏽', 2],
  ['🇩🇪', 2],
  ['🇩🇪🇦🇹', 4],
  ['🇩🇪🇦', 4],
  ['👩🏾\u200d⚕\ufe0f', 2],
  ['🏳\ufe0f\u200d🌈', 2],
  // Younger than the emoji of twitter-text 3.1.0, which counts its parts; X says 2 of every emoji.
  ['❤\ufe0f\u200d🔥', 2],
  ['🐱\u200d👤', 2 + 1 + 2],
  ['a\u200db', 3],
  ['\ud83d', 2],
  ['a\ude00b', 4],
  ['Brot 🥖 jetzt', 4 + 1 + 2 + 1 + 5],
  ['🥖bakery.de', 2 + 23],
  ['Brot bei bakery.de/brot?x=1, täglich', 9 + 23 + 9],
  ['hallo@bakery.de', 15],
  ['@mill #Brot $TSLA', 17],
  ['bäckerei.de', 23],
];

export const X_TEXTS: readonly (readonly [text: string, length: number, source: string])[] = [
  ...CONFORMANCE.map(([text, length]) => [text, length, 'twitter-text validate.yml'] as const),
  ...BY_WEIGHT.map(([text, length]) => [text, length, 'twitter-text config/v3.json'] as const),
  ...X_URLS.map(([text, , length]) => [text, length, 'twitter-text extract.yml'] as const),
];
