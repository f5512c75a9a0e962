import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { enterPlace } from '../../../infra/place.ts';

const before = { ...process.env };
const asked: string[] = [];
/** An AWS that knows no stack, and notes for which region it is asked: the third part of a signature's scope. */
const aws = createServer((request, response) => {
  asked.push(/Credential=[^/]+\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '');
  response.writeHead(400).end();
});

beforeEach(async () => {
  await new Promise<void>((done) => aws.listen(0, '127.0.0.1', done));
  const { port } = aws.address() as AddressInfo;
  delete process.env.AWS_REGION;
  delete process.env.AWS_DEFAULT_REGION;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'key',
    AWS_SECRET_ACCESS_KEY: 'secret',
  });
});
afterEach(async () => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
  asked.length = 0;
  await new Promise((done) => aws.close(done));
});

const enter = (stage: string, region?: string) =>
  enterPlace({ stage, region }, { needs: [], usage: '' }).catch((error: unknown) => error);

test('a stage is looked for where a deploy would have put it: in eu-central-1 unless something says otherwise', async () => {
  await enter('prod');
  expect(asked).toEqual(['eu-central-1']);
  expect(process.env.AWS_REGION).toBe('eu-central-1');
});

test('a stage is looked for in the region of the shell, and before that in the one of the flag', async () => {
  process.env.AWS_REGION = 'us-east-1';
  await enter('prod');
  await enter('prod', 'eu-west-1');
  expect(asked).toEqual(['us-east-1', 'eu-west-1']);
});

test('a region without a stage is refused: the laptop has none', async () => {
  await expect(enterPlace({ region: 'eu-west-1' }, { needs: [], usage: 'usage: …' })).rejects.toThrow(
    'usage: …',
  );
});
