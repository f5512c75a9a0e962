import { describe, expect, test } from 'vitest';
import {
  type FileLimits,
  fileFor,
  fileNameFor,
  kindOf,
  MEDIA_TYPES,
  type MediaFile,
  type MediaType,
  mediaInput,
  mediaPath,
} from '../../../shared/domain/media.ts';
import { anId } from '../../support/builders.ts';

const file = (
  name: MediaFile['name'],
  type: MediaType,
  bytes: number,
  [width, height]: readonly [number, number] = [1_200, 900],
): MediaFile => ({ name, path: name, type, bytes, width, height });

const PHOTO = [
  file('original', 'image/png', 9_000_000, [4_000, 3_000]),
  file('large', 'image/jpeg', 3_000_000, [2_048, 1_536]),
  file('small', 'image/jpeg', 900_000, [1_440, 1_080]),
];
const JPEGS: FileLimits = { types: ['image/jpeg'], maxBytes: 8_000_000 };
const IMAGES: FileLimits = { types: ['image/jpeg', 'image/png'], maxBytes: 10_000_000 };

const chosen = (files: readonly MediaFile[], limits: FileLimits, durationMs?: number): string => {
  const found = fileFor({ files, ...(durationMs === undefined ? {} : { durationMs }) }, limits);
  return typeof found === 'string' ? found : found.name;
};

describe('the file for a network', () => {
  test.each<[string, FileLimits, string]>([
    ['the original where it is taken', IMAGES, 'original'],
    ['a JPEG where PNG is not taken', JPEGS, 'large'],
    ['a smaller one where the bytes are few', { ...IMAGES, maxBytes: 1_000_000 }, 'small'],
    ['a smaller one where the sides are short', { ...IMAGES, maxWidth: 1_440 }, 'small'],
    ['a smaller one where the pixels are few', { ...IMAGES, maxPixels: 4_000_000 }, 'large'],
    ['none where even the smallest is too large', { ...IMAGES, maxBytes: 800_000 }, 'media_too_large'],
    ['none where it would have to be wider', { ...IMAGES, minWidth: 5_000 }, 'media_too_small'],
    ['none where it would have to be higher', { ...IMAGES, minHeight: 3_001 }, 'media_too_small'],
    ['a smaller one where it may not be as high', { ...IMAGES, maxHeight: 1_536 }, 'large'],
    ['none where images are not taken', { ...IMAGES, types: ['video/mp4'] }, 'media_type'],
    ['none in another shape', { ...IMAGES, ratio: [0.5, 1] }, 'media_ratio'],
  ])('is %s', (_, limits, expected) => {
    expect(chosen(PHOTO, limits)).toBe(expected);
  });

  test('is a JPEG without metadata where the photo says where it was taken, unless none is taken', () => {
    const [original, ...smaller] = PHOTO;
    const located = original ? [{ ...original, located: true as const }, ...smaller] : [];
    expect(chosen(located, IMAGES)).toBe('large');
    expect(chosen(located, { ...IMAGES, maxBytes: 1_000_000 })).toBe('small');
    expect(chosen(located, { ...IMAGES, types: ['image/png'] })).toBe('original');
    expect(chosen(located, { ...IMAGES, maxBytes: 800_000 })).toBe('media_too_large');
  });

  test('is an upright JPEG where the photo lies on its side and the network would show it so', () => {
    const [original, ...smaller] = PHOTO;
    const turned = original ? [{ ...original, turned: true as const }, ...smaller] : [];
    expect(chosen(turned, { ...IMAGES, upright: true })).toBe('large');
    expect(chosen(turned, IMAGES)).toBe('original');
    expect(chosen(PHOTO, { ...IMAGES, upright: true })).toBe('original');
  });

  test('is a JPEG where a flat drawing has fewer bytes than the network wants', () => {
    const drawing = [file('original', 'image/png', 9_000), file('large', 'image/jpeg', 30_000)];
    expect(chosen(drawing, { ...IMAGES, minBytes: 10_240 })).toBe('large');
    expect(chosen(drawing.slice(0, 1), { ...IMAGES, minBytes: 10_240 })).toBe('media_too_few_bytes');
  });

  test('is not refused for less than a pixel of its shape', () => {
    const limits: FileLimits = { ...IMAGES, ratio: [0.8, 1.91] };
    expect(chosen([file('original', 'image/jpeg', 1, [1_080, 566])], limits)).toBe('original');
    expect(chosen([file('original', 'image/jpeg', 1, [1_080, 1_350])], limits)).toBe('original');
    expect(chosen([file('original', 'image/jpeg', 1, [1_080, 1_400])], limits)).toBe('media_ratio');
  });

  test.each([
    [2_999, 'media_too_short'],
    [3_000, 'original'],
    [60_000, 'original'],
    [60_001, 'media_too_long'],
  ])('of a video of %d ms that may last 3 to 60 s is %s', (durationMs, expected) => {
    const limits: FileLimits = { types: ['video/mp4'], maxBytes: 100, minSeconds: 3, maxSeconds: 60 };
    expect(chosen([file('original', 'video/mp4', 100)], limits, durationMs)).toBe(expected);
  });

  test('of a video is none where it is coded otherwise; of a coding that nobody can name nothing is said', () => {
    const limits: FileLimits = { types: ['video/mp4'], maxBytes: 100, videoCodecs: ['avc', 'hevc'] };
    const files = [file('original', 'video/mp4', 100)];
    expect(fileFor({ files, videoCodec: 'av1' }, limits)).toBe('media_codec');
    expect(fileFor({ files, videoCodec: 'hevc' }, limits)).toBe(files[0]);
    expect(fileFor({ files }, limits)).toBe(files[0]);
  });

  test('that moves is none where it has more pictures than are taken, or more pixels in all of them', () => {
    const moving = { ...file('original', 'image/gif', 100, [1_000, 1_000]), frames: 300 };
    const limits: FileLimits = { types: ['image/gif'], maxBytes: 100 };
    expect(chosen([moving], limits)).toBe('original');
    expect(chosen([moving], { ...limits, maxFrames: 300, maxFramePixels: 300_000_000 })).toBe('original');
    expect(chosen([moving], { ...limits, maxFrames: 299 })).toBe('media_frames');
    expect(chosen([moving], { ...limits, maxFramePixels: 299_999_999 })).toBe('media_frames');
    expect(chosen([file('original', 'image/gif', 100)], { ...limits, maxFrames: 1 })).toBe('original');
  });

  test('without pixels, as a document is, is held against type and bytes only', () => {
    const document: MediaFile = { name: 'original', path: 'p', type: 'application/pdf', bytes: 10 };
    const limits: FileLimits = { types: ['application/pdf'], maxBytes: 10, minWidth: 100, ratio: [1, 1] };
    expect(chosen([document], limits)).toBe('original');
    expect(chosen([document], { ...limits, maxBytes: 9 })).toBe('media_too_large');
  });

  test('is none while nothing has come', () => {
    expect(chosen([], IMAGES)).toBe('media_type');
  });
});

describe('the path of a file', () => {
  const media = { agencyId: anId('agy'), brandId: anId('brd'), id: anId('med') };

  test('names agency, brand, media and file, and ends like its type', () => {
    expect(mediaPath(media, 'large', 'image/jpeg')).toBe(
      `${media.agencyId}/${media.brandId}/${media.id}/large.jpg`,
    );
  });

  test.each(MEDIA_TYPES)('is its own for %s', (type) => {
    const paths = MEDIA_TYPES.map((one) => mediaPath(media, 'original', one));
    expect(paths.filter((path) => path === mediaPath(media, 'original', type))).toHaveLength(1);
    expect(mediaPath(media, 'original', type)).toMatch(/^[a-z0-9_/]+\.[a-z0-9]+$/);
  });
});

test.each<[string, MediaFile['name'], MediaType, string]>([
  ['loaf.jpg', 'original', 'image/jpeg', 'loaf.jpg'],
  ['Loaf.JPEG', 'original', 'image/jpeg', 'Loaf.JPEG'],
  ['clip.m4v', 'original', 'video/mp4', 'clip.m4v'],
  ['loaf', 'original', 'image/png', 'loaf.png'],
  ['IMG_1.HEIC', 'original', 'image/jpeg', 'IMG_1.jpg'],
  ['Plan No. 7 final', 'original', 'application/pdf', 'Plan No. 7 final.pdf'],
  ['.png', 'original', 'image/png', '.png'],
  ['logo.png', 'large', 'image/jpeg', 'logo.jpg'],
  ['photo.jpeg', 'small', 'image/jpeg', 'photo.jpeg'],
])('a file called %s goes out, as its %s of type %s, as %s', (fileName, name, type, expected) => {
  expect(fileNameFor({ fileName }, { name, path: 'p', type, bytes: 1 })).toBe(expected);
});

test.each([
  ['image/gif', 'image'],
  ['video/quicktime', 'video'],
  ['application/pdf', 'document'],
] as const)('%s is of the kind %s', (type, kind) => {
  expect(kindOf(type)).toBe(kind);
});

test('a SHA-256 is told in lower-case hexadecimal', () => {
  const said = { fileName: 'a.png', type: 'image/png', bytes: 1, sha256: 'ab'.repeat(32) };
  expect(mediaInput.safeParse(said).success).toBe(true);
  expect(mediaInput.safeParse({ ...said, sha256: 'AB'.repeat(32) }).success).toBe(false);
  expect(mediaInput.safeParse({ ...said, sha256: 'ab'.repeat(31) }).success).toBe(false);
});
