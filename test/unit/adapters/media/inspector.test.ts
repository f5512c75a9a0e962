import sharp, { type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { mediaInspector } from '../../../../shared/adapters/media/inspector.ts';
import { type MediaFile, type MediaType, mediaPath } from '../../../../shared/domain/media.ts';
import type { Bucket, Inspected } from '../../../../shared/ports.ts';
import { anId } from '../../../support/builders.ts';
import { aMedia } from '../../../support/media.ts';
import { clearPng, gif, jpeg, pdf, pngClaiming, video, webp } from '../../../support/media-bytes.ts';
import { memoryBucket } from '../../../support/memory-bucket.ts';

const DAMAGED = { refused: 'the file is damaged or cut off' };

async function inspected(bytes: Uint8Array, type: MediaType) {
  const bucket = memoryBucket();
  const { media, original } = await uploaded(bucket, bytes, type);
  return { bucket, found: await mediaInspector(bucket).inspect(media, original) };
}

async function uploaded(bucket: Bucket, bytes: Uint8Array, type: MediaType) {
  const media = aMedia('it', { agencyId: anId('agy'), brandId: anId('brd'), state: 'waiting', files: [] });
  const path = mediaPath(media, 'original', type);
  await bucket.put(path, { type, bytes });
  const original: MediaFile = { name: 'original', path, type, bytes: bytes.length };
  return { media, original };
}

const filesOf = (found: Inspected): readonly MediaFile[] => ('files' in found ? found.files : []);

describe('an image', () => {
  test('is measured, and two smaller JPEGs of it lie in the bucket', async () => {
    const { bucket, found } = await inspected(await jpeg({ width: 3_000, height: 1_000 }), 'image/jpeg');
    expect(filesOf(found)).toMatchObject([
      { name: 'original', type: 'image/jpeg', width: 3_000, height: 1_000 },
      { name: 'large', type: 'image/jpeg', width: 2_048, height: 683 },
      { name: 'small', type: 'image/jpeg', width: 1_440, height: 480 },
    ]);
    for (const file of filesOf(found)) {
      expect(file).not.toHaveProperty('turned');
      expect(file).not.toHaveProperty('frames');
      const stored = bucket.files.get(file.path);
      expect(stored).toHaveLength(file.bytes);
      expect(await sharp(stored).metadata()).toMatchObject({ width: file.width, height: file.height });
    }
  });

  test('keeps within the bytes of each, however badly it compresses', async () => {
    const { found } = await inspected(await jpeg({ width: 2_600, height: 2_600 }), 'image/jpeg');
    const [, large, small] = filesOf(found);
    expect(large?.bytes).toBeLessThanOrEqual(4_000_000);
    expect(small?.bytes).toBeLessThanOrEqual(976_000);
    expect(small?.width).toBeGreaterThan(800);
  });

  test('is not enlarged', async () => {
    const { found } = await inspected(await webp({ width: 120, height: 80 }), 'image/webp');
    expect(filesOf(found).map(({ width, height }) => [width, height])).toEqual([
      [120, 80],
      [120, 80],
      [120, 80],
    ]);
  });

  test('that lies on its side is measured and shown upright, and nobody learns where it was taken', async () => {
    const photo = await jpeg({ width: 300, height: 200, turned: true, gps: true });
    expect((await sharp(photo).metadata()).exif).toBeDefined();
    const { bucket, found } = await inspected(photo, 'image/jpeg');
    const [original, ...smaller] = filesOf(found);
    expect(original).toMatchObject({ width: 200, height: 300, turned: true });
    expect(smaller).toHaveLength(2);
    for (const { path } of smaller) {
      const { width, height, exif, orientation } = await sharp(bucket.files.get(path)).metadata();
      expect({ width, height, exif, orientation }).toEqual({ width: 200, height: 300 });
    }
  });

  test.each([
    ['image/png', (image: Sharp) => image.png()],
    ['image/webp', (image: Sharp) => image.webp()],
  ] as const)('of type %s whose XMP alone says where it was taken is known to say so', async (type, turn) => {
    const xmp = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><r exif:GPSLatitude="52,31.2N"/></x:xmpmeta>';
    const photo = await turn(sharp(await jpeg()).withXmp(xmp)).toBuffer();
    const { bucket, found } = await inspected(photo, type);
    const [original, large] = filesOf(found);
    expect(original).toMatchObject({ located: true });
    expect((await sharp(bucket.files.get(large?.path ?? '')).metadata()).xmp).toBeUndefined();
  });

  test('shows white where it was transparent', async () => {
    const { bucket, found } = await inspected(await clearPng(), 'image/png');
    const { dominant } = await sharp(bucket.files.get(filesOf(found)[1]?.path ?? '')).stats();
    expect(Math.min(dominant.r, dominant.g, dominant.b)).toBeGreaterThan(240);
  });

  test.each([
    ['grey', (image: Sharp) => image.toColourspace('b-w')],
    ['of 16 bits', (image: Sharp) => image.toColourspace('rgb16')],
  ])('may be %s', async (_, turn) => {
    const png = await turn(sharp(await jpeg()))
      .png()
      .toBuffer();
    const { bucket, found } = await inspected(png, 'image/png');
    const { space, depth, width } = await sharp(bucket.files.get(filesOf(found)[1]?.path ?? '')).metadata();
    expect(space).toBeOneOf(['srgb', 'b-w']);
    expect({ depth, width }).toEqual({ depth: 'uchar', width: 300 });
  });

  test('that moves is left as it is', async () => {
    const { found } = await inspected(await gif(3), 'image/gif');
    expect(filesOf(found)).toMatchObject([{ name: 'original', width: 32, height: 16, frames: 3 }]);
  });

  test('as GIF of one picture gets its JPEGs, too', async () => {
    const { found } = await inspected(await gif(1), 'image/gif');
    expect(filesOf(found)).toHaveLength(3);
  });

  test('that claims more pixels than there is memory for is refused before any is made', async () => {
    const { found, bucket } = await inspected(await pngClaiming(60_000, 60_000), 'image/png');
    expect(found).toEqual({ refused: 'the image has more than 100 million pixels' });
    expect(bucket.files.size).toBe(1);
  });

  test.each([
    ['JPEG', 'image/jpeg', () => jpeg()],
    [
      'PNG',
      'image/png',
      async () =>
        sharp(await jpeg())
          .png()
          .toBuffer(),
    ],
    ['WebP', 'image/webp', () => webp()],
    ['moving GIF', 'image/gif', () => gif(3)],
  ] as const)('as %s that is cut off is refused', async (_, type, make) => {
    const whole = await make();
    const { found } = await inspected(whole.subarray(0, type === 'image/gif' ? 40 : whole.length / 2), type);
    expect(found).toEqual(DAMAGED);
  });

  test('that moves and ends in one of its later pictures is refused', async () => {
    const whole = await gif(3);
    for (const length of [whole.length - 2, whole.length - 30]) {
      const { found } = await inspected(whole.subarray(0, length), 'image/gif');
      expect(found).toEqual(DAMAGED);
    }
  });

  test('that moves and lacks nothing but its last byte is taken, and so is one with something behind it', async () => {
    const whole = await gif(3);
    const longer = Buffer.concat([whole.subarray(0, -1), Buffer.from([0, 0, 7])]);
    for (const bytes of [whole.subarray(0, -1), longer]) {
      expect(filesOf((await inspected(bytes, 'image/gif')).found)).toHaveLength(1);
    }
  });

  test('looked at twice gives the same', async () => {
    const bucket = memoryBucket();
    const { media, original } = await uploaded(bucket, await jpeg(), 'image/jpeg');
    const inspector = mediaInspector(bucket);
    expect(await inspector.inspect(media, original)).toEqual(await inspector.inspect(media, original));
    expect(bucket.files.size).toBe(3);
  });
});

describe('a video', () => {
  test('tells how long it is, how large it is shown and what it is coded with', async () => {
    const { found } = await inspected(await video('mp4'), 'video/mp4');
    expect(found).toMatchObject({
      files: [{ name: 'original', width: 320, height: 180 }],
      durationMs: 2_000,
      videoCodec: 'avc',
      audioCodec: 'opus',
    });
  });

  test('that was filmed upright is as high as it is shown', async () => {
    const { found } = await inspected(await video('mp4', { rotation: 90, sound: false }), 'video/mp4');
    expect(filesOf(found)).toMatchObject([{ width: 180, height: 320 }]);
    expect(found).not.toHaveProperty('audioCodec');
  });

  test('may be WebM', async () => {
    const { found } = await inspected(await video('webm', { seconds: 3 }), 'video/webm');
    expect(found).toMatchObject({ durationMs: 3_000, videoCodec: 'vp9' });
  });

  test('is read only in part', async () => {
    const bucket = memoryBucket();
    const whole = await video('mp4', { seconds: 4_000 });
    const { media, original } = await uploaded(bucket, whole, 'video/mp4');
    let longest = 0;
    const counting: Bucket = {
      ...bucket,
      read: (path, range = { from: 0, to: whole.length }) => {
        longest = Math.max(longest, range.to - range.from);
        return bucket.read(path, range);
      },
    };
    const found = await mediaInspector(counting).inspect(media, original);
    expect(found).toMatchObject({ durationMs: 4_000_000 });
    expect(longest).toBeLessThan(whole.length / 2);
  });

  test.each(['mp4', 'webm'] as const)('as %s that is cut off is refused', async (container) => {
    const whole = await video(container, { seconds: 20 });
    const { found } = await inspected(whole.subarray(0, whole.length * 0.6), `video/${container}`);
    expect(found).toEqual(DAMAGED);
  });

  test('is not refused when it is the bucket that fails', async () => {
    const bucket = memoryBucket();
    const { media, original } = await uploaded(bucket, await video('mp4'), 'video/mp4');
    let reads = 0;
    const failing: Bucket = {
      ...bucket,
      read: (path, range) => {
        reads++;
        if (reads > 1) throw new Error('S3 is away');
        return bucket.read(path, range);
      },
    };
    await expect(mediaInspector(failing).inspect(media, original)).rejects.toThrow('S3 is away');
  });
});

describe('a file', () => {
  test('that is a PDF is taken as it is', async () => {
    const { found } = await inspected(pdf(), 'application/pdf');
    expect(found).toMatchObject({ files: [{ name: 'original', bytes: pdf().length }] });
    expect(filesOf(found)[0]).not.toHaveProperty('width');
  });

  test('of another type than was said is refused, and it is said what it is', async () => {
    const { found } = await inspected(await clearPng(), 'image/jpeg');
    expect(found).toEqual({ refused: 'the bytes are image/png, not image/jpeg' });
  });

  test('of no type at all is refused', async () => {
    const { found } = await inspected(Buffer.from('<script>alert(1)</script>'), 'image/png');
    expect(found).toEqual({ refused: 'the bytes are of no known type' });
  });
});
