import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import type { JsonSchema } from '../../functions/api/json-schemas.ts';
import type { OpenApi, Operation } from '../../functions/api/openapi.ts';
import { resolve } from './sample.ts';

export type DocumentChecks = {
  /** What is wrong with an answer by the document; undefined operation: an address that it does not have. */
  readonly answer: (
    operation: Operation | undefined,
    reply: { status: number; type: string; text: string },
  ) => string | undefined;
  /** Why the document does not allow this body; undefined when it does. */
  readonly body: (operation: Operation, text: string) => string | undefined;
  /** Why the document does not allow this query. */
  readonly query: (operation: Operation, rawQuery: string) => string | undefined;
};

/** Judges requests and answers by the OpenAPI document alone, with a validator that is not ours. */
export function documentChecks(document: OpenApi): DocumentChecks {
  const ajv = new Ajv2020({ strict: false, logger: false });
  ajvFormats.default(ajv);
  // A web address is what browsers take for one (WHATWG): letters beyond ASCII are.
  ajv.addFormat('uri', (text: string) => URL.canParse(text));
  ajv.addSchema({ $id: 'document', components: pointing(document.components) } as object);
  const compiled = new Map<JsonSchema, ValidateFunction>();
  const wrong = (schema: JsonSchema, value: unknown): string | undefined => {
    const check = compiled.get(schema) ?? ajv.compile(pointing(schema) as object);
    compiled.set(schema, check);
    return check(value) ? undefined : ajv.errorsText(check.errors);
  };
  const problem: JsonSchema = { $ref: '#/components/schemas/Problem' };

  return {
    answer: (operation, { status, type, text }) => {
      const known = operation?.responses[status];
      if (known === undefined || '$ref' in known) {
        if (status < 400) return `${status} is not in the document`;
        // Where a browser comes, a page says it.
        const isPage = operation?.security !== undefined && type.startsWith('text/html');
        if (isPage) return undefined;
        if (type !== 'application/problem+json') return `${status} came as ${type}`;
        return text === '' ? undefined : wrong(problem, JSON.parse(text));
      }
      const schemas = known.content ?? {};
      if (Object.keys(schemas).length === 0) return text === '' ? undefined : 'there is a body';
      const media = schemas[type.split(';')[0] ?? ''];
      if (media === undefined) return `${type} is not in the document`;
      return /json/.test(type) && text !== '' ? wrong(media.schema, JSON.parse(text)) : undefined;
    },
    body: (operation, text) => {
      const [type, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
      if (type?.includes('form') && media)
        return wrong(media.schema, Object.fromEntries(new URLSearchParams(text)));
      if (operation.security !== undefined && media === undefined) return undefined;
      const value = parsed(text.trim() === '' ? '{}' : text);
      if (value === undefined) return 'not JSON';
      return wrong(media?.schema ?? NOTHING, value.json);
    },
    query: (operation, rawQuery) => {
      const given = new URLSearchParams(rawQuery);
      const known = (operation.parameters ?? []).filter((one) => one.in === 'query');
      for (const name of given.keys()) {
        const parameter = known.find((one) => one.name === name);
        if (operation.security !== undefined && parameter === undefined) continue;
        if (parameter === undefined) return `${name} is unknown`;
        const texts = given.getAll(name);
        if (texts.length > 1) return `${name} is there twice`;
        const schema = resolve(parameter.schema, document.components.schemas);
        const told = wrong(schema, coerced(schema, texts[0] ?? ''));
        if (told !== undefined) return `${name}: ${told}`;
      }
      return undefined;
    },
  };
}

const NOTHING: JsonSchema = { type: 'object', additionalProperties: false };

/** Pointers within the document, as seen from a schema that is taken out of it. */
function pointing(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"document#/components/'));
}

function parsed(text: string): { json: unknown } | undefined {
  try {
    return { json: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** A query value as what its schema wants, where it can be read so. */
function coerced(schema: JsonSchema, text: string): unknown {
  if (schema.type === 'array') {
    return text.split(',').map((part) => coerced(schema.items ?? {}, part.trim()));
  }
  if (schema.type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  const isNumber = schema.type === 'integer' || schema.type === 'number';
  return isNumber && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}
