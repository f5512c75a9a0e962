import type { Prng } from '../simulation/prng.ts';
import type { Asked } from './crossed-requests.ts';
import { ODD_HEADERS, ODD_QUERIES, ODD_SEGMENTS, oddText, oddValue } from './odd-values.ts';

/** A request as it goes over the wire: the body is text, in base64 where API Gateway would give it so. */
export type Wire = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text?: string;
  readonly isBase64Encoded: boolean;
};

/** The request as it is, or spoilt in one to three ways. */
export function mutate(asked: Asked, random: Prng): Wire {
  let { method, path, headers, body } = asked;
  let raw: string | undefined;
  for (let times = random.pick([0, 1, 1, 1, 2, 3]); times > 0; times--) {
    switch (random.pick(['body', 'body', 'body', 'raw', 'path', 'query', 'header', 'method'])) {
      case 'body':
        body = typeof body === 'string' ? body + oddText(random) : spoilt(body, random);
        break;
      case 'raw':
        raw = rawBody(body, random);
        break;
      case 'path':
        path = oddPath(path, random);
        break;
      case 'query':
        path += `${path.includes('?') ? '&' : '?'}${random.some(ODD_QUERIES)}`;
        break;
      case 'header': {
        const [name = '', value = ''] = random.some(ODD_HEADERS) ?? [];
        headers = { ...headers, [name]: value };
        break;
      }
      default:
        method = random.pick(['HEAD', 'PUT', 'OPTIONS', 'TRACE', 'PATCH', 'DELETE', 'get', 'BREW']);
    }
  }
  const text = raw ?? (body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
  const isBase64Encoded = text !== undefined && random.chance(0.1);
  const sent = isBase64Encoded ? Buffer.from(text).toString('base64') : text;
  return { method, path, headers, ...(sent === undefined ? {} : { text: sent }), isBase64Encoded };
}

/** One place of the value is another one, is gone, or has something beside it. */
function spoilt(body: unknown, random: Prng): unknown {
  const copy: unknown = structuredClone(body ?? {});
  const places = placesOf(copy);
  const place = random.some(places);
  if (place === undefined || random.chance(0.05)) return oddValue(random);
  const { parent, key } = place;
  switch (random.pick(['replace', 'replace', 'replace', 'delete', 'add', 'repeat'])) {
    case 'replace':
      parent[key] = oddValue(random);
      break;
    case 'delete':
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete parent[key];
      break;
    case 'add':
      if (Array.isArray(parent)) {
        parent.push(oddValue(random));
        break;
      }
      Object.defineProperty(parent, random.pick(['unknown', '__proto__', 'constructor', '', 'ü']), {
        value: oddValue(random),
        enumerable: true,
        configurable: true,
        writable: true,
      });
      break;
    default:
      parent[key] = Array.from({ length: random.pick([2, 30, 200]) }, () => parent[key]);
  }
  return copy;
}

type Place = { readonly parent: Record<string, unknown>; readonly key: string };

function placesOf(value: unknown): Place[] {
  if (value === null || typeof value !== 'object') return [];
  const parent = value as Record<string, unknown>;
  return Object.keys(parent).flatMap((key) => [{ parent, key }, ...placesOf(parent[key])]);
}

/** What no JSON value becomes when it is written: broken, doubled, deep, large. */
function rawBody(body: unknown, random: Prng): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? {});
  const cut = random.int(0, text.length);
  const [name = 'content'] = Object.keys((body as object | undefined) ?? {});
  const ways: readonly (() => string)[] = [
    () => text.slice(0, cut),
    () => `${text}${text}`,
    () => `\ufeff${text}`,
    () => text.replace('}', ',}'),
    () => text.replaceAll('"', "'"),
    () => text.replace(/:\s*("[^"]*"|\d+)/, ':NaN'),
    () => text.replace(/:\s*("[^"]*"|\d+)/, ':1e400'),
    () => text.replace(/:\s*("[^"]*"|\d+)/, ':-0'),
    () => text.replace('{', `{"${name}":null,`),
    () => text.replace(/\}$/, `,"${name}":7}`),
    () => text.replace('{', '{"__proto__":{"isAdmin":true},'),
    () => `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
    () => `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`,
    () => text.replace(/\}$/, `,"options":${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}}`),
    () => JSON.stringify({ pad: 'x'.repeat(256 * 1024) }),
    () => ' '.repeat(256 * 1024 + 1),
    () => '',
    () => 'null',
    () => '"text"',
    () => '[]',
    () => '\u0000',
    () => 'a=b&c=d',
    () => '<xml/>',
  ];
  return random.some(ways)?.() ?? '';
}

function oddPath(path: string, random: Prng): string {
  const [address = '/', ...query] = path.split('?');
  const segments = address.split('/');
  const place = random.int(1, Math.max(1, segments.length - 1));
  const ways: readonly (() => readonly string[])[] = [
    () => segments.with(place, random.some(ODD_SEGMENTS) ?? ''),
    () => segments.with(place, encodeURIComponent(oddText(random).replace(/[\ud800-\udfff]/g, ''))),
    () => segments.toSpliced(place, 0, random.some(ODD_SEGMENTS) ?? ''),
    () => segments.with(place, segments[place]?.toUpperCase() ?? ''),
    () => segments.with(place, `${segments[place]}%20`),
    () => [...segments, ''],
    () => ['', ...segments],
  ];
  const changed = random.some(ways)?.() ?? segments;
  return [changed.join('/'), ...query].join('?');
}
