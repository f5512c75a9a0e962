import {
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  Mp4OutputFormat,
  Output,
  type VideoCodec,
  WebMOutputFormat,
} from 'mediabunny';
import sharp from 'sharp';

type Image = { readonly width?: number; readonly height?: number };

/** A photo-like JPEG: noise, which compresses badly. `turned`: lying on its side, as EXIF says. */
export function jpeg({ width = 300, height = 200, turned = false, gps = false }: Image & Photo = {}) {
  const image = noise(width, height).jpeg({ quality: 90 });
  const place = { IFD3: { GPSLatitude: '52/1 31/1 0/1', GPSLatitudeRef: 'N' } };
  return (gps ? image.withExif(place) : image).withMetadata(turned ? { orientation: 6 } : {}).toBuffer();
}
type Photo = { readonly turned?: boolean; readonly gps?: boolean };

/** Half of it cannot be seen. */
export function clearPng({ width = 40, height = 30 }: Image = {}): Promise<Buffer> {
  const hole = { r: 0, g: 0, b: 0, alpha: 0 };
  return sharp({ create: { width, height, channels: 4, background: hole } })
    .png()
    .toBuffer();
}

export function webp({ width = 120, height = 80 }: Image = {}): Promise<Buffer> {
  return noise(width, height).webp().toBuffer();
}

/** As many pictures as `frames`, one after another. */
export async function gif(frames: number): Promise<Buffer> {
  const pictures = await Promise.all(
    Array.from({ length: frames }, (_, index) =>
      sharp({ create: { width: 32, height: 16, channels: 3, background: { r: 60 * index, g: 9, b: 9 } } })
        .png()
        .toBuffer(),
    ),
  );
  return frames === 1
    ? sharp(pictures[0]).gif().toBuffer()
    : sharp(pictures, { join: { animated: true } })
        .gif()
        .toBuffer();
}

/** The head of a PNG that claims to be so large. */
export async function pngClaiming(width: number, height: number): Promise<Buffer> {
  const png = Buffer.from(await clearPng());
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png;
}

export const pdf = (): Buffer => Buffer.from('%PDF-1.7\n1 0 obj\n<< >>\nendobj\n%%EOF\n');

/** A video of so many seconds with a picture each half second; what is to be seen in them is noise. */
export async function video(
  container: 'mp4' | 'webm',
  { seconds = 2, rotation = 0, sound = true }: { seconds?: number; rotation?: 0 | 90; sound?: boolean } = {},
): Promise<Buffer> {
  const target = new BufferTarget();
  const format = container === 'mp4' ? new Mp4OutputFormat({ fastStart: false }) : new WebMOutputFormat();
  const output = new Output({ format, target });
  const codec: VideoCodec = container === 'mp4' ? 'avc' : 'vp9';
  const picture = new EncodedVideoPacketSource(codec);
  output.addVideoTrack(picture, { rotation });
  const voice = new EncodedAudioPacketSource('opus');
  if (sound) output.addAudioTrack(voice);
  await output.start();
  const decoderConfig = {
    codec: container === 'mp4' ? 'avc1.42c01e' : 'vp09.00.10.08',
    codedWidth: 320,
    codedHeight: 180,
    ...(container === 'mp4' ? { description: AVCC } : {}),
  };
  for (let at = 0; at < seconds; at += 0.5) {
    await picture.add(new EncodedPacket(bytes(400), 'key', at, 0.5), { decoderConfig });
    if (!sound) continue;
    const heard = { codec: 'opus', numberOfChannels: 1, sampleRate: 48_000 };
    await voice.add(new EncodedPacket(bytes(50), 'key', at, 0.5), { decoderConfig: heard });
  }
  await output.finalize();
  return Buffer.from(target.buffer ?? new ArrayBuffer(0));
}

/** What an H.264 decoder is told (ISO/IEC 14496-15, 5.2.4.1): Baseline, one sequence and one picture set. */
const AVCC = Uint8Array.from([
  1, 0x42, 0xc0, 0x1e, 0xff, 0xe1, 0, 10, 0x67, 0x42, 0xc0, 0x1e, 0xd9, 0x01, 0x40, 0x5b, 0xa1, 0x00, 1, 0, 4,
  0x68, 0xce, 0x3c, 0x80,
]);

function noise(width: number, height: number) {
  return sharp(bytes(width * height * 3), { raw: { width, height, channels: 3 } });
}

/** The same each time. */
function bytes(length: number): Buffer {
  const made = Buffer.alloc(length);
  let state = 42;
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    made[index] = state >>> 24;
  }
  return made;
}

/** As PNG wants it (ISO 3309). */
function crc32(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
