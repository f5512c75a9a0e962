import { nameFields } from './field-texts.ts';
import { type JsonSchema, jsonSchemas } from './json-schemas.ts';
import { PROBLEMS, problemSchema } from './problem.ts';
import type { Route } from './route.ts';

export type Parameter = {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
  readonly explode?: boolean;
};
export type Media = Readonly<Record<string, { readonly schema: JsonSchema }>>;
export type Operation = {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  /** Empty: needs no key. */
  readonly security?: readonly [];
  readonly 'x-scope': Route['scope'];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Media };
  readonly responses: Readonly<Record<string, { description: string; content?: Media } | { $ref: string }>>;
};
export type OpenApi = {
  readonly openapi: '3.1.0';
  readonly info: { title: string; version: string; summary: string; description: string; license: object };
  readonly servers: readonly { url: string; description?: string }[];
  readonly security: readonly object[];
  readonly tags: readonly { name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly responses: object;
    readonly securitySchemes: object;
  };
};

/** The OpenAPI 3.1 document of these routes; nothing in it is written twice. */
export function openApi(routes: readonly Route[]): OpenApi {
  nameFields();
  const schemas = jsonSchemas();
  const problem = schemas.of(problemSchema, 'output');
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: operation(route, schemas.of),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sendeplan',
      version: '1.0.0',
      summary: 'Queue posts, publish them to the second, report on the week',
      description:
        'Every request but the public ones carries `Authorization: Bearer <key>`. Refusals are problems ' +
        '(RFC 9457) with a stable `code` and `findings` that name each field. Times are RFC 3339.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ key: [] }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: schemas.components(),
      responses: {
        Problem: {
          description: 'Refused; `code` and `findings` say why',
          content: { 'application/problem+json': { schema: problem } },
        },
      },
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key, `sp_…`, as shown once when it was made',
        },
      },
    },
  };
}

type Convert = ReturnType<typeof jsonSchemas>['of'];

function operation(route: Route, convert: Convert): Operation {
  const parameters = [
    ...pathParameters(route),
    ...queryParameters(route, convert),
    ...headerParameters(route),
  ];
  return {
    operationId: route.operationId,
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    tags: [route.tag],
    ...(route.scope === 'public' ? { security: [] } : {}),
    'x-scope': route.scope,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: !route.body.safeParse({}).success,
            content: { [route.bodyType ?? 'application/json']: { schema: convert(route.body, 'input') } },
          },
        }),
    responses: { ...answers(route, convert), ...refusals(route) },
  };
}

function answers(route: Route, convert: Convert): Operation['responses'] {
  return Object.fromEntries(
    Object.entries(route.answers).map(([status, schema]) => {
      const json: Media =
        schema === null ? {} : { 'application/json': { schema: convert(schema, 'output') } };
      const others = (route.alsoAs ?? []).map((type) => [type, { schema: { type: 'string' } }] as const);
      const content = { ...json, ...Object.fromEntries(others) };
      const replays = status === '201' && route.headers?.['Idempotency-Key'] !== undefined;
      const description = replays
        ? 'Made, or made before under the same Idempotency-Key'
        : (DESCRIPTIONS[status] ?? 'Done');
      return [status, Object.keys(content).length === 0 ? { description } : { description, content }];
    }),
  );
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  200: 'Done',
  201: 'Made',
  202: 'Taken on',
  204: 'Done; there is nothing to say',
  302: 'Go on at `Location`',
  307: 'Go on at `Location`',
};

/** Which refusals a route can answer with follows from what it takes. */
function refusals(route: Route): Operation['responses'] {
  const keyed = route.scope !== 'public';
  const statuses = new Set<number>([
    ...(route.path.includes('{') || route.looksUp ? [404] : []),
    ...(route.body === undefined ? [] : [400, 413, 422]),
    ...(keyed ? [401, 403, 422, 429] : []),
    ...(route.method === 'GET' ? [] : [409]),
    ...(route.headers !== undefined && 'If-Match' in route.headers ? [412] : []),
  ]);
  const named = [...statuses].filter((status) =>
    Object.values(PROBLEMS).some((known) => known.status === status),
  );
  return Object.fromEntries(
    [...named.map(String), 'default'].map((status) => [status, { $ref: '#/components/responses/Problem' }]),
  );
}

function pathParameters(route: Route): Parameter[] {
  return [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters(route: Route, convert: Convert): Parameter[] {
  if (route.query === undefined) return [];
  const { properties = {}, required = [] } = convert(route.query, 'input');
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    ...(schema.type === 'array' ? { explode: false } : {}),
    schema,
  }));
}

function headerParameters(route: Route): Parameter[] {
  return Object.entries(route.headers ?? {}).map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string' },
  }));
}
