import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from './durable-file.ts';
import { LOOPBACK } from './loopback.ts';

/** What the sandbox network has fetched of its posts' images. */
export type SandboxMedia = {
  /** Fetches an image; its name here, or why it was not taken. */
  fetch(url: string): Promise<{ name: string } | { refused: string }>;
  /** By its name; undefined when there is none. */
  read(name: string): Promise<{ bytes: Buffer; type: string } | undefined>;
};

const TYPES: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
};
const MOST_BYTES = 5_000_000;

/** Keeps images by their content, so that the same one fetched again is the same file. */
export async function openSandboxMedia(folder: string): Promise<SandboxMedia> {
  await mkdir(folder, { recursive: true });
  return {
    fetch: async (url) => {
      // Whoever posts here may make this machine ask for an address: only what is on it already.
      if (new URL(url).hostname !== LOOPBACK) return { refused: 'only images on this machine are fetched' };
      const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(10_000) }).catch(
        () => undefined,
      );
      if (!answer?.ok) return { refused: `fetching the image ended with ${answer?.status ?? 'no answer'}` };
      const ending = TYPES[answer.headers.get('content-type') ?? ''];
      if (ending === undefined) return { refused: 'this is no image' };
      if (Number(answer.headers.get('content-length')) > MOST_BYTES) return { refused: 'it is too large' };
      const bytes = Buffer.from(await answer.arrayBuffer());
      const name = `${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}.${ending}`;
      // Two posts may bring the same image at once.
      const draft = join(folder, randomUUID());
      await writeDurably(draft, bytes);
      await rename(draft, join(folder, name));
      return { name };
    },
    read: async (name) => {
      const ending = /^[0-9a-f]{32}\.(\w+)$/.exec(name)?.[1];
      const type = Object.keys(TYPES).find((known) => TYPES[known] === ending);
      if (type === undefined) return undefined;
      const bytes = await readFile(join(folder, name)).catch(() => undefined);
      return bytes && { bytes, type };
    },
  };
}
