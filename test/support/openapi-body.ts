import type { Received } from './fake-networks/server.ts';

export type ReadBody = { readonly type: string } & (
  | { readonly kind: 'json'; readonly value: unknown }
  /** Every value is text, or an array of texts. */
  | { readonly kind: 'form'; readonly value: Readonly<Record<string, unknown>> }
  | { readonly kind: 'bytes' }
  | { readonly kind: 'broken' }
);

/** A request's body by its content type; undefined where there is none. */
export function readBody(request: Received, jsonField: string | undefined): ReadBody | undefined {
  if (request.bytes.length === 0) return undefined;
  const header = request.headers['content-type'] ?? 'application/octet-stream';
  const type = (header.split(';')[0] ?? '').trim().toLowerCase();
  if (/[/+]json$/.test(type)) {
    return request.json === undefined
      ? { type, kind: 'broken' }
      : { type, kind: 'json', value: request.json };
  }
  if (type === 'application/x-www-form-urlencoded') {
    return { type, kind: 'form', value: nested([...new URLSearchParams(request.body)]) };
  }
  if (type !== 'multipart/form-data') return { type, kind: 'bytes' };
  const fields = multipartFields(request.bytes, /boundary="?([^";]+)"?/.exec(header)?.[1] ?? '');
  if (fields === undefined) return { type, kind: 'broken' };
  const whole = fields.find(([name]) => name === jsonField)?.[1];
  const rest = fields.filter(([name]) => name !== jsonField);
  if (whole === undefined) return { type, kind: 'form', value: nested(rest) };
  const json = parsed(whole);
  return json === undefined
    ? { type, kind: 'broken' }
    : { type, kind: 'json', value: { ...json, ...nested(rest) } };
}

function parsed(text: string): object | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? json : undefined;
  } catch {
    return undefined;
  }
}

type Fields = readonly (readonly [name: string, value: string])[];

/** Fields by name; a repeated one is an array, and so is `a[]`; `a[b]` is a field `b` within `a`. */
function nested(fields: Fields): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const [name, value] of fields) {
    const [, outer = name, inner] = /^([^[\]]+)\[([^\d[\]][^[\]]*)\](?:\[\])?$/.exec(name) ?? [];
    const isList = name.endsWith('[]');
    if (inner === undefined) add(made, isList ? name.slice(0, -2) : name, value, isList);
    else {
      made[outer] ??= {};
      add(made[outer] as Record<string, unknown>, inner, value, isList);
    }
  }
  return made;
}

function add(to: Record<string, unknown>, name: string, value: string, isList: boolean): void {
  const present = to[name];
  if (present === undefined) to[name] = isList ? [value] : value;
  else to[name] = [present, value].flat();
}

/** Texts as they are; of a file an empty text, for a file's bytes are no matter of a schema. */
function multipartFields(bytes: Uint8Array, boundary: string): Fields | undefined {
  // Latin-1 keeps every byte one character, whatever a file holds.
  const text = Buffer.from(bytes).toString('latin1');
  const parts = `\r\n${text}`.split(`\r\n--${boundary}`);
  if (boundary === '' || parts.length < 2 || !parts.at(-1)?.startsWith('--')) return undefined;
  return parts.slice(1, -1).map((part) => {
    const end = part.indexOf('\r\n\r\n');
    const head = part.slice(0, end);
    const name = Buffer.from(/ name="([^"]*)"/.exec(head)?.[1] ?? '', 'latin1').toString();
    const isFile = / filename="/.test(head);
    return [name, isFile ? '' : Buffer.from(part.slice(end + 4), 'latin1').toString()];
  });
}
