import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildFunction } from '../../infra/build.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COMMAND = join(ROOT, 'infra/trace.ts');

let folder: string;
/** What the bundled function itself logs about a message, with its bundle where Lambda puts it. */
let logged: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sendeplan-stack-'));
  await buildFunction('report', folder);
  const script = `const { handler } = await import('./index.mjs');
    await handler({ Records: [{ messageId: 'm1', body: 'no JSON' }] }, {});`;
  const run = ['--input-type=module', '-e', script];
  // Lambda takes both to the function's log.
  const { stdout, stderr } = spawnSync(process.execPath, run, { cwd: folder, env: {}, encoding: 'utf8' });
  logged = `${stdout}${stderr}`
    .split('\n')
    .filter((line) => line.includes('"stack"'))
    .join('\n')
    .replaceAll(folder, '/var/task');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the command prints. */
const traced = (name: string, input: string): string =>
  execFileSync(process.execPath, [COMMAND, name], { input, encoding: 'utf8', stdio: 'pipe' });

test('a stack trace in a log line is told in files and lines of the source', () => {
  expect(logged).toMatch(/file:\/\/\/var\/task\/index\.mjs:\d+:\d+/);

  const { error } = JSON.parse(traced('report', logged));

  expect(error.message).toBe('environment variable REPORT_DLQ_URL is missing');
  const [, file = '', number] = /\(([\w/.-]+):(\d+):\d+\)/.exec(error.stack) ?? [];
  const line = readFileSync(join(ROOT, file), 'utf8').split('\n')[Number(number) - 1];
  expect(line).toContain('throw new Error(`environment variable');
  expect(error.stack).toMatch(/at .* \(functions\/report\.ts:\d+:\d+\)/);
  expect(error.stack).not.toContain('index.mjs');
});

test('what no map of this source knows stays as it is', () => {
  const foreign = 'at x (/var/task/parts/other-ABCDEFGH.mjs:1:5)\nat process (node:internal:1:2)\n';
  expect(traced('report', foreign)).toBe(foreign);
});

test('a name that is no function is answered with the usage', () => {
  expect(() => traced('reports', '')).toThrow(/usage: npm run .*trace -- api\|publish/);
});
