import { resolve } from './docs-fields.ts';
import { EXAMPLE_DAY } from './docs-html.ts';
import type { JsonSchema } from './json-schemas.ts';
import type { OpenApi, Operation } from './openapi.ts';

/** A request that can be pasted into a shell, with `$KEY` for the key. */
export function curl(
  document: OpenApi,
  { method, path, operation }: { method: string; path: string; operation: Operation },
  origin: string,
): string {
  const [type, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const query = (operation.parameters ?? [])
    .filter((parameter) => parameter.in === 'query' && parameter.required)
    .map(({ name, schema }) => `${name}=${encodeURIComponent(String(example(document, schema, name)))}`)
    .join('&');
  const parts = [
    `curl${method === 'GET' ? '' : ` -X ${method}`} '${origin}${fill(path)}${query === '' ? '' : `?${query}`}'`,
    ...(operation.security === undefined ? ['-H "Authorization: Bearer $KEY"'] : []),
    ...(operation.parameters ?? [])
      .filter(({ name }) => name.toLowerCase() === 'idempotency-key')
      .map(({ name }) => `-H '${name}: any-text-of-your-own'`),
    ...(type === undefined || media === undefined
      ? []
      : [`-H 'Content-Type: ${type}'`, `-d '${shell(bodyText(type, example(document, media.schema, '')))}'`]),
  ];
  return parts.join(' \\\n  ');
}

/** What a body looks like: the schema's own example, else its required fields and those with a telling name. */
export function example(document: OpenApi, schema: JsonSchema, name: string): unknown {
  const whole = resolve(document, schema);
  if (whole.examples?.[0] !== undefined) return whole.examples[0];
  if (whole.const !== undefined) return whole.const;
  if (whole.type !== 'object' && EXAMPLES[name] !== undefined) return EXAMPLES[name];
  if (whole.enum !== undefined) return whole.enum[0];
  const [first] = whole.anyOf ?? whole.oneOf ?? [];
  if (first !== undefined) return example(document, first, name);
  if (whole.type === 'array') return whole.items === undefined ? [] : [example(document, whole.items, name)];
  if (whole.properties !== undefined) {
    const wanted = Object.entries(whole.properties).filter(
      ([field]) => whole.required?.includes(field) || TELLING.has(field),
    );
    return Object.fromEntries(wanted.map(([field, inner]) => [field, example(document, inner, field)]));
  }
  if (whole.default !== undefined) return whole.default;
  const type = typeof whole.type === 'object' ? whole.type[0] : whole.type;
  return PLAIN[whole.format ?? type ?? ''] ?? {};
}

/** Optional fields without which an example would mislead. */
const TELLING = new Set(['dueAt']);

const EXAMPLES: Readonly<Record<string, unknown>> = {
  brandId: 'brd_0123456789abcdefghjk',
  postId: 'post_0123456789abcdefghjk',
  channelId: 'chn_0123456789abcdefghjk',
  holdId: 'hld_0123456789abcdefghjk',
  reportId: 'rep_0123456789abcdefghjk',
  mediaId: 'med_0123456789abcdefghjk',
  loginId: 'lgn_0123456789abcdefghjk',
  keyId: 'key_0123456789abcdefghjk',
  deliveryId: 'dlv_0123456789abcdefghjk_01',
  token: 'the-token-of-the-mail',
  channels: ['chn_0123456789abcdefghjk'],
  fileName: 'bread.jpg',
  bytes: 482_113,
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  name: 'Bakery Sunrise',
  timeZone: 'Europe/Berlin',
  locale: 'en',
  text: 'Fresh bread from seven o’clock.',
  dueAt: `${EXAMPLE_DAY}T09:00:00+01:00`,
  from: '2026-11-30T00:00:00Z',
  to: '2026-12-07T00:00:00Z',
  week: '2026-W48',
  email: 'client@bakery.example',
  reason: 'The client asked us to wait',
  // One where a client can log in.
  network: 'linkedin',
};

const PLAIN: Readonly<Record<string, unknown>> = {
  string: 'text',
  integer: 1,
  number: 1,
  boolean: true,
  'date-time': '2026-11-30T09:00:00+01:00',
  email: 'client@bakery.example',
  uri: 'https://bakery.example/',
  object: {},
};

function fill(path: string): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => String(EXAMPLES[name] ?? `{${name}}`));
}

/** In one line where that is short, else indented to stand under its `-d`. */
function bodyText(type: string, value: unknown): string {
  if (type === 'application/x-www-form-urlencoded') {
    return new URLSearchParams(value as Record<string, string>).toString();
  }
  const line = JSON.stringify(value);
  return line.length <= 70 ? line : JSON.stringify(value, null, 2).replaceAll('\n', '\n  ');
}

/** A single quote inside a single-quoted shell word. */
function shell(text: string): string {
  return text.replaceAll("'", `'\\''`);
}
