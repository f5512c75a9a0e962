import type { JsonSchema } from '../../functions/api/json-schemas.ts';
import type { Prng } from '../simulation/prng.ts';

export type Sampling = {
  readonly random: Prng;
  /** `components.schemas` of the document. */
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  /** Says what stands in a field of this name; undefined leaves it to the schema. */
  readonly field?: (name: string, schema: JsonSchema) => unknown;
  /** How often a field that may be left out is there. Default: two times in five. */
  readonly optional?: number;
};

/** A value that the schema allows, drawn anew at each call. Throws for a pattern that none of its texts fits. */
export function sample(schema: JsonSchema, by: Sampling, name = ''): unknown {
  const resolved = resolve(schema, by.schemas);
  const given = by.field?.(name, resolved);
  if (given !== undefined) return given;
  const { random } = by;
  const choices = resolved.anyOf ?? resolved.oneOf;
  if (choices) return sample(random.some(choices) ?? {}, by, name);
  if ('const' in resolved) return resolved.const;
  if (resolved.enum) return random.some(resolved.enum);
  switch (resolved.type) {
    case 'object':
      return sampleObject(resolved, by, name);
    case 'array': {
      const least = resolved.minItems ?? 0;
      const count = random.int(least, Math.min(resolved.maxItems ?? 3, least + 2));
      return Array.from({ length: count }, () => sample(resolved.items ?? {}, by, name));
    }
    case 'string':
      return sampleText(resolved, random, name);
    case 'integer':
    case 'number':
      return random.int(resolved.minimum ?? 0, Math.min(resolved.maximum ?? 100, 1_000_000));
    case 'boolean':
      return random.chance(0.5);
    case 'null':
      return null;
    default:
      return random.some(['anything', 7, true, null, ['a'], { a: 1 }]);
  }
}

export function resolve(schema: JsonSchema, schemas: Sampling['schemas']): JsonSchema {
  const target = schema.$ref?.replace('#/components/schemas/', '');
  if (target === undefined) return schema;
  const found = schemas[target];
  if (found === undefined) throw new Error(`the document has no ${target}`);
  return resolve(found, schemas);
}

function sampleObject(schema: JsonSchema, by: Sampling, name: string): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const [field, inner] of Object.entries(schema.properties ?? {})) {
    const isNeeded = schema.required?.includes(field) ?? false;
    if (isNeeded || by.random.chance(by.optional ?? 0.4)) made[field] = sample(inner, by, field);
  }
  if (typeof schema.additionalProperties === 'object' && schema.properties === undefined) {
    for (let n = by.random.int(0, 2); n > 0; n--) {
      const key = String(by.field?.(`key of ${name}`, { type: 'string' }) ?? `key${n}`);
      made[key] = sample(schema.additionalProperties, by, `value of ${name}`);
    }
  }
  return made;
}

/** Texts for every pattern and format that the document has; a new pattern needs a new one. */
const TEXTS: readonly string[] = [
  'chn_00000000000000000000',
  'brd_00000000000000000000',
  'med_00000000000000000000',
  '2026-W47',
  '2026-W01',
  '08:00',
  '23:59',
  'de',
  'en-GB',
  'a'.repeat(64),
  '0123456789abcdef'.repeat(4),
  '2026-12-01T09:00',
  '2026-12-24T18:30:00',
  'PT1H',
  'PT90M',
  'P1D',
];
const FORMATS: Readonly<Record<string, readonly string[]>> = {
  email: ['person@client.example', 'o.reilly+news@mail.client.example'],
  uri: ['https://bakery.example/bread?day=1#top', 'http://bakery.example/'],
  'date-time': ['2026-12-01T09:00:00Z', '2026-12-24T18:30:00.5+01:00', '2027-02-28T23:59:59-11:00'],
  date: ['2026-12-01'],
};
const WORDS = ['Bread', 'Brötchen & Kuchen', 'Ü', 'Ein Satz mit mehreren Wörtern.', 'Europe/Berlin', '🥐'];

function sampleText(schema: JsonSchema, random: Prng, name: string): string {
  const { format, pattern, minLength = 0, maxLength = 1_000 } = schema;
  const texts = format === undefined ? TEXTS : (FORMATS[format] ?? TEXTS);
  if (pattern !== undefined || format !== undefined) {
    const fitting = texts.filter((text) => pattern === undefined || new RegExp(pattern, 'u').test(text));
    const text = random.some(fitting);
    if (text === undefined) throw new Error(`no text for ${name}: ${format ?? ''} ${pattern ?? ''}`);
    return text;
  }
  const text = random.some(WORDS.filter(({ length }) => length <= maxLength)) ?? '';
  return text.padEnd(minLength, 'x');
}
