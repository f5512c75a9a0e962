/**
 * Texts with their lengths in every unit that networks count in, written down from the code points in them: graphemes
 * by Unicode's UAX 29 (extended), code points, UTF-16 units, bytes of UTF-8. Where a text has parts, so have the sums.
 */
export const SAMPLES: readonly (readonly [
  text: string,
  graphemes: number,
  codePoints: number,
  utf16: number,
  utf8: number,
])[] = [
  ['', 0, 0, 0, 0],
  ['Brot', 4, 4, 4, 4],
  ['Frisches Brot ab 7 Uhr.', 23, 23, 23, 23],
  ['Grüße aus Köln', 14, 14, 14, 14 + 3],
  // The same in decomposed form (NFD), as a Mac may write it; ß has none.
  ['Gru\u0308ße aus Ko\u0308ln', 14, 14 + 2, 14 + 2, 14 + 2 * 2 + 1],
  ['„Brot“ – 2 €', 12, 12, 12, 12 + 4 * 2],
  ['10\u00a0€', 4, 4, 4, 2 + 2 + 3],
  ['#Brötchen @mill', 15, 15, 15, 16],
  ['Ⅷ ½ ﬁ', 5, 5, 5, 3 + 1 + 2 + 1 + 3],
  ['a\tb', 3, 3, 3, 3],
  // Lines.
  ['a\nb', 3, 3, 3, 3],
  ['a\n\nb', 4, 4, 4, 4],
  ['a\r\nb', 3, 4, 4, 4],
  // Combining marks.
  ['e\u0301', 1, 2, 2, 3],
  ['a\u0301\u0323\u0308', 1, 4, 4, 1 + 3 * 2],
  ['สวัสดี', 4, 6, 6, 18],
  ['\u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd', 4, 7, 7, 14],
  // From right to left, plain and with a mark that says so.
  ['مرحبا', 5, 5, 5, 10],
  ['\u200fمرحبا', 6, 6, 6, 13],
  ['\u202aabc\u202c', 5, 5, 5, 3 + 2 * 3],
  // East Asia: in the basic plane, beyond it, and a syllable in its letters.
  ['故人西辞黄鹤楼', 7, 7, 7, 21],
  ['のりパン', 4, 4, 4, 12],
  ['한국어', 3, 3, 3, 9],
  ['\u1112\u1161\u11ab', 1, 3, 3, 9],
  ['𠮷野家', 3, 3, 4, 4 + 3 + 3],
  ['が', 1, 1, 1, 3],
  ['か\u3099', 1, 2, 2, 6],
  // What is not seen.
  ['a\u200bb', 3, 3, 3, 5],
  ['a\u200db', 2, 3, 3, 5],
  ['می\u200cخواهم', 7, 8, 8, 7 * 2 + 3],
  ['Brot\u00adzeit', 9, 9, 9, 10],
  ['\ufeffa', 2, 2, 2, 4],
  // Emoji: one character, with a selector, a skin tone, a flag, a keycap, joined.
  ['😀', 1, 1, 2, 4],
  ['❤', 1, 1, 1, 3],
  ['❤\ufe0f', 1, 2, 2, 6],
  ['👍🏽', 1, 2, 4, 8],
  ['🇩🇪', 1, 2, 4, 8],
  ['🇩🇪🇦🇹', 2, 4, 8, 16],
  ['🇩🇪🇦', 2, 3, 6, 12],
  ['1\ufe0f\u20e3', 1, 3, 3, 1 + 3 + 3],
  ['👨\u200d👩\u200d👧\u200d👦', 1, 7, 4 * 2 + 3, 4 * 4 + 3 * 3],
  ['👩🏾\u200d⚕\ufe0f', 1, 5, 2 * 2 + 3, 2 * 4 + 3 * 3],
  ['❤\ufe0f\u200d🔥', 1, 4, 5, 3 * 3 + 4],
  ['🏳\ufe0f\u200d🌈', 1, 4, 6, 4 + 3 + 3 + 4],
  ['🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}', 1, 7, 14, 28],
  ['a~öñ©⽘☎𓋓😀👨\u200d👩\u200d👧\u200d👧', 10, 9 + 7, 7 + 2 + 2 + 11, 2 + 3 * 2 + 2 * 3 + 2 * 4 + 25],
  ['𝐁𝐫𝐨𝐭', 4, 4, 8, 16],
  // Halves of characters, as a careless cut leaves them; each goes out as U+FFFD, three bytes.
  ['\ud83d', 1, 1, 1, 3],
  ['a\ude00b', 3, 3, 3, 5],
  ['\ude00\ud83d', 2, 2, 2, 6],
];
