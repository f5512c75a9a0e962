import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AnyProvider } from '../../shared/ports.ts';
import { docsPage } from './docs.ts';
import { jsonSchema } from './json-schemas.ts';
import type { NetworkSchemas } from './network-view.ts';
import { type OpenApi, openApi } from './openapi.ts';
import { routes } from './routes.ts';

/** What is read at run time from beside the function. */
export type Docs = { readonly document: OpenApi; readonly html: string };

export function makeDocs(): Docs {
  const document = openApi(routes);
  return { document, html: docsPage(document) };
}

export function makeNetworkSchemas({ credential, options }: AnyProvider): NetworkSchemas {
  return { credential: { ...jsonSchema(credential) }, options: { ...jsonSchema(options) } };
}

/** Writes `openapi.json`, `docs.html` and `networks.json` into a folder: they stand beside the API function. */
export async function buildDocs(outDir: string, providers: readonly AnyProvider[]): Promise<void> {
  const { document, html } = makeDocs();
  const networks = Object.fromEntries(providers.map((one) => [one.id, makeNetworkSchemas(one)]));
  await writeFile(join(outDir, 'openapi.json'), JSON.stringify(document));
  await writeFile(join(outDir, 'docs.html'), html);
  await writeFile(join(outDir, 'networks.json'), JSON.stringify(networks));
}
