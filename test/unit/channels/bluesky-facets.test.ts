import { describe, expect, test } from 'vitest';
import { findSpans, mentionedHandles, toFacets } from '../../../shared/channels/bluesky/facets.ts';

const NOBODY = new Map<string, string>();
const MILL = new Map([['mill.example', 'did:plc:mill']]);

/** What each facet's bytes cut out of the text, and what it is. */
const cut = (text: string) =>
  toFacets(text, MILL).map(({ index, features }) => {
    const bytes = Buffer.from(text).subarray(index.byteStart, index.byteEnd);
    return [bytes.toString(), features[0]?.$type.split('#')[1]];
  });

describe('byte offsets', () => {
  test('are those of the text when it is plain ASCII', () => {
    expect(toFacets('See https://a.example now', NOBODY)).toEqual([
      {
        index: { byteStart: 4, byteEnd: 21 },
        features: [{ $type: 'app.bsky.richtext.facet#link', uri: 'https://a.example' }],
      },
    ]);
  });

  test('count every byte of what stands before', () => {
    // 👩‍👩‍👧 is 18 bytes in 8 UTF-16 units, ü 2 bytes, 世 3 bytes
    const [facet] = toFacets('👩‍👩‍👧 ü世 https://a.example', NOBODY);
    expect(facet?.index).toEqual({ byteStart: 18 + 1 + 2 + 3 + 1, byteEnd: 42 });
  });

  test('cut exactly the clickable parts out of the bytes', () => {
    const text = '🥖🥖 Grüße @mill.example: https://a.example/brötchen?x=1#y (#Brötchen) #Brot #世界!';
    expect(cut(text)).toEqual([
      ['@mill.example', 'mention'],
      ['https://a.example/brötchen?x=1#y', 'link'],
      ['#Brot', 'tag'],
      ['#世界', 'tag'],
    ]);
  });
});

describe('mentions', () => {
  test.each([
    ['@mill.example', ['mill.example']],
    ['(@Mill.Example)', ['mill.example']],
    ['ask @mill.example, please', ['mill.example']],
    ['thanks @mill.example.', ['mill.example']],
    ['@mill.example @mill.example', ['mill.example']],
    ['mail me@mill.example', []],
    ['@mill', []],
    ['@user@mill.example', []],
    ['https://a.example/@mill.example', []],
    ['@-mill.example', []],
  ])('of %j are %j', (text, handles) => {
    expect(mentionedHandles(text)).toEqual(handles);
  });

  test('stay plain text when their handle has no DID', () => {
    expect(toFacets('@mill.example', NOBODY)).toEqual([]);
    expect(toFacets('@mill.example', MILL)[0]?.features).toEqual([
      { $type: 'app.bsky.richtext.facet#mention', did: 'did:plc:mill' },
    ]);
  });
});

const STACKED = `a${'\u0301'.repeat(5)}`;

describe('hashtags', () => {
  test.each([
    ['#Brot', ['Brot']],
    ['#Brot, #Brötchen.', ['Brot', 'Brötchen']],
    ['＃パン', ['パン']],
    ['#24h', ['24h']],
    ['#a-b_c', ['a-b_c']],
    ['#2026', []],
    ['# Brot', []],
    ['a#b', []],
    ['#️⃣ keycap', []],
    ['##', []],
    [`#${'a'.repeat(64)}`, ['a'.repeat(64)]],
    [`#${'a'.repeat(65)}`, []],
    // Eleven bytes each: the lexicon takes at most 640, too.
    [`#${STACKED.repeat(58)}`, [STACKED.repeat(58)]],
    [`#${STACKED.repeat(59)}`, []],
    ['https://a.example/#part', []],
  ])('of %j are %j', (text, tags) => {
    expect(findSpans(text).flatMap((span) => (span.kind === 'tag' ? [span.tag] : []))).toEqual(tags);
  });
});
