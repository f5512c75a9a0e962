import type { JsonSchema } from '../../functions/api/json-schemas.ts';
import type { OpenApi, Operation } from '../../functions/api/openapi.ts';
import { DAY, MINUTE } from '../../shared/domain/time.ts';
import { type Prng, prng } from '../simulation/prng.ts';
import { MADE_AT } from '../support/builders.ts';
import { KINDS, type Kind } from './belongings.ts';
import { sample } from './sample.ts';

export type Endpoint = { readonly method: string; readonly path: string; readonly operation: Operation };
export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

/** Every method of every path of the document. */
export function endpointsOf(document: OpenApi): readonly Endpoint[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );
}

/**
 * A request that the document allows. `choose` says what stands wherever something can be named that belongs to
 * somebody; the same seed gives the same request but for these places.
 */
export function buildRequest(
  document: OpenApi,
  { method, path, operation }: Endpoint,
  seed: number,
  choose: (kind: Kind) => string,
): Asked {
  const random = prng(seed, operation.operationId);
  const { schemas } = document.components;
  const field = fields(random, seed, choose);
  const fill = (schema: JsonSchema, name: string, optional = 0.4) =>
    sample(schema, { random, schemas, field, optional }, name);
  const headers: Record<string, string> = {};
  const query: string[] = [];
  let filled = path;
  for (const { in: place, name, schema, required } of operation.parameters ?? []) {
    if (place === 'path')
      filled = filled.replace(`{${name}}`, encodeURIComponent(String(fill(schema, name))));
    else if (place === 'query' && (required || random.chance(0.5))) {
      const value = fill(schema, name);
      const text = Array.isArray(value) ? value.join(',') : String(value);
      if (text !== '') query.push(`${name}=${encodeURIComponent(text)}`);
    } else if (name === 'Idempotency-Key' && random.chance(0.5)) {
      headers['idempotency-key'] = choose('idempotencyKey');
    } else if (name === 'If-Match' && random.chance(0.2)) headers['if-match'] = '"1"';
  }
  if (random.chance(0.3)) headers['accept-language'] = 'de';
  if (random.chance(0.2)) headers.accept = random.pick(['text/html', 'text/csv', 'text/plain', '*/*']);
  const target = query.length === 0 ? filled : `${filled}?${query.join('&')}`;
  const content = Object.entries(operation.requestBody?.content ?? {})[0];
  if (content === undefined) return { method, path: target, headers };
  const [type, media] = content;
  // A patch may hold any part of what makes the thing.
  const whole = PATCHES[operation.operationId];
  const schema = whole === undefined ? media.schema : { ...schemas[whole], required: [] };
  const body = fill(schema, '', 0.5);
  const text = type.includes('form') ? new URLSearchParams(body as Record<string, string>).toString() : body;
  return { method, path: target, headers: { ...headers, 'content-type': type }, body: text };
}

const PATCHES: Readonly<Record<string, string>> = { updateBrand: 'BrandInput', editPost: 'PostInput' };
const isKind = (name: string): name is Kind => (KINDS as readonly string[]).includes(name);

/** What the document cannot say: which fields name things, and what makes a request more than well-formed. */
function fields(random: Prng, seed: number, choose: (kind: Kind) => string) {
  const later = (): string => new Date(MADE_AT + 3 * DAY + (seed % 500_000) * MINUTE).toISOString();
  return (name: string, schema: JsonSchema): unknown => {
    if (schema.type === 'array' || schema.anyOf || schema.oneOf) {
      return name === 'dueAt' ? later() : undefined;
    }
    const id = /^\^(\w+)_\[/.exec(schema.pattern ?? '')?.[1];
    if (id !== undefined) return choose(ID_KINDS[id] ?? 'brandId');
    if (schema.type === 'string' && isKind(name)) return choose(name);
    switch (name) {
      case 'key of variants':
        return random.chance(0.7) ? choose('channelId') : 'fakenet';
      case 'credential':
        return { host: choose('host'), token: 'good-token' };
      case 'options':
        return schema.type === 'object' ? {} : undefined;
      case 'name':
        return `Name ${seed}`;
      case 'text':
        return `Text ${seed}`;
      case 'timeZone':
        return 'Europe/Berlin';
      // Short pages have cursors.
      case 'limit':
        return random.chance(0.7) ? random.int(1, 4) : undefined;
      case 'from':
        return '2026-01-01T00:00:00Z';
      case 'to':
        return '2027-01-01T00:00:00Z';
      case 'until':
      case 'expiresAt':
        return later();
      default:
        return undefined;
    }
  };
}

const ID_KINDS: Readonly<Record<string, Kind>> = {
  brd: 'brandId',
  chn: 'channelId',
  post: 'postId',
  hld: 'holdId',
  rep: 'reportId',
  key: 'keyId',
  med: 'mediaId',
  lgn: 'loginId',
};
