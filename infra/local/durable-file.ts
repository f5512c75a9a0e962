import { constants } from 'node:fs';
import { type FileHandle, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Replaces a file whole: after it resolves the new content is on the disk, before that the old one is. */
export async function writeDurably(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  const draft = `${path}.draft`;
  const file = await open(draft, 'w', mode);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  await syncFolder(dirname(path));
}

/** The text of a file, undefined when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  }
}

export type DurableLines = {
  /** What the file held when it was opened, oldest first. */
  readonly before: readonly unknown[];
  /** Resolves when the line is on the disk. Lines that come meanwhile share one sync. */
  append(value: unknown): Promise<void>;
  close(): Promise<void>;
};

/** A file of JSON lines to append to. A last line that a crash cut off is cut away: nobody was told it was kept. */
export async function openLines(path: string): Promise<DurableLines> {
  const text = (await readIfThere(path)) ?? '';
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const before = whole
    .split('\n')
    .filter(Boolean)
    .map((line): unknown => JSON.parse(line));
  const file = await open(path, constants.O_CREAT | constants.O_RDWR);
  await file.truncate(Buffer.byteLength(whole));

  let end = Buffer.byteLength(whole);
  let waiting: string[] = [];
  let writing: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  const flush = async (): Promise<void> => {
    next = undefined;
    const bytes = Buffer.from(waiting.join(''));
    waiting = [];
    await writeAt(file, bytes, end);
    end += bytes.length;
    await file.datasync();
  };
  return {
    before,
    append: (value) => {
      waiting.push(`${JSON.stringify(value)}\n`);
      if (!next) {
        next = writing.then(flush);
        writing = next.catch(() => {});
      }
      return next;
    },
    close: async () => {
      await writing;
      await file.close();
    },
  };
}

/** At a position of our own, so that a failed write is written over by the next one. */
async function writeAt(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** Makes a rename last. Not every system lets a folder be opened; there the rename alone must do. */
async function syncFolder(path: string): Promise<void> {
  let folder: FileHandle | undefined;
  try {
    folder = await open(path, 'r');
    await folder.sync();
  } catch {
    // Windows refuses both.
  } finally {
    await folder?.close();
  }
}
