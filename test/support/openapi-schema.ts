import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import type { Description, Schema } from './openapi-document.ts';

export type Check = (value: unknown) => string[];

/**
 * Makes checks of schemas of one description. Where a schema lists properties, others are refused, also deep within:
 * what a network does not describe it does not read.
 */
export function schemaChecks({ shared }: Description): {
  readonly strict: (schema: Schema) => Check;
  /** For values that come as text: `'5'` is a number where one is wanted. */
  readonly coerced: (schema: Schema) => Check;
} {
  const closed = (schema: Schema): Schema => toSchema(schema, shared, true);
  const make = (coerceTypes: 'array' | false) => {
    const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false, coerceTypes });
    ajvFormats.default(ajv);
    ajv.addSchema({
      $id: ROOT,
      components: {
        schemas: mapped((shared.components as Schema).schemas, (one) => toSchema(one, shared, false)),
      },
      definitions: mapped(shared.definitions, (one) => toSchema(one, shared, false)),
    });
    const compiled = new Map<Schema, ValidateFunction>();
    return (schema: Schema): Check => {
      const check =
        compiled.get(schema) ?? ajv.compile({ type: 'object', properties: { value: closed(schema) } });
      compiled.set(schema, check);
      return (value) => {
        if (check({ value })) return [];
        return (check.errors ?? []).map(
          ({ instancePath, message, params }) =>
            `${instancePath.replace(/^\/value/, '')} ${message}${nameIn(params)}`,
        );
      };
    };
  };
  return { strict: make(false), coerced: make('array') };
}

const ROOT = 'description';

function nameIn({ unevaluatedProperty, additionalProperty }: Record<string, unknown>): string {
  const name = unevaluatedProperty ?? additionalProperty;
  return name === undefined ? '' : ` (${String(name)})`;
}

/** As JSON Schema 2020-12. `isWhole`: it stands for a value by itself, rather than for a part of a composed schema. */
function toSchema(schema: Schema, shared: Schema, isWhole: boolean): Schema {
  const whole = (inner: Schema) => toSchema(inner, shared, true);
  const part = (inner: Schema) => toSchema(inner, shared, false);
  const made: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === '$ref') made.$ref = `${ROOT}${String(value)}`;
    else if (keyword === 'properties') made.properties = mapped(value, whole);
    else if (keyword === 'items') made.items = whole(value as Schema);
    else if (COMPOSED.has(keyword)) made[keyword] = (value as Schema[]).map(part);
    else if (keyword === 'additionalProperties') {
      made[keyword] = typeof value === 'object' ? whole(value as Schema) : value;
    } else if (ASSERTIONS.has(keyword)) made[keyword] = value;
  }
  for (const [flag, bound] of BOUNDS) {
    if (schema[flag] !== true) continue;
    made[flag] = schema[bound];
    delete made[bound];
  }
  if (isWhole && listsProperties(schema, shared)) made.unevaluatedProperties = false;
  return schema.nullable === true ? { anyOf: [{ type: 'null' }, made] } : made;
}

const COMPOSED = new Set(['allOf', 'anyOf', 'oneOf']);
/** Everything else tells people something, or belongs to another dialect. */
const ASSERTIONS = new Set(
  `type format enum const pattern minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum multipleOf
  minItems maxItems uniqueItems minProperties maxProperties required`.split(/\s+/),
);
/** In OpenAPI 3.0 these are flags beside the bound. */
const BOUNDS = [
  ['exclusiveMinimum', 'minimum'],
  ['exclusiveMaximum', 'maximum'],
] as const;

function mapped(schemas: unknown, map: (schema: Schema) => Schema): Schema {
  return Object.fromEntries(
    Object.entries((schemas ?? {}) as Record<string, Schema>).map(([k, v]) => [k, map(v)]),
  );
}

function listsProperties(schema: Schema, shared: Schema, seen: ReadonlySet<unknown> = new Set()): boolean {
  if (seen.has(schema)) return false;
  const within = new Set([...seen, schema]);
  if (typeof schema.$ref === 'string') return listsProperties(referred(schema.$ref, shared), shared, within);
  if (Object.keys((schema.properties ?? {}) as Schema).length > 0) return true;
  return [...COMPOSED].some((keyword) =>
    ((schema[keyword] ?? []) as Schema[]).some((inner) => listsProperties(inner, shared, within)),
  );
}

function referred(pointer: string, shared: Schema): Schema {
  let found: unknown = shared;
  for (const key of pointer.replace(/^#\//, '').split('/')) {
    found = (found as Schema)[decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return found as Schema;
}
