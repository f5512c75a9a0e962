import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { fieldsOf, givenTo } from './fake-networks/graph.ts';
import type { Received } from './fake-networks/server.ts';

type Parameter = { readonly name: string; readonly type: string; readonly required: boolean };
type Call = {
  readonly method: string;
  /** Of an edge; a node's own calls have names: `#get`, `#update`, `#delete`. */
  readonly endpoint?: string;
  readonly name?: string;
  readonly return: string;
  readonly params: readonly Parameter[];
};
type Description = { readonly apis: readonly Call[]; readonly fields: readonly { readonly name: string }[] };
type Values = readonly { readonly name: string; readonly values: readonly string[] }[];

/** What every Graph API takes with every call, and so describes with none. */
const EVERYWHERE = ['fields', 'limit', 'after', 'access_token'];

export type MetaOptions = {
  /** The kind of object that an id in a path is; undefined for one that is not described. */
  readonly nodeOf: (id: string) => string | undefined;
  /** Fields that are documented in words only, by kind. */
  readonly alsoFields?: Readonly<Record<string, readonly string[]>>;
};

/**
 * Checks requests against Meta's own lists of what its objects have and take: one file for each kind of object.
 * @returns what is wrong with a request; nothing where an object is not described
 */
export function metaChecks(folder: URL, { nodeOf, alsoFields = {} }: MetaOptions) {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  const values = new Map(read<Values>(folder, 'enum_types').map((one) => [one.name, one.values]));
  const described = new Map<string, Description | undefined>();
  const describe = (node: string): Description | undefined => {
    if (!described.has(node)) described.set(node, readIfAny(folder, node));
    return described.get(node);
  };
  /** Everything is text in a form; lists and objects are JSON, or have commas. */
  const schemaOf = (type: string): object => {
    const known = values.get(type.replace(/^list<(.*)>$/, '$1'));
    if (known !== undefined) {
      const names = known.map((value) => value.toLowerCase()).join('|');
      return { pattern: `^(?:(?:${names})(?:,(?!$)|$))+$` };
    }
    if (type === 'bool') return { enum: ['true', 'false'] };
    return /^(unsigned )?int$/.test(type) ? { pattern: '^\\d+$' } : { type: 'string' };
  };
  const parameterProblems = (call: Call, given: Readonly<Record<string, string>>): string[] => {
    const own = Object.entries(given).filter(([name]) => !EVERYWHERE.includes(name));
    const lower = own.map(([name, value]) => {
      const type = call.params.find((one) => one.name === name)?.type ?? '';
      return [name, values.has(type.replace(/^list<(.*)>$/, '$1')) ? value.toLowerCase() : value];
    });
    const check = ajv.compile({
      type: 'object',
      properties: Object.fromEntries(call.params.map(({ name, type }) => [name, schemaOf(type)])),
      required: call.params.filter(({ required }) => required).map(({ name }) => name),
      additionalProperties: false,
    });
    if (check(Object.fromEntries(lower))) return [];
    return (check.errors ?? []).map(({ instancePath, message, params }) =>
      `${instancePath} ${message} ${params.additionalProperty ?? ''}`.trim(),
    );
  };
  const fieldProblems = (node: string, given: Readonly<Record<string, string>>): string[] => {
    const description = describe(node);
    if (description === undefined || given.fields === undefined) return [];
    const known = new Set([
      ...description.fields.map(({ name }) => name),
      ...description.apis.flatMap(({ method, endpoint }) => (method === 'GET' && endpoint ? [endpoint] : [])),
      ...(alsoFields[node] ?? []),
    ]);
    return fieldsOf(given)
      .filter((name) => !known.has(name))
      .map((name) => `no field ${name} of ${node}`);
  };

  return ({ method, path, given }: MetaCall): string[] => {
    const [id = '', edge] = path.split('/');
    const node = nodeOf(id);
    const description = node === undefined ? undefined : describe(node);
    if (node === undefined || description === undefined) return [];
    const name = { GET: '#get', POST: '#update', DELETE: '#delete' }[method];
    const call = description.apis.find((one) =>
      edge === undefined ? one.name === name : one.endpoint === edge && one.method === method,
    );
    if (call === undefined) return [`no ${method} ${edge ?? name} of ${node}`];
    const read = edge === undefined ? node : call.return;
    return [...parameterProblems(call, given), ...fieldProblems(read, given)];
  };
}

/** A request as Graph understands it: `path` is without its version. */
export type MetaCall = {
  readonly method: string;
  readonly path: string;
  readonly given: Readonly<Record<string, string>>;
};

/** The calls within a request: a batch holds several. */
export function metaCalls(request: Received, version: string): MetaCall[] {
  const { method, url } = request;
  const path = url.pathname.replace(`/${version}/`, '');
  const given = givenTo(request);
  if (given.batch === undefined) return [{ method, path, given }];
  const batch = JSON.parse(given.batch) as { method: string; relative_url: string }[];
  return batch.map((one) => {
    const relative = new URL(one.relative_url, 'https://graph.facebook.com/');
    const query = Object.fromEntries(relative.searchParams);
    return { method: one.method, path: relative.pathname.slice(1), given: query };
  });
}

const read = <Shape>(folder: URL, name: string): Shape =>
  JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Shape;

function readIfAny(folder: URL, name: string): Description | undefined {
  try {
    return read<Description>(folder, name);
  } catch {
    return undefined;
  }
}
