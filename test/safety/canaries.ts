import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';

export type Secret = { readonly name: string; readonly value: string };
/** One place that was looked at: a table, a queue, a log. */
export type Place = { readonly name: string; readonly text: string };
export type Leak = {
  readonly secret: string;
  readonly place: string;
  readonly form: string;
  readonly at: string;
};

/** A secret that nobody else has, as long as tokens are; the same for the same name. Quotes and slashes get escaped. */
export function canary(name: string): string {
  const body = createHash('sha256').update(`canary ${name}`).digest('base64url').replace(/[_-]/g, 'x');
  return `c7${body.slice(0, 30)}/+${body.slice(30, 40)}`;
}

/**
 * Looks for each secret in each place: as it is, in either case, in base64 and base64url at each of the three ways it
 * can lie in a longer text, in hex, URL-encoded, JSON-escaped, reversed. Half a secret is a leak, too.
 */
export function leaksIn(places: readonly Place[], secrets: readonly Secret[]): Leak[] {
  return places.flatMap(({ name: place, text }) => {
    const unpacked = text + inflated(text);
    const low = unpacked.toLowerCase();
    return secrets.flatMap(({ name: secret, value }) =>
      formsOf(value).flatMap(([form, needle]) => {
        const found = CASELESS.has(form) ? low.indexOf(needle.toLowerCase()) : unpacked.indexOf(needle);
        if (found < 0) return [];
        return [{ secret, place, form, at: unpacked.slice(Math.max(0, found - 120), found + 40) }];
      }),
    );
  });
}

const CASELESS = new Set(['plain', 'reversed', 'hex', 'url', 'json']);

function formsOf(value: string): (readonly [form: string, needle: string])[] {
  const middle = Math.floor(value.length / 2);
  const parts = value.length < 20 ? [value] : [value, value.slice(0, middle), value.slice(middle)];
  return parts.flatMap((part) => {
    const bytes = Buffer.from(part);
    return [
      ['plain', part],
      ['reversed', [...part].reverse().join('')],
      ['hex', bytes.toString('hex')],
      ['url', encodeURIComponent(part)],
      ['url', [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')],
      ['json', JSON.stringify(part).slice(1, -1)],
      ['json', part.replaceAll('/', '\\/')],
      ['json', [...part].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')],
      ...[0, 1, 2].flatMap((before) => {
        const text = aligned(bytes, before);
        const url = text.replaceAll('+', '-').replaceAll('/', '_');
        return [['base64', text] as const, ['base64url', url] as const];
      }),
    ] as const;
  });
}

/** The base64 of these bytes behind `before` others, without the characters that neighbours have a part in. */
function aligned(bytes: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const start = before === 0 ? 0 : before + 1;
  const bits = (before + bytes.length) * 8;
  return text.slice(start, Math.floor(bits / 6));
}

/** What lies compressed in the table: gzip in base64 begins with `H4sI`. */
function inflated(text: string): string {
  return (text.match(/H4sI[\w+/]+=*/g) ?? [])
    .map((packed) => {
      try {
        return gunzipSync(Buffer.from(packed, 'base64')).toString();
      } catch {
        return '';
      }
    })
    .join('\n');
}
