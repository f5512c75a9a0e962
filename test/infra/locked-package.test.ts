import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { type Locked, lockedPackage, type Pack } from '../../infra/locked-package.ts';
import { temporaryFolder } from '../support/laptop-engines.ts';

/** A package in a tarball as npm makes them, and what a lock file says of it. */
async function aPackage() {
  const folder = await temporaryFolder();
  onTestFinished(folder.remove);
  await mkdir(join(folder.path, 'package'));
  await writeFile(join(folder.path, 'package/index.js'), 'binary');
  await promisify(execFile)('tar', ['-czf', 'it.tgz', 'package'], { cwd: folder.path });
  const bytes = await readFile(join(folder.path, 'it.tgz'));
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  const locked: Locked = { name: '@img/it', version: '1.2.3', integrity };
  let packed = 0;
  const pack: Pack = async (_, into) => {
    packed++;
    await writeFile(join(into, 'img-it-1.2.3.tgz'), bytes);
  };
  return { locked, pack, packed: () => packed, cache: join(folder.path, 'cache') };
}

test('a package for another machine is fetched once and then kept', async () => {
  const { locked, pack, packed, cache } = await aPackage();
  const place = await lockedPackage(locked, cache, pack);
  expect(await readFile(join(place, 'index.js'), 'utf8')).toBe('binary');
  expect(await lockedPackage(locked, cache, pack)).toBe(place);
  expect(packed()).toBe(1);
});

test('another version is another package', async () => {
  const { locked, pack, packed, cache } = await aPackage();
  const first = await lockedPackage(locked, cache, pack);
  expect(await lockedPackage({ ...locked, version: '1.2.4' }, cache, pack)).not.toBe(first);
  expect(packed()).toBe(2);
});

test('two builds at once both get it', async () => {
  const { locked, pack, cache } = await aPackage();
  const places = await Promise.all([1, 2].map(() => lockedPackage(locked, cache, pack)));
  expect(new Set(places).size).toBe(1);
  expect(await readdir(cache)).toHaveLength(1);
});

test('one that is not what the lock file names is refused, and not kept', async () => {
  const { locked, pack, cache } = await aPackage();
  const other = { ...locked, integrity: 'sha512-other' };
  await expect(lockedPackage(other, cache, pack)).rejects.toThrow('is not what package-lock.json names');
  expect(await readdir(cache)).toEqual([]);
});

test('that it could not be fetched is said, and leaves nothing', async () => {
  const { locked, cache } = await aPackage();
  const away: Pack = async () => {
    throw new Error('no registry');
  };
  await expect(lockedPackage(locked, cache, away)).rejects.toThrow('no registry');
  expect(await readdir(cache)).toEqual([]);
});
