const HEADER_BYTES = 13;
const DESCRIPTOR_BYTES = 10;
const IMAGE = 0x2c;
const EXTENSION = 0x21;

/**
 * Does a GIF end where one of its blocks ends? Reading the pictures does not tell: of a file that is cut off those
 * before the cut are read, and the rest was never there. What is no block ends it, as it does for every reader.
 * https://www.w3.org/Graphics/GIF/spec-gif89a.txt
 */
export function isWholeGif(bytes: Buffer): boolean {
  const byteAt = (at: number): number => bytes[at] ?? 0;
  let at = HEADER_BYTES + tableBytes(byteAt(10));
  while (at < bytes.length) {
    const kind = byteAt(at);
    if (kind === IMAGE) at += DESCRIPTOR_BYTES + tableBytes(byteAt(at + 9)) + 1;
    else if (kind === EXTENSION) at += 2;
    else return true;
    // Data come in pieces of up to 255 bytes, each behind its length; none has the length 0.
    for (let length = byteAt(at); length > 0; length = byteAt(at)) at += 1 + length;
    at += 1;
  }
  return at === bytes.length;
}

/** The colours that stand behind a block with such flags. */
const tableBytes = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
