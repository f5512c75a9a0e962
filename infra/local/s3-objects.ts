import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export type S3Objects = {
  /** Size and content type; undefined when nothing is there. */
  stat(path: string): Promise<{ bytes: number; type: string } | undefined>;
  /** Bytes `[from, to)`. */
  read(path: string, from: number, to: number): NodeJS.ReadableStream;
  /** False, and nothing is kept, when the bytes have another length or SHA-256 (base64). */
  write(
    path: string,
    chunks: AsyncIterable<Uint8Array>,
    said: { type: string; bytes: number; sha256?: string },
  ): Promise<boolean>;
  delete(path: string): Promise<void>;
};

/**
 * Objects as files below a folder, the type of each in a file of its own. One is there whole or not at all: it is written
 * elsewhere, synced, and renamed.
 */
export async function s3Objects(folder: string): Promise<S3Objects> {
  const incoming = join(folder, 'incoming');
  // What a crash left half written.
  await rm(incoming, { recursive: true, force: true });
  await mkdir(incoming, { recursive: true });
  const place = (path: string): string => join(folder, 'objects', path);
  const typeOf = (path: string): string => join(folder, 'types', path);

  return {
    async stat(path) {
      try {
        const { size } = await stat(place(path));
        return { bytes: size, type: await readFile(typeOf(path), 'utf8') };
      } catch (error) {
        if ((error as { code?: string }).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    read: (path, from, to) => createReadStream(place(path), { start: from, end: to - 1 }),
    async write(path, chunks, said) {
      const draft = join(incoming, randomUUID());
      try {
        const came = await writtenTo(draft, chunks);
        if (came.bytes !== said.bytes || (said.sha256 ?? came.sha256) !== came.sha256) return false;
        for (const file of [typeOf(path), place(path)]) await mkdir(dirname(file), { recursive: true });
        await writeFile(typeOf(path), said.type);
        await rename(draft, place(path));
        return true;
      } finally {
        await rm(draft, { force: true });
      }
    },
    async delete(path) {
      await rm(place(path), { force: true });
      await rm(typeOf(path), { force: true });
    },
  };
}

async function writtenTo(
  draft: string,
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  const file = await open(draft, 'w');
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.length;
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { bytes, sha256: hash.digest('base64') };
}
