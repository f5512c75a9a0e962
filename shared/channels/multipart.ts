import { sha256 } from '../domain/ids.ts';
import type { StreamedBody } from './provider.ts';

/** One file of a form: read when it is sent, so that it is never whole in memory. */
export type FormFile = {
  readonly field: string;
  readonly fileName: string;
  readonly type: string;
  readonly bytes: number;
  readonly chunks: () => AsyncIterable<Uint8Array>;
};

/**
 * A `multipart/form-data` body (RFC 7578), fields first. `of`: what belongs to this form alone, so that its boundary
 * stands nowhere in what is sent, and the same form is the same body again.
 */
export function multipart(
  of: string,
  fields: readonly (readonly [name: string, value: string, type?: string])[],
  files: readonly FormFile[],
): { headers: Readonly<Record<string, string>>; body: StreamedBody } {
  const boundary = `sendeplan-${sha256(of).slice(0, 40)}`;
  const parts: (Uint8Array | FormFile)[] = [];
  const text = (value: string): void => void parts.push(Buffer.from(value));
  for (const [name, value, type] of fields) {
    const typed = type === undefined ? '' : `content-type: ${type}\r\n`;
    text(
      `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"\r\n${typed}\r\n${value}\r\n`,
    );
  }
  for (const file of files) {
    const disposition = `form-data; name="${quoted(file.field)}"; filename="${quoted(file.fileName)}"`;
    text(`--${boundary}\r\ncontent-disposition: ${disposition}\r\ncontent-type: ${file.type}\r\n\r\n`);
    parts.push(file);
    text('\r\n');
  }
  text(`--${boundary}--\r\n`);
  const bytes = parts.reduce((sum, part) => sum + (part instanceof Uint8Array ? part.length : part.bytes), 0);
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: { bytes, chunks: () => chunksOf(parts) },
  };
}

async function* chunksOf(parts: readonly (Uint8Array | FormFile)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Uint8Array) yield part;
    else yield* part.chunks();
  }
}

/** As the HTML standard writes names in forms. */
const quoted = (name: string): string =>
  name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
