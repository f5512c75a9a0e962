import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bundle, buildFunctions } from '../../infra/build.ts';
import { FUNCTIONS } from '../../infra/functions.ts';
import { sharpBeside } from '../support/sharp-beside.ts';

let folder: string;
let bundles: readonly Bundle[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sendeplan-build-'));
  bundles = await buildFunctions(folder);
  await sharpBeside(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('every function is bundled', () => {
  expect(bundles.map(({ name }) => name)).toEqual(Object.keys(FUNCTIONS));
});

test('every bundle loads where nothing is installed but sharp beside one, and exports its handler', async () => {
  const script = `for (const name of ${JSON.stringify(Object.keys(FUNCTIONS))}) {
    const { handler } = await import('./' + name + '/index.mjs');
    console.log(name, typeof handler);
  }`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    cwd: folder,
    env: {},
  });
  expect(stdout.trim().split('\n')).toEqual(Object.keys(FUNCTIONS).map((name) => `${name} function`));
});

/** A function starts in a fifth of a second with up to 512 KB. The API and what looks at media are above it, and may not grow. */
const LIMITS_KB = { api: 656, publish: 512, measure: 512, rescue: 512, report: 512, media: 640 };

test.each(Object.entries(LIMITS_KB))('the bundle of %s is at most %i KB', (name, limit) => {
  expect(bundles.find((bundle) => bundle.name === name)?.bytes).toBeLessThanOrEqual(limit * 1024);
});

test('what reads images and videos is in one bundle only', async () => {
  for (const { name } of bundles) {
    const script = await readFile(join(folder, name, 'index.mjs'), 'utf8');
    expect(/from"sharp"/.test(script), name).toBe(name === 'media');
    expect(/matroska/i.test(script), name).toBe(name === 'media');
  }
});

test('the built API answers, and reads what stands beside it', async () => {
  const script = `const { handler } = await import('./api/index.mjs');
    for (const path of ['/v1/health', '/v1/openapi.json', '/docs']) {
      const event = { version: '2.0', rawPath: path, rawQueryString: '', headers: { host: 'a' },
        requestContext: { requestId: 'r', domainName: 'a', http: { method: 'GET', path, sourceIp: '::1' } } };
      const { statusCode, body } = await handler(event, {});
      console.log(path, statusCode, body.slice(0, 15));
    }`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    cwd: folder,
    env: { STAGE: 'dev', AWS_REGION: 'eu-central-1' },
  });
  expect(stdout.trim().split('\n')).toEqual([
    '/v1/health 200 {"status":"ok",',
    '/v1/openapi.json 200 {"openapi":"3.1',
    '/docs 200 <!doctype html>',
  ]);
});

test('the API finds its document, the page of it and what networks want beside itself', async () => {
  const document = JSON.parse(await readFile(join(folder, 'api/openapi.json'), 'utf8'));
  expect(document.openapi).toMatch(/^3\.1/);
  expect(await readFile(join(folder, 'api/docs.html'), 'utf8')).toContain('<html');
  const networks = JSON.parse(await readFile(join(folder, 'api/networks.json'), 'utf8'));
  expect(Object.keys(networks)).toContain('mastodon');
  expect(networks.mastodon.credential).toMatchObject({ type: 'object' });
});
