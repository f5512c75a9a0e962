import type { Bucket } from '../../shared/ports.ts';

/** A bucket in a map, for worlds without S3. Uploads go in by `put`. */
export function memoryBucket(): Bucket & { readonly files: Map<string, Uint8Array> } {
  const files = new Map<string, Uint8Array>();
  return {
    files,
    uploadUrl: async (path, { sha256 }) => ({
      url: `https://media.example/${path}?upload`,
      headers: { 'x-sha256': sha256 },
      expiresAt: 0,
    }),
    readUrl: async (path) => `https://media.example/${path}?signature=1`,
    async *read(
      path,
      { from = 0, to = Number.POSITIVE_INFINITY } = { from: 0, to: Number.POSITIVE_INFINITY },
    ) {
      const bytes = files.get(path);
      if (bytes === undefined) throw new Error(`there is no ${path}`);
      const asked = bytes.subarray(from, to);
      for (let at = 0; at < asked.length; at += CHUNK) yield asked.subarray(at, at + CHUNK);
    },
    size: async (path) => files.get(path)?.length,
    put: async (path, { bytes }) => void files.set(path, bytes),
    delete: async (path) => void files.delete(path),
  };
}

const CHUNK = 64 * 1024;
