import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { HOUR, MINUTE } from '../../shared/domain/time.ts';
import type { Bucket } from '../../shared/ports.ts';

export type BucketWorld = {
  readonly bucket: Bucket;
  /** Lets time pass for the bucket. */
  later(ms: number): void;
  stop(): Promise<void>;
};

const MB = 1024 * 1024;
const TYPE = 'image/png';

/** What every bucket promises. `addresses`: those it gives can be asked over HTTP. */
export function testBucket(
  name: string,
  make: () => Promise<BucketWorld>,
  { addresses }: { addresses: boolean },
): void {
  const setup = async (files: Readonly<Record<string, Uint8Array>> = {}): Promise<BucketWorld> => {
    const world = await make();
    onTestFinished(() => world.stop());
    for (const [path, bytes] of Object.entries(files)) await world.bucket.put(path, { type: TYPE, bytes });
    return world;
  };

  describe(`${name}: files`, () => {
    test('gives back the bytes that were put, and tells how many there are', async () => {
      const { bucket } = await setup({ 'a/b/one.png': bytesOf(1_000) });
      expect(await allOf(bucket.read('a/b/one.png'))).toEqual(Buffer.from(bytesOf(1_000)));
      expect(await bucket.size('a/b/one.png')).toBe(1_000);
    });

    test('keeps an empty file', async () => {
      const { bucket } = await setup({ empty: new Uint8Array() });
      expect(await bucket.size('empty')).toBe(0);
      expect(await allOf(bucket.read('empty'))).toHaveLength(0);
    });

    test.each([
      [0, 1],
      [10, 20],
      [999, 1_000],
      [990, 5_000],
      [1_000, 1_010],
      [20, 20],
    ])('gives the bytes from %d to before %d, as far as there are any', async (from, to) => {
      const { bucket } = await setup({ one: bytesOf(1_000) });
      expect(await allOf(bucket.read('one', { from, to }))).toEqual(
        Buffer.from(bytesOf(1_000).subarray(from, to)),
      );
    });

    test('has no size for what is not there, and reading it throws', async () => {
      const { bucket } = await setup({ one: bytesOf(1) });
      expect(await bucket.size('two')).toBeUndefined();
      await expect(allOf(bucket.read('two'))).rejects.toThrow('there is no two');
    });

    test('deletes, and finds nothing wrong with deleting again', async () => {
      const { bucket } = await setup({ one: bytesOf(1), other: bytesOf(1) });
      await bucket.delete('one');
      await bucket.delete('one');
      expect(await bucket.size('one')).toBeUndefined();
      expect(await bucket.size('other')).toBe(1);
    });

    test('gives 50 MB in small pieces', async () => {
      const { bucket } = await setup({ long: bytesOf(50 * MB) });
      const hash = createHash('sha256');
      let longest = 0;
      for await (const chunk of bucket.read('long')) {
        hash.update(chunk);
        longest = Math.max(longest, chunk.length);
      }
      expect(hash.digest('hex')).toBe(sha256(bytesOf(50 * MB)));
      expect(longest).toBeLessThanOrEqual(MB);
    });

    test('may be left in the middle', async () => {
      const { bucket } = await setup({ long: bytesOf(5 * MB) });
      for await (const chunk of bucket.read('long')) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
      expect(await bucket.size('long')).toBe(5 * MB);
    });
  });

  if (!addresses) return;
  describe(`${name}: addresses`, () => {
    const bytes = bytesOf(2_000);
    const upload = { type: TYPE, bytes: bytes.length, sha256: sha256(bytes) } as const;

    test('an upload by its address is there, and can be read by anybody, with its type', async () => {
      const { bucket } = await setup();
      const { url, headers } = await bucket.uploadUrl('up/it.png', upload);
      expect(await put(url, headers, bytes)).toBe(200);
      expect(await bucket.size('up/it.png')).toBe(2_000);
      const answer = await fetch(await bucket.readUrl('up/it.png'));
      expect(answer.headers.get('content-type')).toBe(TYPE);
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(Buffer.from(bytes));
    });

    test('50 MB are taken as they come', async () => {
      const { bucket } = await setup();
      const long = bytesOf(50 * MB);
      const said = { type: 'video/mp4', bytes: long.length, sha256: sha256(long) } as const;
      const { url, headers } = await bucket.uploadUrl('long', said);
      expect(await put(url, headers, long)).toBe(200);
      expect(await bucket.size('long')).toBe(50 * MB);
    });

    test.each([
      ['other bytes of the same length', bytesOf(2_000, 7)],
      ['fewer bytes', bytes.subarray(1)],
      ['more bytes', bytesOf(2_001)],
    ])('%s are refused, and nothing is there', async (_, wrong) => {
      const { bucket } = await setup();
      const { url, headers } = await bucket.uploadUrl('it', upload);
      expect(await put(url, { ...headers, 'content-length': String(wrong.length) }, wrong)).toBeOneOf([
        400, 403,
      ]);
      expect(await bucket.size('it')).toBeUndefined();
    });

    test.each(['content-type', 'x-amz-checksum-sha256'])('without its %s it is refused', async (name) => {
      const { bucket } = await setup();
      const { url, headers } = await bucket.uploadUrl('it', upload);
      const { [name]: _left, ...rest } = headers;
      expect(await put(url, rest, bytes)).toBe(403);
      expect(await bucket.size('it')).toBeUndefined();
    });

    test('one for reading opens neither writing nor another file', async () => {
      const { bucket } = await setup({ one: bytesOf(9), two: bytesOf(9) });
      const url = await bucket.readUrl('one');
      expect((await fetch(url, { method: 'PUT', body: 'x' })).status).toBe(403);
      expect((await fetch(url, { method: 'DELETE' })).status).toBe(403);
      expect((await fetch(url.replace('/one?', '/two?'))).status).toBe(403);
    });

    test('one for uploading opens for a quarter of an hour, as it says', async () => {
      const { bucket, later } = await setup();
      const { url, headers, expiresAt } = await bucket.uploadUrl('it', upload);
      const again = await bucket.uploadUrl('it', upload);
      later(15 * MINUTE + 1_000);
      expect(await put(url, headers, bytes)).toBe(403);
      const { expiresAt: next } = await bucket.uploadUrl('it', upload);
      expect(next - expiresAt).toBeGreaterThan(14 * MINUTE);
      expect(again.expiresAt - expiresAt).toBeLessThan(MINUTE);
    });

    test('one for reading opens for an hour', async () => {
      const { bucket, later } = await setup({ one: bytesOf(9) });
      const url = await bucket.readUrl('one');
      later(HOUR - MINUTE);
      expect((await fetch(url)).status).toBe(200);
      later(2 * MINUTE);
      expect((await fetch(url)).status).toBe(403);
    });
  });
}

/** Bytes that differ from place to place, the same each time. */
export function bytesOf(length: number, seed = 1): Uint8Array {
  const block = Buffer.alloc(65_537);
  for (let index = 0; index < block.length; index++) block[index] = (index * 31 * seed + (index >> 8)) & 255;
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at += block.length) block.copy(bytes, at);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, length);
}

export async function allOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Sends just these headers; the status of the answer. */
async function put(url: string, headers: Readonly<Record<string, string>>, bytes: Uint8Array) {
  const asked = request(url, { method: 'PUT', headers: { ...headers } });
  const answered = new Promise<number>((resolve, reject) => {
    asked.on('response', (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on('error', reject);
  });
  const pieces = Array.from({ length: Math.ceil(bytes.length / MB) }, (_, index) =>
    bytes.subarray(index * MB, (index + 1) * MB),
  );
  await Promise.all([answered, pipeline(Readable.from(pieces), asked)]);
  return answered;
}
