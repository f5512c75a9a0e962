import { describe, expect, onTestFinished, test } from 'vitest';
import { listen } from '../../infra/local/loopback.ts';
import { serveS3 } from '../../infra/local/s3-stand-in.ts';
import { s3Bucket } from '../../shared/adapters/aws/bucket.ts';
import { temporaryFolder } from '../support/laptop-engines.ts';
import { memoryBucket } from '../support/memory-bucket.ts';
import { allOf, bytesOf, testBucket } from './bucket-suite.ts';

const keys = { accessKeyId: 'test', secretAccessKey: 'a secret/with+all=of it' };

testBucket('memory', async () => ({ bucket: memoryBucket(), later: () => {}, stop: async () => {} }), {
  addresses: false,
});
testBucket(
  'S3',
  async () => {
    const folder = await temporaryFolder();
    let passed = 0;
    const now = () => Date.now() + passed;
    const server = await serveS3({ folder: folder.path, bucket: 'files', keys, now });
    return {
      bucket: bucketAt(server.url, now),
      later: (ms) => {
        passed += ms;
      },
      stop: async () => {
        await server.close();
        await folder.remove();
      },
    };
  },
  { addresses: true },
);

describe('S3 that fails', () => {
  test('is asked again, and again', async () => {
    const { bucket, asked } = await failing(2, 503);
    expect(await bucket.size('it')).toBe(9);
    expect(asked()).toBe(3);
  });

  test('is a fault of AWS when it goes on', async () => {
    const { bucket, asked } = await failing(9, 500);
    await expect(bucket.size('it')).rejects.toMatchObject({ $fault: 'server' });
    expect(asked()).toBe(3);
  });

  test('is not asked again when it refuses, and what it is told is no secret', async () => {
    const { bucket, asked } = await failing(9, 403);
    const error = await bucket.put('it', { type: 'image/png', bytes: bytesOf(3) }).catch((thrown) => thrown);
    expect(error).toMatchObject({ $fault: 'client', message: 'S3 answered PUT it with 403 SlowDown' });
    expect(asked()).toBe(1);
  });

  test('in the middle of a file is asked for the rest', async () => {
    const whole = bytesOf(300_000);
    const ranges: (string | undefined)[] = [];
    const server = await listen((request, response) => {
      ranges.push(request.headers.range);
      const from = Number(/\d+/.exec(request.headers.range ?? '')?.[0] ?? 0);
      response.writeHead(206, { 'content-length': whole.length - from });
      const broken = ranges.length < 4;
      response.write(whole.subarray(from, broken ? from + 50_000 : whole.length), () =>
        setTimeout(() => (broken ? response.destroy() : response.end()), 20),
      );
    });
    onTestFinished(() => server.close());
    expect(await allOf(bucketAt(server.url).read('it'))).toEqual(Buffer.from(whole));
    expect(ranges).toEqual(['bytes=0-', 'bytes=50000-', 'bytes=100000-', 'bytes=150000-']);
  });

  test('in the middle of a file for good makes the reader throw', async () => {
    const server = await listen((_, response) => {
      response.writeHead(206, { 'content-length': 10 });
      response.write('', () => response.destroy());
    });
    onTestFinished(() => server.close());
    await expect(allOf(bucketAt(server.url).read('it'))).rejects.toMatchObject({ $fault: 'server' });
  });
});

test('at AWS the bucket stands in the host, and the token of the role in the query', async () => {
  const bucket = s3Bucket({
    bucket: 'files-1',
    region: async () => 'eu-central-1',
    credentials: async () => ({ ...keys, sessionToken: 'a/token+' }),
    clock: clockOf(Date.now),
  });
  const url = new URL(await bucket.readUrl('a b/ü(1).png'));
  expect(url.host).toBe('files-1.s3.eu-central-1.amazonaws.com');
  expect(url.pathname).toBe('/a%20b/%C3%BC%281%29.png');
  expect(url.searchParams.get('X-Amz-Security-Token')).toBe('a/token+');
  expect(url.searchParams.get('X-Amz-Expires')).toBe('3600');
});

const clockOf = (now: () => number) => ({ now, sleep: async () => {} });

function bucketAt(endpoint: string, now: () => number = Date.now) {
  return s3Bucket({
    bucket: 'files',
    region: 'eu-central-1',
    endpoint,
    credentials: keys,
    clock: clockOf(now),
  });
}

/** Answers so many times with that status, and then as S3 does of nine bytes. */
async function failing(times: number, status: number) {
  let asked = 0;
  const server = await listen((request, response) => {
    request.resume();
    asked++;
    if (asked <= times) response.writeHead(status).end('<Error><Code>SlowDown</Code></Error>');
    else response.writeHead(200, { 'content-length': 9 }).end();
  });
  onTestFinished(() => server.close());
  return { bucket: bucketAt(server.url), asked: () => asked };
}
