type Texts = readonly (readonly [text: string, count: number, source: string])[];

const long = (start: string, length: number): string => start + 'x'.repeat(length - start.length);
const FAMILY = '👨\u200d👩\u200d👧\u200d👦';

const THREADS = 'developers.facebook.com/docs/threads/posts: 500 characters, an emoji as its UTF-8 bytes';
/** Characters one each, whatever their script; bytes of emoji written out. */
export const THREADS_TEXTS: Texts = [
  ['Brot', 4, THREADS],
  ['Grüße aus Köln', 14, THREADS],
  ['Gru\u0308ße', 6, THREADS],
  ['故人西辞黄鹤楼', 7, THREADS],
  ['𠮷野家', 3, THREADS],
  ['𝐁𝐫𝐨𝐭', 4, THREADS],
  ['مرحبا', 5, THREADS],
  ['สวัสดี', 6, THREADS],
  ['한국어', 3, THREADS],
  ['a\r\nb', 4, THREADS],
  ['10\u00a0€', 4, THREADS],
  ['©®™', 3, THREADS],
  ['5#*', 3, THREADS],
  ['😀', 4, THREADS],
  ['Brot 🥖!', 5 + 4 + 1, THREADS],
  ['🥖🥖🥖', 12, THREADS],
  ['❤\ufe0f', 6, THREADS],
  ['❤', 3, THREADS],
  ['☕', 3, THREADS],
  ['©\ufe0f', 2 + 3, THREADS],
  ['👍🏽', 8, THREADS],
  ['🇩🇪', 8, THREADS],
  ['🇩🇪🇦🇹', 16, THREADS],
  ['1\ufe0f\u20e3', 7, THREADS],
  [FAMILY, 25, THREADS],
  [`a${FAMILY}b`, 27, THREADS],
  ['👩🏾\u200d⚕\ufe0f', 17, THREADS],
  ['🏳\ufe0f\u200d🌈', 14, THREADS],
  ['❤\ufe0f\u200d🔥', 13, THREADS],
  ['🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}', 28, THREADS],
  ['\ud83d', 1, THREADS],
  ['a\u200bb', 3, THREADS],
  ['https://bakery.example/brot?x=1', 31, THREADS],
  ['@mill #brot', 11, THREADS],
  ['😀'.repeat(125), 500, THREADS],
];

const VALIDATOR = 'mastodon/mastodon spec/validators/status_length_validator_spec.rb (AGPL: facts only)';
const POSTING = 'docs.joinmastodon.org/user/posting/#text';
export const MASTODON_TEXTS: Texts = [
  [`${'a'.repeat(476)} http://${'b'.repeat(30)}.com/example`, 500, VALIDATOR],
  [`${'a'.repeat(475)} @alice@${'b'.repeat(30)}.com`, 482, VALIDATOR],
  [`${'a'.repeat(476)}http://${'b'.repeat(30)}.com/example`, 476 + 7 + 30 + 12, VALIDATOR],
  ['✨'.repeat(500), 500, VALIDATOR],
  ['🏳\ufe0f\u200d⚧\ufe0f'.repeat(500), 500, VALIDATOR],
  ['a'.repeat(520), 520, VALIDATOR],
  ['https://a.co', 23, POSTING],
  [long('https://bakery.example/', 300), 23, POSTING],
  ['http://bakery.example', 23, POSTING],
  ['HTTPS://BAKERY.EXAMPLE/', 23, POSTING],
  ['Siehe https://bakery.example/brot.', 6 + 23 + 1, POSTING],
  ['(https://bakery.example/brot)', 1 + 23 + 1, POSTING],
  ['https://bakery.example/brot_(roggen)', 23, POSTING],
  ['https://bakery.example/?a=b&c=d#e und', 23 + 4, POSTING],
  ['https://a.example https://b.example', 47, POSTING],
  ['https://a.example\nhttps://b.example', 47, POSTING],
  ['https://bücher.example/ß', 23, POSTING],
  ['bakery.example', 14, POSTING],
  ['ftp://bakery.example', 20, POSTING],
  ['@mill', 5, POSTING],
  ['@mill@grain.example', 5, POSTING],
  ['@mill@grain.example: danke', 5 + 7, POSTING],
  ['@mill@grain.example @oven@bread.example', 5 + 1 + 5, POSTING],
  ['(@mill@grain.example)', 7, POSTING],
  ['@mill_1@sub.grain.example', 7, POSTING],
  ['me@grain.example', 16, POSTING],
  ['https://grain.example/@mill', 23, POSTING],
  ['#Brot #Brötchen', 15, POSTING],
  ['🥖 https://a.example @mill@grain.example', 1 + 1 + 23 + 1 + 5, POSTING],
];

const LITTLE =
  'learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/little-text-format; UTF-16 units';
export const LINKEDIN_TEXTS: Texts = [
  ['Hello World', 11, LITTLE],
  ['Hello @[Acme Corp](urn:li:organization:1234)', 6 + 9, LITTLE],
  ['@[Eddy](urn:li:person:1234)', 4, LITTLE],
  ['@[Devtestco](urn:li:organization:2414183)', 9, LITTLE],
  ['@[Eddy](urn:li:person:a_B-1) und @[Acme](urn:li:organization:1)', 4 + 5 + 4, LITTLE],
  ['@[Bäcker 🥖](urn:li:organization:1)', 7 + 2, LITTLE],
  ['@[A (B)](urn:li:organization:1)', 5, LITTLE],
  ['@[Eddy](urn:li:share:1)', 23, LITTLE],
  ['@[Eddy] (urn:li:person:1)', 25, LITTLE],
  ['@Eddy', 5, LITTLE],
  ['#hashtag', 8, LITTLE],
  ['#zwei_worte', 11, LITTLE],
  ['C# und #1', 9, LITTLE],
  ['(a) [b] {c} <d> *e* _f_ ~g~ |h| \\i @j', 37, LITTLE],
  ['\\(', 2, LITTLE],
  ['https://bakery.example/a_b#c', 28, LITTLE],
  ['𝐁𝐫𝐨𝐭', 8, LITTLE],
  [FAMILY, 11, LITTLE],
  ['👍🏽', 4, LITTLE],
  ['a\n\nb', 4, LITTLE],
  ['故人西辞', 4, LITTLE],
  ['{hashtag|\\#|brot}', 17, LITTLE],
];

const ATPROTO = 'bluesky-social/atproto packages/common-web/tests/strings.test.ts (MIT, Apache-2.0)';
const POST_LEXICON = 'lexicon app.bsky.feed.post: maxGraphemes 300';
export const BLUESKY_TEXTS: Texts = [
  ...['a', '~', 'ö', 'ñ', '©', '⽘', '☎', '𓋓', '👨\u200d👩\u200d👧\u200d👧'].map(
    (text) => [text, 1, ATPROTO] as const,
  ),
  ['https://bakery.example/brot?x=1', 31, POST_LEXICON],
  ['@mill.example', 13, POST_LEXICON],
  [FAMILY.repeat(300), 300, POST_LEXICON],
  ['e\u0301'.repeat(300), 300, POST_LEXICON],
  ['🇩🇪'.repeat(150), 150, POST_LEXICON],
];
