import type { ZodType } from 'zod';
import * as z from 'zod';

/** The part of JSON Schema (draft 2020-12) that our schemas make use of. */
export type JsonSchema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
};
type Mode = 'input' | 'output';

/** One schema by itself, as data for callers. */
export function jsonSchema(schema: ZodType): JsonSchema {
  const { $schema: _, ...converted } = convert(schema, 'input');
  return converted as JsonSchema;
}

/**
 * Turns zod schemas into JSON Schema for one document: whatever has an id becomes a component, once. A schema
 * that reads otherwise than it writes (defaults) gets a second name with `Input`.
 */
export function jsonSchemas() {
  const components = new Map<string, { text: string; schema: JsonSchema }>();

  const of = (schema: ZodType, mode: Mode): JsonSchema => {
    // Within another schema, one with an id is always referred to, never written out.
    const { properties, $defs = {} } = convert(z.object({ it: schema }), mode);
    const names = new Map<string, string>();
    for (const [id, definition] of Object.entries($defs)) names.set(id, nameFor(id, definition, mode));
    for (const [id, definition] of Object.entries($defs)) {
      const name = names.get(id) ?? id;
      // Of two that differ only in what may be added, the stricter one is told.
      if (components.has(name) && mode === 'output') continue;
      components.set(name, {
        text: comparable(definition),
        schema: refer(definition, names) as JsonSchema,
      });
    }
    return refer(properties?.it ?? {}, names) as JsonSchema;
  };

  const nameFor = (id: string, definition: unknown, mode: Mode): string => {
    const known = components.get(id);
    const same = known === undefined || known.text === comparable(definition);
    return same ? id : `${id}${mode === 'input' ? 'Input' : 'Output'}`;
  };

  return {
    of,
    components: (): Readonly<Record<string, JsonSchema>> =>
      Object.fromEntries(
        [...components].sort(([a], [b]) => a.localeCompare(b)).map(([name, { schema }]) => [name, schema]),
      ),
  };
}

function comparable(definition: unknown): string {
  return JSON.stringify(definition).replaceAll(',"additionalProperties":false', '');
}

type Converted = {
  $schema?: unknown;
  properties?: { it?: unknown };
  $defs?: Readonly<Record<string, unknown>>;
};

function convert(schema: ZodType, io: Mode): Converted {
  return z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema: made }) => {
      // The format says it; zod's pattern for it would fill half a page.
      if (made.format === 'email' || made.format === 'date-time' || made.format === 'date')
        delete made.pattern;
      delete made.propertyNames;
      delete made.id;
      // Answers may grow; what is sent may not hold unknown fields.
      if (io === 'output' && made.additionalProperties === false) delete made.additionalProperties;
    },
  }) as Converted;
}

function refer(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((inner) => refer(inner, names));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (key !== '$ref' || typeof inner !== 'string') return [key, refer(inner, names)];
      const id = inner.replace('#/$defs/', '');
      return [key, `#/components/schemas/${names.get(id) ?? id}`];
    }),
  );
}
