import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bundle, buildFunctions } from '../../infra/build.ts';
import { FUNCTIONS } from '../../infra/functions.ts';

let folder: string;
let bundles: readonly Bundle[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sendeplan-build-'));
  bundles = await buildFunctions(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('every function is bundled', () => {
  expect(bundles.map(({ name }) => name)).toEqual(Object.keys(FUNCTIONS));
});

test('every bundle loads where nothing is installed, and exports its handler', async () => {
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

/** A function starts in a fifth of a second with up to 512 KB. What is above it must come down, and never go up. */
const LIMITS_KB = { api: 640, publish: 540, measure: 512, rescue: 512, report: 640 };

test.each(Object.entries(LIMITS_KB))('the bundle of %s is at most %i KB', (name, limit) => {
  expect(bundles.find((bundle) => bundle.name === name)?.bytes).toBeLessThanOrEqual(limit * 1024);
});

test('the API finds its document and the page of it beside itself', async () => {
  const document = JSON.parse(await readFile(join(folder, 'api/openapi.json'), 'utf8'));
  expect(document.openapi).toMatch(/^3\.1/);
  expect(await readFile(join(folder, 'api/docs.html'), 'utf8')).toContain('<html');
});
