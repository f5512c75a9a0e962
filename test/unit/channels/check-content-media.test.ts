import { describe, expect, test } from 'vitest';
import { checkContent, withLink } from '../../../shared/channels/check-content.ts';
import type { Limits } from '../../../shared/channels/provider.ts';
import type { Variant } from '../../../shared/domain/content.ts';
import type { Attachment } from '../../../shared/domain/media.ts';
import { graphemes } from '../../../shared/domain/text-count.ts';
import { anAttachment } from '../../support/media.ts';

type MediaLimits = NonNullable<Limits['media']>;
const MEDIA: MediaLimits = {
  least: 0,
  most: 4,
  alt: 20,
  image: {
    types: ['image/jpeg', 'image/png'],
    maxBytes: 1_000_000,
    minWidth: 320,
    maxWidth: 2_000,
    ratio: [0.8, 1.91],
  },
  video: { types: ['video/mp4'], maxBytes: 5_000_000, minSeconds: 3, maxSeconds: 60 },
  document: { types: ['application/pdf'], maxBytes: 1_000_000 },
};

function check(media: readonly Attachment[], over: Partial<MediaLimits> = {}, text = 'Bread') {
  const limits: Limits = { text: 20, unit: 'graphemes', media: { ...MEDIA, ...over } };
  const variant: Variant = { text, media };
  return checkContent({ name: 'Test', limits, countText: graphemes, render: withLink }, variant);
}
const said = (...given: Parameters<typeof check>): string[] =>
  check(...given).map(({ severity, rule, path }) => `${severity} ${rule} ${path}`);

const image = (shape: Parameters<typeof anAttachment>[1] = {}) =>
  anAttachment('a', { alt: 'Bread', ...shape });
const video = (shape: Parameters<typeof anAttachment>[1] = {}) => image({ type: 'video/mp4', ...shape });
const pdf = (shape: Parameters<typeof anAttachment>[1] = {}) => image({ type: 'application/pdf', ...shape });

describe('how many and which together', () => {
  const tooMany = 'error media_too_many /media';
  const mixed = 'error media_mixed /media';
  test.each<[string, Attachment[], Partial<MediaLimits>, string[]]>([
    ['no file', [], {}, []],
    ['as many as are taken', [image(), image(), image(), image()], {}, []],
    ['one too many', [image(), image(), image(), image(), image()], {}, [tooMany]],
    ['too few', [], { least: 1 }, ['error media_too_few /media']],
    ['as few as are needed', [image()], { least: 1 }, []],
    ['two videos', [video(), video()], {}, ['error media_too_many_videos /media']],
    ['two videos where two are taken', [video(), video()], { mostVideos: 2 }, []],
    ['an image and a video', [image(), video()], {}, [mixed]],
    ['an image and a video where they may stand together', [image(), video()], { mixed: true }, []],
    ['an image and a document, whatever may be mixed', [image(), pdf()], { mixed: true }, [mixed]],
    ['two documents', [pdf(), pdf()], {}, [mixed]],
  ])('%s', (_name, media, over, expected) => {
    expect(said(media, over)).toEqual(expected);
  });

  test('a post may be a file alone, but where a file must be, a text is none', () => {
    expect(said([image()], {}, '')).toEqual([]);
    expect(said([], {}, ' ')).toEqual(['error text_empty /text']);
    expect(said([], { least: 1 }, '')).toEqual(['error text_empty /text', 'error media_too_few /media']);
  });

  test('a text beside files may have a limit of its own', () => {
    expect(said([image()], { caption: 5 }, 'x'.repeat(5))).toEqual([]);
    expect(check([image()], { caption: 5 }, 'x'.repeat(6))[0]).toMatchObject({
      rule: 'text_too_long',
      params: { limit: 5 },
    });
    expect(said([], { caption: 5 }, 'x'.repeat(20))).toEqual([]);
  });
});

describe('each file', () => {
  const found = (rule: string) => [`error ${rule} /media/0`];
  test.each<[string, Attachment, string[]]>([
    ['as large as is taken', image({ bytes: 1_000_000 }), []],
    ['one byte larger', image({ bytes: 1_000_001 }), found('media_too_large')],
    ['of another type', image({ type: 'image/webp' }), found('media_type')],
    ['as narrow as is taken', image({ width: 320, height: 320 }), []],
    ['narrower', image({ width: 319, height: 319 }), found('media_too_small')],
    ['as wide as is taken', image({ width: 2_000, height: 2_000 }), []],
    ['wider', image({ width: 2_001, height: 2_000 }), found('media_too_large')],
    ['as tall as is taken', image({ width: 1_080, height: 1_350 }), []],
    ['taller', image({ width: 1_080, height: 1_360 }), found('media_ratio')],
    ['as broad as is taken, to the pixel', image({ width: 1_080, height: 566 }), []],
    ['broader', image({ width: 1_080, height: 550 }), found('media_ratio')],
    ['as short as is taken', video({ durationMs: 3_000 }), []],
    ['shorter', video({ durationMs: 2_999 }), found('media_too_short')],
    ['as long as is taken', video({ durationMs: 60_000 }), []],
    ['longer', video({ durationMs: 60_001 }), found('media_too_long')],
    ['a document', pdf(), []],
    ['without any bytes known', { ...image(), files: [] }, found('media_type')],
  ])('%s', (_name, media, expected) => {
    expect(said([media]).filter((one) => !one.includes('alt'))).toEqual(expected);
  });

  test('is found fault with at its own place', () => {
    expect(said([image(), image({ bytes: 9_999_999 }), image({ type: 'image/gif' })])).toEqual([
      'error media_too_large /media/1',
      'error media_type /media/2',
    ]);
  });

  test('of a kind that the network does not have', () => {
    const { video: _none, ...withoutVideo } = MEDIA;
    const limits: Limits = { text: 20, unit: 'graphemes', media: withoutVideo };
    const rules = { name: 'Test', limits, countText: graphemes, render: withLink };
    expect(checkContent(rules, { text: 'a', media: [video()] })).toMatchObject([
      { rule: 'media_type', path: '/media/0', params: { network: 'Test', type: 'video/mp4' } },
    ]);
  });

  test('is taken when a smaller one was made of it', () => {
    const original = image({ bytes: 9_000_000, width: 6_000, height: 4_500 });
    const [file] = original.files;
    if (file === undefined) return expect.fail('a file is there');
    const large = { ...file, name: 'large', bytes: 900_000, width: 2_000, height: 1_500 } as const;
    expect(said([{ ...original, files: [file, large] }])).toEqual([]);
    expect(said([original])).toEqual(['error media_too_large /media/0']);
  });

  test.each<[Attachment, Partial<MediaLimits>, string]>([
    [image({ bytes: 2_000_000 }), {}, '1 MB, 2000 px'],
    [image({ bytes: 2_000_000 }), { image: { types: ['image/jpeg'], maxBytes: 1_048_576 } }, '1.049 MB'],
    [
      image({ width: 7_000, height: 6_000 }),
      { image: { types: ['image/jpeg'], maxBytes: 1_000_000, maxPixels: 36_152_320 } },
      '1 MB, 36.15 MP',
    ],
    [image({ width: 300, height: 300 }), {}, '320 px'],
    [
      image({ width: 400, height: 200 }),
      { image: { types: ['image/jpeg'], maxBytes: 1_000_000, minWidth: 400, minHeight: 300 } },
      '400 × 300 px',
    ],
    [
      image({ width: 400, height: 3_000 }),
      { image: { types: ['image/jpeg'], maxBytes: 1_000_000, maxWidth: 1_280, maxHeight: 1_080 } },
      '1 MB, 1280 × 1080 px',
    ],
    [image({ width: 1_000, height: 100 }), {}, '0.8:1 – 1.91:1'],
    [image({ type: 'image/gif' }), {}, 'image/jpeg, image/png'],
    [video({ durationMs: 1 }), {}, '3 s'],
    [
      { ...video(), videoCodec: 'av1' },
      { video: { types: ['video/mp4'], maxBytes: 1_000_000, videoCodecs: ['avc', 'hevc', 'vp8'] } },
      'H.264, H.265, VP8',
    ],
    [video({ durationMs: 90_000 }), {}, '60 s'],
  ])('names the limit: %#', (media, over, limit) => {
    expect(check([media], over)[0]?.params.limit).toBe(limit);
  });
});

describe('the alt text', () => {
  const alt = (text: string) => said([image({ alt: text })]);
  test('may be as long as the network takes, by characters', () => {
    expect(alt('x'.repeat(20))).toEqual([]);
    expect(alt('🥖'.repeat(20))).toEqual([]);
    expect(alt('x'.repeat(21))).toEqual(['error alt_too_long /media/0/alt']);
  });

  test('of an image is missed, of a video or a document not', () => {
    expect(alt('')).toEqual(['warning alt_missing /media/0/alt']);
    expect(said([video({ alt: '' })])).toEqual([]);
    expect(said([pdf({ alt: '' })])).toEqual([]);
  });

  test('is of no use where the network has none, and then not missed', () => {
    const { alt: _none, ...withoutAlt } = MEDIA;
    const limits: Limits = { text: 20, unit: 'graphemes', media: withoutAlt };
    const rules = { name: 'Test', limits, countText: graphemes, render: withLink };
    const rulesOf = (media: Attachment) =>
      checkContent(rules, { text: 'a', media: [media] }).map(({ rule }) => rule);
    expect(rulesOf(image())).toEqual(['alt_unsupported']);
    expect(rulesOf(image({ alt: '' }))).toEqual([]);
  });
});
