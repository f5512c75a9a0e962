import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A package as the lock file names it. */
export type Locked = { readonly name: string; readonly version: string; readonly integrity: string };

/** Puts the package's tarball into a folder. */
export type Pack = (locked: Locked, into: string) => Promise<void>;

/**
 * The folder of a package that is not made for this machine, and so not installed here. Fetched once, by npm, and held
 * against the lock file; `cache` keeps it. Rejects with a sentence for the person who deploys.
 */
export async function lockedPackage(locked: Locked, cache: string, pack: Pack = npmPack): Promise<string> {
  const { name, version, integrity } = locked;
  const place = join(cache, `${name.replaceAll(/[^\w-]+/g, '-')}-${version}`);
  if (await stat(place).catch(() => undefined)) return place;
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, 'fetching-'));
  try {
    await pack(locked, draft);
    const [tarball] = await readdir(draft);
    if (tarball === undefined) throw new Error(`npm pack gave no file for ${name}@${version}`);
    const bytes = await readFile(join(draft, tarball));
    const found = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    if (found !== integrity) {
      throw new Error(`${name}@${version} is not what package-lock.json names: ${found}, not ${integrity}`);
    }
    await run('tar', ['-xzf', tarball], { cwd: draft });
    await rename(join(draft, 'package'), place).catch(async (error: unknown) => {
      // Another build may have been quicker.
      if (!(await stat(place).catch(() => undefined))) throw error;
    });
    return place;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

const run = promisify(execFile);

async function npmPack({ name, version }: Locked, into: string): Promise<void> {
  const asked = ['pack', `${name}@${version}`, '--pack-destination', into, '--ignore-scripts'];
  // The npm that runs this, where there is one: on Windows `npm` alone is no program.
  const own = process.env.npm_execpath;
  const [program, args] = own?.endsWith('.js') ? [process.execPath, [own, ...asked]] : ['npm', asked];
  await run(program, args, { timeout: 300_000 }).catch((cause: unknown) => {
    const said = String((cause as { stderr?: unknown }).stderr ?? cause)
      .trim()
      .split('\n')
      .at(0);
    throw new Error(
      `${name}@${version} could not be fetched; the media function needs it on AWS. Is npm's registry in reach? ${said}`,
      { cause },
    );
  });
}
