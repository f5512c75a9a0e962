import { isIP } from 'node:net';

export type Question = { readonly name: string; readonly type: 'A' | 'AAAA' | 'other'; readonly end: number };

export type NameAnswer = {
  /** The chain of names from the one that was asked for to the one that has the addresses. */
  readonly via?: readonly string[];
  /** IPv4 and IPv6, in this order. */
  readonly addresses: readonly string[];
};

/** The one question of a query (RFC 1035 §4.1), and where it ends. Names are in lower case. */
export function decodeQuestion(query: Buffer): Question {
  const labels: string[] = [];
  let at = HEADER;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const type = query.readUInt16BE(at + 1);
  return {
    name: labels.join('.').toLowerCase(),
    type: type === TYPE.A ? 'A' : type === TYPE.AAAA ? 'AAAA' : 'other',
    end: at + 5,
  };
}

/** The answer to `question`. `cut`: with no records, and the flag that says to ask again by TCP. */
export function encodeAnswer(
  query: Buffer,
  question: Question,
  { via = [], addresses }: NameAnswer,
  { cut = false } = {},
): Buffer {
  const family = question.type === 'A' ? 4 : question.type === 'AAAA' ? 6 : 0;
  const names = [question.name, ...via];
  const aliases = via.map((target, n) => record(names[n] ?? '', TYPE.CNAME, encodeName(target)));
  const owner = names.at(-1) ?? '';
  const hosts = addresses
    .filter((address) => isIP(address) === family)
    .map((address) => record(owner, family === 4 ? TYPE.A : TYPE.AAAA, bytesOf(address)));
  const records = cut ? [] : [...aliases, ...hosts];

  const header = Buffer.alloc(HEADER);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(cut ? 0x8780 : 0x8580, 2); // an authoritative answer, recursion asked for and available
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, query.subarray(HEADER, question.end), ...records]);
}

const HEADER = 12;
const TYPE = { A: 1, CNAME: 5, AAAA: 28 };

function record(name: string, type: number, data: Buffer): Buffer {
  const fixed = Buffer.alloc(10); // type, class, TTL 0, length
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([encodeName(name), fixed, data]);
}

const encodeName = (name: string): Buffer =>
  Buffer.concat([
    ...name
      .split('.')
      .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')])),
    Buffer.from([0]),
  ]);

function bytesOf(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  // `URL` writes dotted endings as groups, and leaves at most one `::`.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string | undefined): string[] => (text ? text.split(':') : []);
  const [front, back] = [groups(head), groups(tail)];
  const all = [...front, ...Array<string>(8 - front.length - back.length).fill('0'), ...back];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}
