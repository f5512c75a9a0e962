import sharp, { type Exif } from 'sharp';
import { expect, test } from 'vitest';
import { hasLocation, hasXmpLocation } from '../../../../shared/adapters/media/exif-location.ts';

const exifOf = async (exif: Exif): Promise<Buffer | undefined> => {
  const image = sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } });
  return (await sharp(await image.withExif(exif).jpeg().toBuffer()).metadata()).exif;
};

test('a photo with a position says where it was taken', async () => {
  const place = { GPSLatitudeRef: 'N', GPSLatitude: '52/1 31/1 12/1' };
  expect(hasLocation(await exifOf({ IFD0: { Make: 'Camera' }, IFD3: place }))).toBe(true);
});

test('one with other metadata, or none, does not', async () => {
  expect(hasLocation(await exifOf({ IFD0: { Make: 'Camera' } }))).toBe(false);
  expect(hasLocation(await exifOf({ IFD0: { Make: 'Camera' }, IFD3: { GPSDateStamp: '2026:11:22' } }))).toBe(
    false,
  );
  expect(hasLocation(undefined)).toBe(false);
});

test.each([
  ['an attribute', '<rdf:Description exif:GPSLatitude="52,31.2N" exif:GPSLongitude="13,24.3E"/>', true],
  ['an element', '<exif:GPSLatitude>52,31.2N</exif:GPSLatitude>', true],
  ['other words only', '<rdf:Description photoshop:City="Berlin" exif:GPSDestLatitude="1,0N"/>', false],
  ['nothing', '', false],
])('an XMP packet with %s: %j is located %j', (_, xmp, located) => {
  expect(hasXmpLocation(Buffer.from(xmp))).toBe(located);
  expect(hasXmpLocation(undefined)).toBe(false);
});

test('a block that is cut off or no block at all says nothing, and breaks nothing', async () => {
  const whole = (await exifOf({ IFD3: { GPSLatitude: '52/1 31/1 12/1' } })) ?? Buffer.alloc(0);
  for (let length = 0; length < 20; length++) expect(hasLocation(whole.subarray(0, length))).toBe(false);
  expect(hasLocation(Buffer.from('not a block'))).toBe(false);
});
