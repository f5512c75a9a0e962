import { once } from 'node:events';
import { open, rename } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { readBrandArguments, recordsThere } from './brand-command.ts';
import { enterPlace, faultLine } from './place.ts';

/**
 * `npm run export -- --brand ID [--out FILE] [--stage STAGE [--region REGION]]`: all that is stored of a brand, as lines of JSON, from
 * the laptop that runs or a deployed stage. Written as it is read; a file has its name only when it is whole.
 */
const USAGE = 'usage: npm run export -- --brand ID [--out FILE] [--stage STAGE [--region REGION]]';

try {
  const { brandId, where, out } = readBrandArguments(USAGE, 'out');
  await enterPlace(where, { needs: ['TABLE_NAME'], usage: USAGE });
  const records = recordsThere();
  const trace = await records.trace(brandId);
  if (!trace) throw new Error('There is no such brand, and nothing that one has left.');
  const unfinished = `${out}.part`;
  const file = out === undefined ? undefined : (await open(unfinished, 'w', 0o600)).createWriteStream();
  // A full disk is told by `finished`; without a listener it would end the process with a stack trace.
  file?.on('error', () => {});
  const stream = file ?? process.stdout;
  const counts = new Map<string, number>();
  for await (const record of records.all(trace)) {
    for (const line of record.lines()) {
      await write(stream, `${JSON.stringify(line)}\n`);
      const kind = String(line.kind);
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
  }
  if (file !== undefined && out !== undefined) {
    file.end();
    await finished(file);
    await rename(unfinished, out);
  }
  const told = [...counts].sort().map(([kind, count]) => `${count} ${kind}`);
  process.stderr.write(`${brandId}: ${told.join(', ') || 'nothing'}\n`);
} catch (error) {
  process.stderr.write(`${faultLine(error)}\n`);
  process.exitCode = 1;
}

/** Waits for a slow reader, so that no more is held than it takes. */
async function write(stream: Writable, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain');
}
