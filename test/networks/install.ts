import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';

/** Where this suite keeps what it installs, outside of `node_modules`; not in git. */
export const CACHE = resolve(import.meta.dirname, '../../.networks');

/** Installs what is missing of these Debian packages. Needs root, or `sudo` without a password. */
export function ensureDebian(packages: readonly string[]): void {
  const missing = packages.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  process.stdout.write(`installing from Debian: ${missing.join(' ')}\n`);
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // No service is to be started by the installation: what is needed is started below, on loopback.
  const steps = [
    ['apt-get', 'update', '-qq'],
    [
      'apt-get',
      '-o',
      'DPkg::Lock::Timeout=600',
      '-o',
      'Dpkg::Use-Pty=0',
      'install',
      '-qq',
      '-y',
      '--no-install-recommends',
      ...missing,
    ],
  ];
  for (const step of steps) {
    const [command = '', ...args] = [...sudo, ...step];
    const { status, stderr } = spawnSync(command, args, {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${step.join(' ')} ended with ${status}: ${stderr.slice(-2_000)}`);
  }
}

/** A package that was removed may have left its configuration: dpkg knows it, and it is not there. */
function isInstalled(name: string): boolean {
  const { stdout } = spawnSync('dpkg', ['-s', name], { encoding: 'utf8' });
  return /^Status: install ok installed$/m.test(stdout);
}

/**
 * The environment outside of this project's scripts. What compiles at install is compiled for the machine's own Node,
 * and must be run by it, not by the one that this project pins.
 */
export function outsideEnv(): NodeJS.ProcessEnv {
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  return { ...process.env, PATH: path.join(delimiter) };
}

/** Installs npm packages into a folder of their own under the cache; nothing to do when they stand there already. */
export async function ensureNpm(
  name: string,
  dependencies: Readonly<Record<string, string>>,
  overrides: Readonly<Record<string, string>> = {},
): Promise<string> {
  const folder = join(CACHE, name);
  const wanted = `${JSON.stringify({ private: true, type: 'module', dependencies, overrides }, null, 2)}\n`;
  const stamp = join(folder, 'installed.json');
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return folder;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), wanted);
  process.stdout.write(
    `installing from npm: ${Object.keys(dependencies).join(' ')} (a few minutes: some of it compiles)\n`,
  );
  const { status, stderr } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    env: outsideEnv(),
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`npm install ended with ${status}: ${stderr.slice(-2_000)}`);
  await writeFile(stamp, wanted);
  return folder;
}
