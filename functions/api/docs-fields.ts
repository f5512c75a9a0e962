import { escapeHtml, markdown } from './docs-html.ts';
import type { JsonSchema } from './json-schemas.ts';
import type { OpenApi } from './openapi.ts';

type Row = {
  readonly path: string;
  readonly type: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
};

/** Deeper than this nobody reads a table. */
const DEEPEST = 5;

/** A body as a table: one row a field, its whole path in front. */
export function fieldTable(document: OpenApi, schema: JsonSchema, of: 'request' | 'answer'): string {
  const rows = fieldRows(document, schema);
  if (rows.length === 0) {
    const { description = typeOf(document, schema) } = resolve(document, schema);
    return `<p>${markdown(description, true)}</p>`;
  }
  const cells = rows.map(({ path, type, required, schema: { description, default: preset } }) => {
    const more =
      of === 'answer'
        ? [required ? '' : 'may be absent']
        : [
            required ? '<b class="req">required</b>' : '',
            preset === undefined ? '' : `default <code>${escapeHtml(JSON.stringify(preset))}</code>`,
          ];
    const limits = [escapeHtml(type), ...more.filter(Boolean)].join(', ');
    const words = description === undefined ? '' : `<br>${markdown(description, true)}`;
    return `<tr><th scope="row"><code>${softBreaks(path)}</code></th><td><small>${limits}</small>${words}</td></tr>`;
  });
  return `<table><tbody>${cells.join('')}</tbody></table>`;
}

export function resolve(document: OpenApi, schema: JsonSchema): JsonSchema {
  const name = schema.$ref?.replace('#/components/schemas/', '');
  if (name === undefined) return schema;
  const { $ref: _, ...beside } = schema;
  return { ...document.components.schemas[name], ...beside };
}

function fieldRows(document: OpenApi, schema: JsonSchema, above = '', depth = 0): readonly Row[] {
  if (depth >= DEEPEST) return [];
  const whole = resolve(document, schema);
  if (whole.items !== undefined) return fieldRows(document, whole.items, `${above}[]`, depth);
  if (typeof whole.additionalProperties === 'object' && whole.properties === undefined) {
    // What stands under each key repeats other parts: its fields are told, not theirs.
    return fieldRows(document, whole.additionalProperties, `${above}.{key}`, DEEPEST - 1);
  }
  const alternatives = (whole.anyOf ?? whole.oneOf ?? []).filter((one) => one.type !== 'null');
  if (whole.properties === undefined) {
    return alternatives.flatMap((one) => fieldRows(document, one, above, depth));
  }
  return Object.entries(whole.properties).flatMap(([name, inner]) => {
    const path = above === '' ? name : `${above}.${name}`;
    const field = resolve(document, inner);
    const required = whole.required?.includes(name) ?? false;
    return [
      { path, type: typeOf(document, inner), required, schema: field },
      ...fieldRows(document, inner, path, depth + 1),
    ];
  });
}

/** In words: `text, at most 100`, `monday · tuesday`, `list of objects`. */
function typeOf(document: OpenApi, schema: JsonSchema): string {
  const whole = resolve(document, schema);
  if (whole.const !== undefined) return JSON.stringify(whole.const);
  if (whole.enum !== undefined) return whole.enum.map(String).join(' · ');
  const alternatives = whole.anyOf ?? whole.oneOf;
  if (alternatives !== undefined) {
    return [...new Set(alternatives.map((one) => typeOf(document, one)))].join(' or ');
  }
  if (typeof whole.type === 'object') return whole.type.map((type) => TYPES[type] ?? type).join(' or ');
  if (whole.type === 'array') {
    const item = whole.items === undefined ? 'anything' : typeOf(document, whole.items);
    return `list of ${whole.maxItems === undefined ? '' : `at most ${whole.maxItems}: `}${item}`;
  }
  if (whole.format !== undefined) return FORMATS[whole.format] ?? whole.format;
  if (whole.type === 'string') return `text${upTo(whole.maxLength)}`;
  if (whole.type === 'integer') return `whole number${range(whole)}`;
  if (whole.type === 'object' && typeof whole.additionalProperties === 'object') return 'object by key';
  return TYPES[whole.type ?? ''] ?? whole.type ?? 'anything';
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  boolean: 'true or false',
};
const FORMATS: Readonly<Record<string, string>> = {
  'date-time': 'RFC 3339 time',
  email: 'e-mail address',
  uri: 'web address',
};

/** Safe integers as bounds say nothing. */
function range({ minimum, maximum }: JsonSchema): string {
  const from = minimum !== undefined && Math.abs(minimum) < Number.MAX_SAFE_INTEGER ? `${minimum}` : '';
  const to = maximum !== undefined && Math.abs(maximum) < Number.MAX_SAFE_INTEGER ? `${maximum}` : '';
  if (from === '' && to === '') return '';
  return to === '' ? ` from ${from}` : from === '' ? ` up to ${to}` : ` ${from}–${to}`;
}

function upTo(count: number | undefined): string {
  return count === undefined ? '' : ` up to ${count.toLocaleString('en')} characters`;
}

/** Lets a long path break at its dots on a narrow screen. */
function softBreaks(path: string): string {
  return escapeHtml(path).replaceAll('.', '.<wbr>');
}
