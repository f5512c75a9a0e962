import { expect, test } from 'vitest';
import type { AwsRequest } from '../../../../infra/aws-call.ts';
import { emptyBucket } from '../../../../infra/deploy/stage-data.ts';

test('a bucket is emptied page by page, and the files are counted', async () => {
  const files = new Set(Array.from({ length: 250 }, (_, n) => `agy_1/brd_1/med_${n}/original`));
  const asked: AwsRequest[] = [];
  const call = async (request: AwsRequest): Promise<string> => {
    asked.push(request);
    if (request.method === 'DELETE') {
      expect(files.delete(request.path?.replace('/media-bucket/', '') ?? '')).toBe(true);
      return '';
    }
    const page = [...files].slice(0, Number(request.query?.['max-keys']));
    return `<ListBucketResult>${page.map((name) => `<Contents><Key>${name}</Key></Contents>`).join('')}</ListBucketResult>`;
  };
  expect(await emptyBucket(call, 'media-bucket')).toBe(250);
  expect(files.size).toBe(0);
  expect(new Set(asked.map(({ service }) => service))).toEqual(new Set(['s3']));
});

test('a file that cannot be deleted ends it, and what went before stays deleted', async () => {
  const call = async ({ method, path }: AwsRequest): Promise<string> => {
    if (method === 'DELETE' && path?.endsWith('/b')) throw new Error('AccessDenied');
    return '<Key>a</Key><Key>b</Key>';
  };
  await expect(emptyBucket(call, 'media-bucket')).rejects.toThrow('AccessDenied');
});
