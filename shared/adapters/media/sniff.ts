import { fileTypeFromBuffer } from 'file-type';
import type { Bucket } from '../../ports.ts';

/** The type of a file by its first bytes; undefined when they say nothing. */
export async function sniff(bucket: Bucket, path: string): Promise<string | undefined> {
  const first: Uint8Array[] = [];
  for await (const chunk of bucket.read(path, { from: 0, to: FIRST_BYTES })) first.push(chunk);
  const found = await fileTypeFromBuffer(Buffer.concat(first));
  return found && (SAME[found.mime] ?? found.mime);
}

const FIRST_BYTES = 16 * 1024;

/** What is told apart there and is one type here. */
const SAME: Readonly<Record<string, string>> = { 'image/apng': 'image/png', 'video/x-m4v': 'video/mp4' };
