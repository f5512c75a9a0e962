import { CustomSource, EncodedPacketSink, Input, type InputTrack, MP4, QTFF, WEBM } from 'mediabunny';
import type { MediaFile } from '../../domain/media.ts';
import type { Bucket, Inspected } from '../../ports.ts';

/**
 * Measures a video as it is shown: turned, and with its pixels' own shape taken into account. Of the file only the
 * parts that say so are read, wherever in it they lie, and the last of it: where that is missing it was cut off.
 */
export async function inspectVideo(bucket: Bucket, original: MediaFile): Promise<Inspected> {
  const reader = faultKeepingReader(bucket, original);
  const input = new Input({ formats: [MP4, QTFF, WEBM], source: reader.source });
  try {
    return await measured(input, original);
  } catch (error) {
    // The bucket's own failure says nothing about the file.
    if (reader.fault()) throw reader.fault();
    if (error instanceof Error) return DAMAGED;
    throw error;
  } finally {
    input.dispose();
  }
}

const DAMAGED: Inspected = { refused: 'the file is damaged or cut off' };
const NO_PICTURE: Inspected = { refused: 'the video has no picture' };

async function measured(input: Input, original: MediaFile): Promise<Inspected> {
  const tracks = await input.getTracks();
  const picture = await input.getPrimaryVideoTrack();
  // What tells of the tracks stands at the end of many files.
  if (picture === null) return tracks.length === 0 ? DAMAGED : NO_PICTURE;
  const sound = await input.getPrimaryAudioTrack();
  const seconds = (await input.getDurationFromMetadata()) ?? (await input.computeDuration());
  const end = Math.max(await endOf(picture), sound ? await endOf(sound) : 0);
  if (!(seconds > 0) || end < seconds - Math.max(2, seconds / 20)) return DAMAGED;
  const videoCodec = await picture.getCodec();
  const audioCodec = await sound?.getCodec();
  const size = { width: await picture.getDisplayWidth(), height: await picture.getDisplayHeight() };
  return {
    files: [{ ...original, ...size }],
    durationMs: Math.round(seconds * 1_000),
    ...(videoCodec ? { videoCodec } : {}),
    ...(audioCodec ? { audioCodec } : {}),
  };
}

/** The second in which its last piece ends that is really there; throws when the piece lies behind the file's end. */
async function endOf(track: InputTrack): Promise<number> {
  const last = await new EncodedPacketSink(track).getPacket(Number.POSITIVE_INFINITY);
  return last === null || last.data.length === 0 ? 0 : last.timestamp + last.duration;
}

/** An index longer than this is none: it would have to be held in memory. */
const LONGEST_READ = 64 * 1024 ** 2;

/** Reads what is asked for, and remembers when the bucket failed. */
function faultKeepingReader(bucket: Bucket, { path, bytes }: MediaFile) {
  let failed: { error: unknown } | undefined;
  const read = async (start: number, end: number): Promise<Uint8Array> => {
    if (end - start > LONGEST_READ) throw new RangeError('more than an index can be');
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of bucket.read(path, { from: start, to: end })) chunks.push(chunk);
      return new Uint8Array(Buffer.concat(chunks));
    } catch (error) {
      failed = { error };
      throw error;
    }
  };
  return {
    source: new CustomSource({
      getSize: () => bytes,
      read,
      prefetchProfile: 'network',
      // What is read ahead and fails is asked for again when it is needed.
      handleUnhandledError: () => {},
    }),
    fault: () => failed?.error,
  };
}
