import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openLines, readIfThere, writeDurably } from '../../../infra/local/durable-file.ts';
import { temporaryFolder } from '../../support/laptop-engines.ts';

const folders: { remove(): Promise<void> }[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await folder.remove();
});
async function aPath(): Promise<string> {
  const folder = await temporaryFolder();
  folders.push(folder);
  return join(folder.path, 'file');
}

it('finds again every line that it said was kept', async () => {
  const path = await aPath();
  const lines = await openLines(path);
  await Promise.all(Array.from({ length: 50 }, (_, index) => lines.append({ index })));
  // Nothing is closed: a killed process closes nothing either.
  const again = await openLines(path);
  expect(again.before).toEqual(Array.from({ length: 50 }, (_, index) => ({ index })));
  await lines.close();
  await again.close();
});

it('cuts off a line that a crash left half written, and goes on behind the whole ones', async () => {
  const path = await aPath();
  await writeFile(path, '{"n":1}\n{"n":2}\n');
  await appendFile(path, '{"n":');
  const lines = await openLines(path);
  expect(lines.before).toEqual([{ n: 1 }, { n: 2 }]);
  await lines.append({ n: 'ü' });
  await lines.close();
  expect(await readFile(path, 'utf8')).toBe('{"n":1}\n{"n":2}\n{"n":"ü"}\n');
});

it('replaces a file whole, and says when there is none', async () => {
  const path = await aPath();
  expect(await readIfThere(path)).toBeUndefined();
  await writeDurably(path, 'one');
  await writeDurably(path, 'two');
  expect(await readIfThere(path)).toBe('two');
});
