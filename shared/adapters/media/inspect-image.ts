import sharp, { type Metadata, type Sharp, type SharpOptions } from 'sharp';
import { type Media, type MediaFile, mediaPath } from '../../domain/media.ts';
import type { Bucket, Inspected } from '../../ports.ts';
import { hasLocation, hasXmpLocation } from './exif-location.ts';
import { fittingJpeg } from './fitting-jpeg.ts';
import { isWholeGif } from './whole-gif.ts';

/** Against decompression bombs: a few KB can claim more pixels than there is memory for. */
const MOST_PIXELS = 100_000_000;
const DAMAGED: Inspected = { refused: 'the file is damaged or cut off' };

/**
 * Measures an image as it is seen, turned upright, and decodes it whole. Of a still one it puts the smaller JPEGs
 * into the bucket, without the metadata of the original: where it was taken is nobody's business.
 */
export async function inspectImage(bucket: Bucket, media: Media, original: MediaFile): Promise<Inspected> {
  const bytes = Buffer.alloc(original.bytes);
  let length = 0;
  for await (const chunk of bucket.read(original.path, { from: 0, to: original.bytes })) {
    bytes.set(chunk, length);
    length += chunk.length;
  }
  const facts = await told(sharp(bytes, READING).metadata());
  if (facts === undefined || (facts.format === 'gif' && !isWholeGif(bytes))) return DAMAGED;
  const { width, height } = facts.autoOrient;
  if (width * height > MOST_PIXELS) return { refused: TOO_MANY_PIXELS };
  const measured: MediaFile = {
    ...original,
    width,
    height,
    ...(hasLocation(facts.exif) || hasXmpLocation(facts.xmp) ? { located: true } : {}),
    ...((facts.orientation ?? UPRIGHT) === UPRIGHT ? {} : { turned: true }),
  };
  if (isMoving(facts)) {
    const first = await told(sharp(bytes, READING).resize(64).raw().toBuffer());
    return first ? { files: [{ ...measured, frames: facts.pages ?? 1 }] } : DAMAGED;
  }
  const large = await told(upright(bytes).raw().toBuffer({ resolveWithObject: true }));
  if (large === undefined) return DAMAGED;
  const made: MediaFile[] = [];
  for (const rendition of RENDITIONS) {
    const jpeg = await fittingJpeg(large, rendition);
    const path = mediaPath(media, rendition.name, 'image/jpeg');
    await bucket.put(path, { type: 'image/jpeg', bytes: jpeg.data });
    const size = { bytes: jpeg.data.length, width: jpeg.width, height: jpeg.height };
    made.push({ name: rendition.name, path, type: 'image/jpeg', ...size });
  }
  return { files: [measured, ...made] };
}

/** Widest and highest side in pixels, and most bytes: what Instagram and Bluesky take, with some room. */
const RENDITIONS = [
  { name: 'large', side: 2_048, bytes: 4_000_000 },
  { name: 'small', side: 1_440, bytes: 976_000 },
] as const;
const TOO_MANY_PIXELS = 'the image has more than 100 million pixels';

const READING: SharpOptions = { limitInputPixels: false, failOn: 'error' };

/** Of EXIF's eight ways in which pixels may lie. */
const UPRIGHT = 1;

/** GIF and WebP; of an animated PNG the first picture is all that is read. */
const isMoving = ({ pages = 1 }: Metadata): boolean => pages > 1;

/** On white, in sRGB, no side longer than the largest rendition's. */
function upright(bytes: Buffer): Sharp {
  const [{ side }] = RENDITIONS;
  return sharp(bytes, READING)
    .autoOrient()
    .resize(side, side, { fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb');
}

/** Undefined when the library cannot read the image. */
async function told<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  try {
    return await reading;
  } catch {
    return undefined;
  }
}
