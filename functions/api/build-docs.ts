import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { docsPage } from './docs.ts';
import { type OpenApi, openApi } from './openapi.ts';
import { routes } from './routes.ts';

/** What is read at run time from beside the function. */
export type Docs = { readonly document: OpenApi; readonly html: string };

export function makeDocs(): Docs {
  const document = openApi(routes);
  return { document, html: docsPage(document) };
}

/** Writes `openapi.json` and `docs.html` into a folder: the bundler puts them next to the API function. */
export async function buildDocs(outDir: string): Promise<void> {
  const { document, html } = makeDocs();
  await writeFile(join(outDir, 'openapi.json'), JSON.stringify(document));
  await writeFile(join(outDir, 'docs.html'), html);
}
