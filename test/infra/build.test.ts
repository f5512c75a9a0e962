import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { routes } from '../../functions/api/routes.ts';
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

const LAMBDA = { STAGE: 'dev', AWS_REGION: 'eu-central-1' };

/** What a process of its own prints that runs this beside the bundles. */
async function ran(script: string, env: Record<string, string>): Promise<string> {
  const command = ['--input-type=module', '-e', script];
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: folder, env });
  return stdout.trim();
}

async function partsOf(name: string): Promise<string[]> {
  const files = await readdir(join(folder, name, 'parts'));
  return files.filter((file) => file.endsWith('.mjs')).map((file) => `${name}/parts/${file}`);
}

test('every function is bundled', () => {
  expect(bundles.map(({ name }) => name)).toEqual(Object.keys(FUNCTIONS));
});

test('every bundle loads where nothing is installed but sharp beside one, and exports its handler', async () => {
  const script = `for (const name of ${JSON.stringify(Object.keys(FUNCTIONS))}) {
    const { handler } = await import('./' + name + '/index.mjs');
    console.log(name, typeof handler);
  }`;
  expect((await ran(script, {})).split('\n')).toEqual(
    Object.keys(FUNCTIONS).map((name) => `${name} function`),
  );
});

/** A function starts in a fifth of a second with up to 512 KB. */
const LIMIT_KB = 512;

test.each(Object.keys(FUNCTIONS))('what %s reads when it starts is at most 512 KB', (name) => {
  expect(bundles.find((bundle) => bundle.name === name)?.bytes).toBeLessThanOrEqual(LIMIT_KB * 1024);
});

/** Wants 70 to 150 ms; twice that and more on a machine that has other work. */
const LIMIT_CPU_MS = 500;

test.each(Object.keys(FUNCTIONS))('the import of %s takes less than half a second of CPU', async (name) => {
  const script = `const before = process.cpuUsage();
    await import('./${name}/index.mjs');
    const { user, system } = process.cpuUsage(before);
    console.log((user + system) / 1_000);`;
  expect(Number(await ran(script, {}))).toBeLessThan(LIMIT_CPU_MS);
});

test('no function loads all that stands behind `fetch` before it asks a network', async () => {
  const script = `for (const name of ${JSON.stringify(Object.keys(FUNCTIONS))}) await import('./' + name + '/index.mjs');
    const behindFetch = () => process.moduleLoadList.filter((name) => name.includes('undici')).length > 0;
    const before = behindFetch();
    void Headers;
    console.log(before, behindFetch());`;
  expect(await ran(script, {})).toBe('false true');
});

test('every part that is read later loads where nothing is installed, too', async () => {
  const parts = (await Promise.all(Object.keys(FUNCTIONS).map(partsOf))).flat();
  const names = parts.map((file) => file.replace(/^(\w+)\/parts\/(.*)-\w+\.mjs$/, '$1 $2'));
  expect(names).toEqual(
    expect.arrayContaining(['api reports', 'publish mastodon', 'media inspect-image', 'media inspect-video']),
  );
  const script = `for (const part of ${JSON.stringify(parts)}) await import('./' + part);
    console.log('all');`;
  expect(await ran(script, {})).toBe('all');
});

test('the built API knows every address and what may be done there', async () => {
  const paths = [...new Set(routes.map(({ path }) => path))];
  const script = `const { handler } = await import('./api/index.mjs');
    const told = [];
    for (const path of ${JSON.stringify(paths)}) {
      const event = { version: '2.0', rawPath: path, rawQueryString: '', headers: { host: 'a' },
        requestContext: { requestId: 'r', domainName: 'a', http: { method: 'TRACE', path, sourceIp: '::1' } } };
      const { statusCode, headers } = await handler(event, {});
      told.push([path, statusCode, headers.allow]);
    }
    console.log(JSON.stringify(told));`;
  const told: [string, number, string][] = JSON.parse(await ran(script, LAMBDA));
  for (const [path, status, allow] of told) {
    expect(status, path).toBe(405);
    const methods = routes.filter((one) => one.path === path).map(({ method }) => method);
    expect(allow.split(', '), path).toEqual(expect.arrayContaining(methods));
  }
});

test('what reads images and videos belongs to one function only', async () => {
  for (const { name } of bundles) {
    const files = [`${name}/index.mjs`, ...(await partsOf(name))];
    const scripts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
    const has = (what: RegExp) => scripts.some((script) => what.test(script));
    expect(has(/from"sharp"/), name).toBe(name === 'media');
    expect(has(/matroska/i), name).toBe(name === 'media');
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
  expect((await ran(script, LAMBDA)).split('\n')).toEqual([
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
