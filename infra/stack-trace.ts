import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildFunction } from './build.ts';
import type { FunctionName } from './functions.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A place in a bundle as Lambda's Node.js names it, in a log line or out of it. */
const PLACE = /(?:file:\/\/)?\/var\/task\/([\w./-]+\.mjs):(\d+):(\d+)/g;

/**
 * Replaces each place in a function's bundle by `file:line:column` of the source, from the project's folder on. What is
 * no such place stays, and so does one in a file that this source does not make: then another commit is deployed.
 */
export async function inSources(name: FunctionName, lines: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sendeplan-trace-'));
  try {
    await buildFunction(name, folder, { sourcemap: 'external' });
    const files = new Set([...lines.matchAll(PLACE)].map(([, file = '']) => file));
    const maps = new Map<string, SourceMap>();
    for (const file of files) {
      const map = await readFile(join(folder, `${file}.map`), 'utf8').catch(() => undefined);
      if (map !== undefined) maps.set(file, new SourceMap(JSON.parse(map)));
    }
    return lines.replace(PLACE, (place, file: string, line: string, column: string) => {
      // A map counts from zero, a stack trace from one.
      const entry = maps.get(file)?.findEntry(Number(line) - 1, Number(column) - 1);
      if (entry === undefined || !('originalSource' in entry)) return place;
      const { originalSource, originalLine, originalColumn } = entry;
      // What a plugin made has a name instead of a path: `absent:@aws-sdk/client-sesv2`.
      const source = /^[\w-]+:/.test(originalSource)
        ? originalSource
        : relative(ROOT, resolve(folder, dirname(file), originalSource));
      return `${source}:${originalLine + 1}:${originalColumn + 1}`;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
