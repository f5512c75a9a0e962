const GPS_POINTER = 0x8825;
const GPS_LATITUDE = 2;
const ENTRY_BYTES = 12;

/**
 * Does an image's XMP packet say where it was taken? PNG and WebP that image editors export often have no EXIF, but
 * its properties in here: https://developer.adobe.com/xmp/docs/XMPNamespaces/exif/
 */
export const hasXmpLocation = (xmp: Buffer | undefined): boolean =>
  xmp !== undefined && /\bGPSLatitude\b/.test(xmp.toString('utf8'));

/**
 * Does an image's EXIF block say where it was taken? Reads the first directory and the GPS directory that it points
 * to, as https://www.cipa.jp/std/documents/download_e.html?DC-008-Translation-2023-E lays them out; a block that
 * cannot be read says nothing.
 */
export function hasLocation(exif: Buffer | undefined): boolean {
  if (exif === undefined) return false;
  // Some readers leave the marker on.
  const tiff = exif.subarray(exif.toString('latin1', 0, 4) === 'Exif' ? 6 : 0);
  const order = tiff.toString('latin1', 0, 2);
  if (order !== 'II' && order !== 'MM') return false;
  const little = order === 'II';
  const u16 = (at: number): number => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const u32 = (at: number): number => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  const entry = (directory: number, tag: number): number | undefined => {
    for (let n = 0; n < u16(directory); n++) {
      const at = directory + 2 + n * ENTRY_BYTES;
      if (u16(at) === tag) return at;
    }
    return undefined;
  };
  try {
    const pointer = entry(u32(4), GPS_POINTER);
    return pointer !== undefined && entry(u32(pointer + 8), GPS_LATITUDE) !== undefined;
  } catch {
    return false;
  }
}
