import { readFileSync } from 'node:fs';

/** A definition in a lexicon, as far as our requests need it: https://atproto.com/specs/lexicon */
type Def = {
  type: string;
  properties?: Record<string, Def>;
  required?: string[];
  nullable?: string[];
  items?: Def;
  refs?: string[];
  ref?: string;
  format?: string;
  minimum?: number;
  /** Of a blob: types with `*` as their end, and bytes. */
  accept?: string[];
  maxSize?: number;
  maxLength?: number;
  maxGraphemes?: number;
  key?: string;
  record?: Def;
  parameters?: Def;
  input?: { encoding: string; schema?: Def };
};

export type Call = {
  readonly query: URLSearchParams;
  /** Without parameters. */
  readonly type?: string | undefined;
  /** What is no JSON is held to its type only. */
  readonly body?: unknown;
};

/** What is wrong with a call of an XRPC method by its lexicon, query or body, and with the record it may hold. */
export function callProblems(folder: URL, method: string, { query, type, body }: Call): string[] {
  const { read, problems } = lexicons(folder);
  const main = read(method);
  if (main.type === 'procedure') {
    const { schema, encoding = '*/*' } = main.input ?? {};
    const found = main.parameters ? queryProblems(main.parameters) : [];
    if (type !== undefined && !accepts([encoding], type)) found.push(`${method}: no ${encoding}`);
    if (schema) found.push(...problems(schema, body, method, method), ...recordProblems(body));
    return found;
  }
  return queryProblems(main.parameters ?? { type: 'params' });

  function queryProblems(parameters: Def): string[] {
    const given = Object.fromEntries(
      [...new Set(query.keys())].map((name) => {
        const kind = parameters.properties?.[name]?.type;
        const value = query.get(name) ?? '';
        if (kind === 'integer') return [name, /^-?\d+$/.test(value) ? Number(value) : value];
        return [name, kind === 'array' ? query.getAll(name) : value];
      }),
    );
    return problems({ ...parameters, type: 'object' }, given, method, method);
  }

  function recordProblems(input: unknown): string[] {
    const { record, collection, rkey } = (input ?? {}) as Record<string, unknown>;
    if (record === undefined || typeof collection !== 'string') return [];
    const { record: def, key } = read(collection);
    if (def === undefined) return [`${collection}: no record`];
    const found = problems(def, record, collection, 'record');
    if ((record as { $type?: unknown }).$type !== collection) found.push('record/$type: not the collection');
    if (key === 'tid' && !/^[2-7a-j][2-7a-z]{12}$/.test(String(rkey))) found.push('rkey: no TID');
    return found;
  }
}

function lexicons(folder: URL) {
  const read = (ref: string): Def => {
    const [nsid = '', name = 'main'] = ref.split('#');
    const text = readFileSync(new URL(`${nsid.replaceAll('.', '/')}.json`, folder), 'utf8');
    const def = (JSON.parse(text) as { defs: Record<string, Def> }).defs[name];
    if (def === undefined) throw new Error(`no definition ${ref}`);
    return def;
  };

  /** `nsid`: the lexicon that the definition stands in, for its local references. */
  const problems = (def: Def, value: unknown, nsid: string, path: string): string[] => {
    const whole = (ref: string) => (ref.startsWith('#') ? `${nsid}${ref}` : ref);
    if (def.type === 'unknown') return [];
    if (def.type === 'ref') {
      const ref = whole(def.ref ?? '');
      return problems(read(ref), value, ref.split('#')[0] ?? '', path);
    }
    if (def.type === 'union') {
      const type = String((value as { $type?: unknown } | null)?.$type);
      const ref = def.refs?.map(whole).find((candidate) => candidate.replace(/#main$/, '') === type);
      return ref === undefined
        ? [`${path}: ${type} is not in the union`]
        : problems(read(ref), value, ref.split('#')[0] ?? '', path);
    }
    if (def.type === 'array') {
      if (!Array.isArray(value)) return [`${path}: no array`];
      const items = def.items ?? { type: 'unknown' };
      return [
        ...(value.length > (def.maxLength ?? value.length) ? [`${path}: too many items`] : []),
        ...value.flatMap((item, n) => problems(items, item, nsid, `${path}/${n}`)),
      ];
    }
    if (def.type === 'object') return objectProblems(def, value, nsid, path);
    if (def.type === 'blob') return blobProblems(def, value).map((problem) => `${path}: ${problem}`);
    return scalarProblems(def, value).map((problem) => `${path}: ${problem}`);
  };

  const objectProblems = (def: Def, value: unknown, nsid: string, path: string): string[] => {
    if (typeof value !== 'object' || value === null) return [`${path}: no object`];
    const missing = (def.required ?? []).filter((name) => !(name in value));
    return [
      ...missing.map((name) => `${path}/${name}: missing`),
      ...Object.entries(value).flatMap(([name, inner]) => {
        if (name === '$type' || (inner === null && def.nullable?.includes(name))) return [];
        const property = def.properties?.[name];
        return property ? problems(property, inner, nsid, `${path}/${name}`) : [`${path}/${name}: unknown`];
      }),
    ];
  };

  return { read, problems };
}

const accepts = (patterns: readonly string[], type: string): boolean =>
  patterns.some((pattern) => pattern === '*/*' || type.startsWith(pattern.replace(/\*$/, '')));

/** https://atproto.com/specs/data-model#blob-type */
function blobProblems({ accept = ['*/*'], maxSize }: Def, value: unknown): string[] {
  const { $type, ref, mimeType, size } = (value ?? {}) as Record<string, unknown>;
  const link = (ref as { $link?: unknown } | undefined)?.$link;
  if ($type !== 'blob' || typeof link !== 'string' || !FORMATS.cid?.test(link)) return ['no blob'];
  if (typeof mimeType !== 'string' || !Number.isInteger(size)) return ['no blob'];
  return [
    ...(accepts(accept, mimeType) ? [] : [`${mimeType} is not accepted`]),
    ...(Number(size) > (maxSize ?? Number.MAX_SAFE_INTEGER) ? ['too large'] : []),
  ];
}

function scalarProblems(def: Def, value: unknown): string[] {
  if (def.type === 'integer') {
    return Number.isInteger(value) && Number(value) >= (def.minimum ?? Number.MIN_SAFE_INTEGER)
      ? []
      : ['no such integer'];
  }
  if (def.type === 'boolean') return typeof value === 'boolean' ? [] : ['no boolean'];
  if (def.type !== 'string') throw new Error(`no reading for the type ${def.type}`);
  if (typeof value !== 'string') return ['no string'];
  const length = [...new Intl.Segmenter('en').segment(value)].length;
  const form = def.format === undefined ? undefined : FORMATS[def.format];
  return [
    ...(Buffer.byteLength(value) > (def.maxLength ?? Number.MAX_SAFE_INTEGER) ? ['too many bytes'] : []),
    ...(length > (def.maxGraphemes ?? Number.MAX_SAFE_INTEGER) ? ['too many graphemes'] : []),
    ...(def.format === undefined || form?.test(value) ? [] : [`no ${def.format}`]),
  ];
}

const DID = 'did:[a-z]+:[A-Za-z0-9._:%-]*[A-Za-z0-9._-]';
const HANDLE = '([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const NSID = '[a-zA-Z][a-zA-Z0-9-]*(\\.[a-zA-Z0-9-]+)+\\.[a-zA-Z][a-zA-Z0-9]*';
/** Reduced to what the specifications at https://atproto.com/specs say of the characters. */
const FORMATS: Readonly<Record<string, RegExp>> = {
  did: new RegExp(`^${DID}$`),
  handle: new RegExp(`^${HANDLE}$`),
  'at-identifier': new RegExp(`^(${DID}|${HANDLE})$`),
  nsid: new RegExp(`^${NSID}$`),
  'record-key': /^(?!\.{1,2}$)[A-Za-z0-9._:~-]{1,512}$/,
  'at-uri': new RegExp(`^at://(${DID}|${HANDLE})/${NSID}/[A-Za-z0-9._:~-]+$`),
  cid: /^b[a-z2-7]{58,}$/,
  uri: /^[a-z][a-z0-9.+-]*:\S+$/i,
  datetime: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/,
  language: /^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$/i,
};
