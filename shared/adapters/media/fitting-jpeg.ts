import sharp, { type OutputInfo } from 'sharp';

/** Decoded pixels, and how they lie. */
export type Pixels = { readonly data: Buffer; readonly info: OutputInfo };
export type Jpeg = { readonly data: Buffer; readonly width: number; readonly height: number };

/** From what nobody tells from the original, to what is still worth looking at. */
const QUALITIES = [88, 80, 70, 60, 45] as const;
/** Where even the lowest does not fit, the image is made smaller by this. */
const SMALLER = 0.75;

/** The best JPEG of at most so many pixels a side and so many bytes; never larger than the pixels are. */
export async function fittingJpeg(
  { data, info }: Pixels,
  { side, bytes }: { side: number; bytes: number },
): Promise<Jpeg> {
  const { width, height, channels } = info;
  const resized = sharp(data, { raw: { width, height, channels } }).resize(side, side, {
    fit: 'inside',
    withoutEnlargement: true,
  });
  for (const quality of QUALITIES) {
    const jpeg = await resized.clone().jpeg({ quality }).toBuffer({ resolveWithObject: true });
    if (jpeg.data.length <= bytes)
      return { data: jpeg.data, width: jpeg.info.width, height: jpeg.info.height };
  }
  const least = Math.floor(Math.min(side, Math.max(width, height)) * SMALLER);
  return fittingJpeg({ data, info }, { side: Math.max(1, least), bytes });
}
