import type { IdPrefix } from '../../domain/ids.ts';

/** Optional properties must be named, if only as undefined: so a codec cannot forget a new field of the type. */
export type Whole<T> = {
  readonly [Name in keyof T]-?: Record<never, never> extends Pick<T, Name> ? T[Name] | undefined : T[Name];
};

/** The same without the undefined ones. */
export function whole<T extends object>(fields: Whole<T>): T {
  const named: Record<string, unknown> = {};
  for (const name in fields) if (fields[name as keyof T] !== undefined) named[name] = fields[name as keyof T];
  return named as T;
}

export const unless = <Value>(usual: Value, value: Value): Value | undefined =>
  value === usual ? undefined : value;

/** Takes the known prefix off an id; any other text is marked by `=`, so nothing is ever read as what it was not. */
export function shorten(prefix: IdPrefix, id: string): string {
  const known = `${prefix}_`;
  return id.startsWith(known) && !id.startsWith('=', known.length) ? id.slice(known.length) : `=${id}`;
}
export const lengthen = (prefix: IdPrefix, short: string): string =>
  short.startsWith('=') ? short.slice(1) : `${prefix}_${short}`;
