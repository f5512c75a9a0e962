import type { Received } from './fake-networks/server.ts';
import { readBody } from './openapi-body.ts';
import { type Operation, type Parameter, readDescription, type Schema } from './openapi-document.ts';
import { type Check, schemaChecks } from './openapi-schema.ts';

export type OpenApiOptions = {
  /** Where the API starts on its server, if it is not where the description says: `/api/v10`. */
  readonly basePath?: string;
  /** Path parameters whose value may hold slashes: Google's `{name}`. */
  readonly slashesIn?: readonly string[];
  /** Query parameters that the network takes on every request, though the description is silent about them. */
  readonly extraQuery?: readonly string[];
  /** Parameters that are not held to their description: it is wrong, or the network reads them from elsewhere. */
  readonly unchecked?: readonly string[];
  /** The form field that holds the JSON of the rest: Discord's `payload_json`. */
  readonly jsonField?: string;
  /**
   * A schema to hold this request's body against instead (`#/components/schemas/…`), where the description's own one
   * cannot be met in ways that the network allows in words.
   */
  readonly bodySchema?: (request: Received) => string | undefined;
};

/**
 * What is wrong with a request by an OpenAPI 3 or Swagger 2 description in JSON: no such operation, a parameter that is
 * missing, unknown or of another kind, a body that the schema refuses or that has what no schema names.
 */
export function openApiChecks(file: URL, options: OpenApiOptions = {}): (request: Received) => string[] {
  const description = readDescription(file);
  const checks = schemaChecks(description);
  const routes = description.operations
    .map((operation) => ({ operation, match: matcher(operation.path, options.slashesIn ?? []) }))
    // The concrete path before the templated one.
    .sort((a, b) => literals(b.operation.path) - literals(a.operation.path));
  const basePath = options.basePath ?? description.basePath;

  return (request) => {
    const { pathname, searchParams } = request.url;
    const path = pathname.startsWith(`${basePath}/`) ? pathname.slice(basePath.length) : pathname;
    const query = new URLSearchParams(searchParams);
    for (const { operation, match } of routes) {
      const values = operation.method === request.method ? match(path, query) : undefined;
      if (values === undefined) continue;
      const asked = operation.parameters.filter(({ name }) => !options.unchecked?.includes(name));
      return [
        ...asked.flatMap((one) =>
          parameterProblems(one, valuesOf(one, values, query, request), checks.coerced),
        ),
        ...unknownNames(operation, query, options.extraQuery ?? []).map((name) => `no parameter ${name}`),
        ...bodyProblems(operation, request, options, checks),
      ];
    }
    return ['no such operation'];
  };
}

type Values = ReadonlyMap<string, string>;

/** Matches a path, and the query that some descriptions write into their paths, which is then taken out of `query`. */
function matcher(template: string, slashesIn: readonly string[]) {
  const [path = '', fixed = ''] = template.split('?');
  const names = [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] ?? '');
  const parts = path.split(/\{[^}]+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const source = parts.reduce((before, part, n) => {
    return `${before}${slashesIn.includes(names[n - 1] ?? '') ? '(.+)' : '([^/]+)'}${part}`;
  });
  const pattern = new RegExp(`^${source}$`);
  return (pathname: string, query: URLSearchParams): Values | undefined => {
    const match = pattern.exec(pathname);
    const wanted = [...new URLSearchParams(fixed)];
    if (match === null || wanted.some(([name, value]) => query.get(name) !== value)) return undefined;
    for (const [name] of wanted) query.delete(name);
    return new Map(names.map((name, n) => [name, decodeURIComponent(match[n + 1] ?? '')]));
  };
}

const literals = (path: string): number => path.replace(/\{[^}]+\}/g, '').length;

const NEVER_DESCRIBED = new Set(['authorization', 'content-type', 'accept']);

function valuesOf(parameter: Parameter, path: Values, query: URLSearchParams, request: Received): string[] {
  const one = (value: string | string[] | undefined): string[] => (value === undefined ? [] : [value].flat());
  if (parameter.in === 'path') return one(path.get(parameter.name));
  if (parameter.in === 'header') return one(request.headers[parameter.name.toLowerCase()]);
  return parameter.in === 'query'
    ? [...query.getAll(parameter.name), ...query.getAll(`${parameter.name}[]`)]
    : [];
}

function parameterProblems(
  { name, in: where, required, schema, separator }: Parameter,
  given: readonly string[],
  check: (schema: Schema) => Check,
): string[] {
  if (where === 'cookie' || (where === 'header' && NEVER_DESCRIBED.has(name.toLowerCase()))) return [];
  if (given.length === 0) return required ? [`${where} parameter ${name} is missing`] : [];
  const isList = schema.type === 'array';
  const values = separator === undefined ? given : given.flatMap((value) => value.split(separator));
  if (!isList && given.length > 1) return [`${where} parameter ${name} is given more than once`];
  return check(schema)(isList ? values : given[0]).map((problem) => `${where} parameter ${name}${problem}`);
}

function unknownNames({ parameters }: Operation, query: URLSearchParams, extra: readonly string[]): string[] {
  const known = new Set(parameters.flatMap(({ name, in: where }) => (where === 'query' ? [name] : [])));
  return [...new Set(query.keys())].filter(
    (name) => !known.has(name) && !known.has(name.replace(/\[\]$/, '')) && !extra.includes(name),
  );
}

function bodyProblems(
  { body }: Operation,
  request: Received,
  options: OpenApiOptions,
  checks: ReturnType<typeof schemaChecks>,
): string[] {
  const read = readBody(request, options.jsonField);
  if (read === undefined) return body?.required ? ['a body is missing'] : [];
  if (body === undefined) return ['there is a body, and none is described'];
  const types = [read.type, `${read.type.split('/')[0]}/*`, '*/*'];
  const type = types.find((one) => body.content.has(one));
  if (type === undefined) return [`no body of the type ${read.type}`];
  if (read.kind === 'broken') return [`the body is no ${read.type}`];
  if (read.kind === 'bytes') return [];
  const other = options.bodySchema?.(request);
  const schema = otherSchema(other) ?? body.content.get(type) ?? {};
  const check = read.kind === 'form' ? checks.coerced(schema) : checks.strict(schema);
  return check(read.value).map((problem) => `body${problem}`);
}

const OTHERS = new Map<string, Schema>();

/** One object for one pointer: compiled checks are kept by it. */
function otherSchema(pointer: string | undefined): Schema | undefined {
  if (pointer === undefined) return undefined;
  const schema = OTHERS.get(pointer) ?? { $ref: pointer };
  OTHERS.set(pointer, schema);
  return schema;
}
