import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ensureDebian, outsideEnv } from '../networks/install.ts';
import { run } from '../networks/processes.ts';

/** Where this suite keeps what it installs and writes; not in git. */
export const FOLDER = resolve(import.meta.dirname, '../../.deploy');

const REQUIREMENTS = resolve(import.meta.dirname, 'requirements.txt');

/** A Python of its own with just what `requirements.txt` pins; nothing to do when it stands there already. @returns its path */
export async function ensurePython(): Promise<string> {
  const folder = join(FOLDER, 'python');
  const python = join(folder, 'bin/python');
  const stamp = join(folder, 'installed.txt');
  const wanted = await readFile(REQUIREMENTS, 'utf8');
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return python;
  await rm(folder, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  makeEnvironment(folder);
  run(python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--no-deps',
    '-r',
    REQUIREMENTS,
  ]);
  await writeFile(stamp, wanted);
  return python;
}

/** Debian's Python comes without `venv` until it is asked for it. */
function makeEnvironment(folder: string): void {
  const make = () =>
    spawnSync('python3', ['-m', 'venv', '--clear', folder], { env: outsideEnv(), encoding: 'utf8' });
  if (make().status === 0) return;
  ensureDebian(['python3', 'python3-venv']);
  const { status, stderr, error } = make();
  if (status !== 0) throw new Error(`python3 -m venv ended with ${status}: ${stderr}`, { cause: error });
}
