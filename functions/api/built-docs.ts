import { readFile } from 'node:fs/promises';
import type { AnyProvider } from '../../shared/ports.ts';
import type { Docs } from './build-docs.ts';
import type { NetworkSchemas } from './network-view.ts';

let docs: Promise<Docs> | undefined;

/** The document and its page: as built beside the function, or, run from source, made on first use. */
export function builtDocs(): Promise<Docs> {
  docs ??= readDocs()
    .catch(async () => (await maker()).makeDocs())
    .catch((error: unknown) => {
      docs = undefined;
      throw error;
    });
  return docs;
}

/** What each of these networks wants, by its id: as built beside the function, or, run from source, made now. */
export async function builtNetworkSchemas(
  providers: readonly AnyProvider[],
): Promise<Readonly<Record<string, NetworkSchemas>>> {
  const text = await readBeside('./networks.json').catch(() => undefined);
  if (text !== undefined) return JSON.parse(text) as Record<string, NetworkSchemas>;
  const { makeNetworkSchemas } = await maker();
  return Object.fromEntries(providers.map((one) => [one.id, makeNetworkSchemas(one)]));
}

async function readDocs(): Promise<Docs> {
  const [text, html] = await Promise.all([readBeside('./openapi.json'), readBeside('./docs.html')]);
  return { document: JSON.parse(text) as Docs['document'], html };
}

function readBeside(file: string): Promise<string> {
  return readFile(new URL(file, import.meta.url), 'utf8');
}

/** The address is computed so that a bundler leaves the generator, and all that it needs, out of the function. */
async function maker(): Promise<typeof import('./build-docs.ts')> {
  return import(new URL('./build-docs.ts', import.meta.url).href);
}
