import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CACHE, outsideEnv } from './install.ts';

/** The last one whose SQLite driver is had as a built file or compiles; it wants Node 18, 20 or 22. */
const VERSION = '5.130.6';

/**
 * Ghost from npm. It is no library but an application that names parts of itself by files in its own package, so it is
 * unpacked, and its dependencies are installed inside. @returns the folder to run it in
 */
export async function ensureGhost(): Promise<string> {
  const folder = join(CACHE, 'ghost');
  const unpacked = join(folder, 'package');
  const stamp = join(folder, 'installed.json');
  const wanted = `${JSON.stringify({ ghost: VERSION })}\n`;
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return unpacked;
  process.stdout.write(`installing from npm: ghost ${VERSION} (some minutes: 1,600 packages)\n`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  run('npm', ['pack', `ghost@${VERSION}`, '--silent'], folder);
  run('tar', ['xzf', `ghost-${VERSION}.tgz`], folder);
  await rm(join(folder, `ghost-${VERSION}.tgz`));
  await leaveOutTools(join(unpacked, 'package.json'));
  // Its peers contradict each other: it is made with yarn, which does not look.
  const options = ['--omit=dev', '--legacy-peer-deps', '--no-audit', '--no-fund', '--loglevel=error'];
  run('npm', ['install', ...options], unpacked);
  await writeFile(stamp, wanted);
  return unpacked;
}

/** npm resolves them even where they are left out, and one of them stands in a Git repository. */
async function leaveOutTools(file: string): Promise<void> {
  const { devDependencies: _tools, ...rest } = JSON.parse(await readFile(file, 'utf8')) as Record<
    string,
    unknown
  >;
  await writeFile(file, JSON.stringify(rest, null, 2));
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status, stderr } = spawnSync(command, args, {
    cwd,
    env: outsideEnv(),
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${command} ${args[0]} ended with ${status}: ${stderr.slice(-2_000)}`);
}
