import { readFileSync } from 'node:fs';

/** A JSON schema as it stands in a description; dialects are made one by `toSchema`. */
export type Schema = { readonly [keyword: string]: unknown };

export type Parameter = {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly required: boolean;
  readonly schema: Schema;
  /** What stands between the items of an array within one value; undefined: one value per item. */
  readonly separator: string | undefined;
};

export type Operation = {
  readonly method: string;
  /** As it is described, without the server's base path: `/users/{id}/tweets`. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: { readonly required: boolean; readonly content: ReadonlyMap<string, Schema> } | undefined;
};

export type Description = {
  readonly basePath: string;
  readonly operations: readonly Operation[];
  /** Everything that `$ref` may point to, its keys as in the document (`components`, `definitions`). */
  readonly shared: Schema;
};

/** An OpenAPI 3.0 or 3.1, or Swagger 2 description in JSON, in one form. */
export function readDescription(file: URL): Description {
  const document = JSON.parse(readFileSync(file, 'utf8')) as Document;
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      return operation === undefined ? [] : [toOperation(document, path, method, item, operation)];
    }),
  );
  const server = document.servers?.[0]?.url ?? document.basePath ?? '';
  return {
    basePath: server.replace(/^[a-z]+:\/\/[^/]+/, '').replace(/\/$/, ''),
    operations,
    shared: { components: document.components ?? {}, definitions: document.definitions ?? {} },
  };
}

const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete'] as const;

type RawParameter = Schema & {
  readonly $ref?: string;
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
  readonly explode?: boolean;
  readonly collectionFormat?: string;
};
type RawOperation = {
  readonly parameters?: readonly RawParameter[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Readonly<Record<string, { schema?: Schema }>>;
  };
  readonly consumes?: readonly string[];
};
type Item = { readonly parameters?: readonly RawParameter[] } & Partial<
  Record<(typeof METHODS)[number], RawOperation>
>;
type Document = {
  readonly paths: Readonly<Record<string, Item>>;
  readonly servers?: readonly { url: string }[];
  readonly basePath?: string;
  readonly consumes?: readonly string[];
  readonly components?: Schema;
  readonly definitions?: Schema;
};

function toOperation(
  document: Document,
  path: string,
  method: string,
  item: Item,
  operation: RawOperation,
): Operation {
  // What the operation says of a parameter counts more than what its path says.
  const raw = new Map(
    [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((one) => {
      const parameter = resolved(document, one);
      return [`${parameter.in} ${parameter.name}`, parameter];
    }),
  );
  const all = [...raw.values()];
  return {
    method: method.toUpperCase(),
    path,
    parameters: all.filter(({ in: where }) => where !== 'body' && where !== 'formData').map(toParameter),
    body: bodyOf(operation.requestBody) ?? swaggerBody(all, operation.consumes ?? document.consumes ?? []),
  };
}

function resolved(document: Document, parameter: RawParameter): RawParameter {
  if (parameter.$ref === undefined) return parameter;
  const keys = parameter.$ref.replace(/^#\//, '').split('/');
  let found: unknown = document;
  for (const key of keys) found = (found as Schema)[key.replaceAll('~1', '/').replaceAll('~0', '~')];
  return found as RawParameter;
}

function toParameter(parameter: RawParameter): Parameter {
  // Swagger 2 joins by commas unless told otherwise, OpenAPI 3 does not in a query.
  const explode = parameter.explode ?? (parameter.schema !== undefined && parameter.in === 'query');
  const isJoined = parameter.schema === undefined ? parameter.collectionFormat !== 'multi' : !explode;
  return {
    name: parameter.name,
    in: parameter.in as Parameter['in'],
    required: parameter.required === true,
    schema: parameter.schema ?? parameter,
    separator: isJoined ? ',' : undefined,
  };
}

function bodyOf(body: RawOperation['requestBody']): Operation['body'] {
  if (body === undefined) return undefined;
  const content = Object.entries(body.content).map(([type, { schema }]) => [type, schema ?? {}] as const);
  return { required: body.required === true, content: new Map(content) };
}

/** Of Swagger 2: one parameter is the body, or some are its fields. JSON has types of its own, so only their names count. */
function swaggerBody(parameters: readonly RawParameter[], consumes: readonly string[]): Operation['body'] {
  const whole = parameters.find(({ in: where }) => where === 'body');
  if (whole !== undefined) {
    return {
      required: whole.required === true,
      content: new Map([['application/json', whole.schema ?? {}]]),
    };
  }
  const fields = parameters.filter(({ in: where }) => where === 'formData');
  if (fields.length === 0) return undefined;
  const required = fields.filter((field) => field.required).map(({ name }) => name);
  const schemaOf = (typed: boolean): Schema => ({
    type: 'object',
    required,
    properties: Object.fromEntries(fields.map((field) => [field.name, typed ? fieldSchema(field) : {}])),
  });
  return {
    required: required.length > 0,
    content: new Map(consumes.map((type) => [type, schemaOf(!type.includes('json'))])),
  };
}

function fieldSchema({ type, format, enum: values, items }: RawParameter): Schema {
  if (type === 'file') return {};
  return {
    type,
    ...(format ? { format } : {}),
    ...(values ? { enum: values } : {}),
    ...(items ? { items } : {}),
  };
}
