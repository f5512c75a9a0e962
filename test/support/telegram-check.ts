import { readFileSync } from 'node:fs';
import type { Received } from './fake-networks/server.ts';

type Field = { readonly name: string; readonly types: readonly string[]; readonly required: boolean };
type Type = { readonly fields?: readonly Field[]; readonly subtypes?: readonly string[] };
type Description = {
  readonly methods: Readonly<Record<string, { readonly fields?: readonly Field[] }>>;
  readonly types: Readonly<Record<string, Type>>;
};

/**
 * What is wrong with a request by the machine-readable list of the Bot API's methods and types: no such method, a
 * parameter that is missing, unknown or of another type, also deep within. Parts of a form are read as JSON where
 * the parameter is not a text, as https://core.telegram.org/bots/api#making-requests has it.
 */
export function telegramChecks(file: URL): (request: Received) => Promise<string[]> {
  const { methods, types } = JSON.parse(readFileSync(file, 'utf8')) as Description;

  const fieldsProblems = (fields: readonly Field[], value: object, path: string): string[] => {
    const known = new Map(fields.map((field) => [field.name, field]));
    const given = Object.entries(value);
    return [
      ...fields.flatMap(({ name, required }) =>
        required && !(name in value) ? [`${path}/${name} is missing`] : [],
      ),
      ...given.flatMap(([name, one]) => {
        const field = known.get(name);
        return field ? anyProblems(field.types, one, `${path}/${name}`) : [`${path}/${name} is unknown`];
      }),
    ];
  };
  const anyProblems = (names: readonly string[], value: unknown, path: string): string[] => {
    const items = names.flatMap((name) => LIST.exec(name)?.[1] ?? []);
    if (items.length === names.length) {
      if (!Array.isArray(value)) return [`${path} is not a list`];
      // Several kinds of lists mean one list of several kinds.
      return value.flatMap((one, index) => anyProblems(items, one, `${path}/${index}`));
    }
    const each = names.map((name) => typeProblems(name, value, path));
    return each.some((problems) => problems.length === 0) ? [] : (each[0] ?? []);
  };
  const typeProblems = (name: string, value: unknown, path: string): string[] => {
    if (LIST.test(name)) return anyProblems([name], value, path);
    const isBasic = BASIC[name];
    if (isBasic !== undefined) return isBasic(value) ? [] : [`${path} is not ${name}`];
    const type = types[name];
    if (type === undefined) return [`${path}: there is no type ${name}`];
    if (type.subtypes?.length) return anyProblems(type.subtypes, value, path);
    if (typeof value !== 'object' || value === null) return [`${path} is not ${name}`];
    return fieldsProblems(type.fields ?? [], value, path);
  };

  return async (request) => {
    const name = /^\/bot[^/]+\/(\w+)$/.exec(request.url.pathname)?.[1] ?? '';
    const method = methods[name];
    if (method === undefined) return [`there is no method ${name}`];
    const fields = method.fields ?? [];
    const value = await parametersOf(request, fields);
    return value === undefined ? ['the body is neither JSON nor a form'] : fieldsProblems(fields, value, '');
  };
}

const LIST = /^Array of (.*)$/;

const BASIC: Readonly<Record<string, (value: unknown) => boolean>> = {
  String: (value) => typeof value === 'string',
  Integer: (value) => Number.isSafeInteger(value),
  Float: (value) => typeof value === 'number',
  Boolean: (value) => typeof value === 'boolean',
  InputFile: (value) => value instanceof File,
};

async function parametersOf(
  { headers, bytes, json }: Received,
  fields: readonly Field[],
): Promise<object | undefined> {
  const type = String(headers['content-type']);
  if (!type.startsWith('multipart/form-data'))
    return typeof json === 'object' && json !== null ? json : undefined;
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  const given = [...form].map(([name, value]) => {
    const isText = fields.find((field) => field.name === name)?.types.includes('String') ?? false;
    const isNumber = typeof value === 'string' && /^-?\d+$/.test(value);
    return [name, typeof value === 'string' && (!isText || isNumber) ? parsed(value) : value];
  });
  // A part that something else refers to by `attach://` is no parameter.
  const text = JSON.stringify(given);
  return Object.fromEntries(given.filter(([name]) => !text.includes(`"attach://${String(name)}"`)));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
