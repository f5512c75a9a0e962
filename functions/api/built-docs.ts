import { readFile } from 'node:fs/promises';
import type { Docs } from './build-docs.ts';

let made: Promise<Docs> | undefined;

/** The document and its page: as built beside the function, or, run from source, made on first use. */
export function builtDocs(): Promise<Docs> {
  made ??= readBeside()
    .catch(makeNow)
    .catch((error: unknown) => {
      made = undefined;
      throw error;
    });
  return made;
}

async function readBeside(): Promise<Docs> {
  const [text, html] = await Promise.all([
    readFile(new URL('./openapi.json', import.meta.url), 'utf8'),
    readFile(new URL('./docs.html', import.meta.url), 'utf8'),
  ]);
  return { document: JSON.parse(text) as Docs['document'], html };
}

/** The address is computed so that a bundler leaves the generator, and all that it needs, out of the function. */
async function makeNow(): Promise<Docs> {
  const source = new URL('./build-docs.ts', import.meta.url).href;
  const { makeDocs } = (await import(source)) as typeof import('./build-docs.ts');
  return makeDocs();
}
