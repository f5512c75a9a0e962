import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Locked, lockedPackage } from './locked-package.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CACHE = join(ROOT, 'node_modules/.cache/sendeplan');

/** What sharp loads on Lambda, whatever machine this is built on. */
const BINARIES = {
  arm64: ['@img/sharp-linux-arm64', '@img/sharp-libvips-linux-arm64'],
  x86_64: ['@img/sharp-linux-x64', '@img/sharp-libvips-linux-x64'],
};

type Architecture = keyof typeof BINARIES;

/** Gets the binaries from npm's registry, the first time. @returns where they are */
export const fetchSharp = (architecture: Architecture): Promise<readonly string[]> =>
  Promise.all(BINARIES[architecture].map(async (name) => lockedPackage(await locked(name), CACHE)));

/** Puts sharp into the `node_modules` of a built function: its JavaScript from here, its binaries for Lambda. */
export async function addSharp(folder: string, architecture: Architecture): Promise<void> {
  const installed = join(ROOT, 'node_modules');
  const target = join(folder, 'node_modules');
  const { dependencies } = await json<{ dependencies: Record<string, string> }>(
    join(installed, 'sharp/package.json'),
  );
  for (const part of ['package.json', 'LICENSE', 'dist']) {
    await cp(join(installed, 'sharp', part), join(target, 'sharp', part), { recursive: true });
  }
  for (const name of Object.keys(dependencies)) {
    await cp(join(installed, name), join(target, name), { recursive: true });
  }
  const folders = await fetchSharp(architecture);
  for (const [which, name] of BINARIES[architecture].entries()) {
    await cp(folders[which] ?? '', join(target, name), { recursive: true });
  }
}

async function locked(name: string): Promise<Locked> {
  const { packages } = await json<{ packages: Record<string, Omit<Locked, 'name'>> }>(
    join(ROOT, 'package-lock.json'),
  );
  const found = packages[`node_modules/${name}`];
  if (!found) throw new Error(`package-lock.json does not name ${name}: install sharp again`);
  return { name, version: found.version, integrity: found.integrity };
}

async function json<Shape>(path: string): Promise<Shape> {
  return JSON.parse(await readFile(path, 'utf8')) as Shape;
}
