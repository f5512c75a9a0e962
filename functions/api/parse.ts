import type { ZodObject, ZodType } from 'zod';
import * as z from 'zod';
import { AppError } from '../../shared/domain/app-error.ts';
import { type Finding, finding } from '../../shared/domain/finding.ts';
import { findingsOf, MOST_FINDINGS, pointer } from '../../shared/domain/schema-findings.ts';
import { invalid } from './answers.ts';
import { mergePatch } from './revision.ts';

export const MAX_BODY_BYTES = 256 * 1024;
/** Nothing of ours is half as deep; DynamoDB takes 32 levels, and every walk through a value has an end. */
const MAX_DEPTH = 20;

/** The value as the schema reads it, or 422 with a finding for each thing that is wrong. */
export function check<Schema extends ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  throw invalid(findingsOf(result.error.issues));
}

/** Where null is a value that must be said, and could never be with a merge patch. */
const NULL_SAYS = ['/latePolicy/maxLate'];

/**
 * What stands, changed by a merge patch (RFC 7396), as the schema reads it; 422 also where a field is to be taken away
 * that there is not: it is misspelt.
 */
export function checkPatched<Schema extends ZodObject>(
  schema: Schema,
  target: unknown,
  patch: Readonly<Record<string, unknown>>,
): z.infer<Schema> {
  const strange = Object.keys(patch)
    .filter((name) => patch[name] === null && !Object.hasOwn(schema.shape, name))
    .slice(0, MOST_FINDINGS);
  if (strange.length > 0) {
    throw invalid(strange.map((field) => finding('error', 'unknown_field', pointer([field]), { field })));
  }
  return check(schema, mergePatch(target, patch, NULL_SAYS));
}

/**
 * Reads a request body: 413 above 256 KB, 400 when it is no JSON, 422 when it is nested too deeply, holds half a
 * character, a control character or a name that no object of ours can have, or is not what the schema wants.
 * An empty body counts as `{}`. Without a schema nothing may be said.
 */
export function parseBody(schema: ZodType | undefined, text: string): unknown {
  refuseTooLarge(text);
  const value = text.trim() === '' ? {} : parseJson(text);
  refuseTooDeep(value);
  refuseUnsayable(value);
  refuseLost(value);
  return check(schema ?? z.strictObject({}), value);
}

/** Reads what a form sends (`application/x-www-form-urlencoded`): of a name that is given twice the last. */
export function parseForm(schema: ZodType, text: string): unknown {
  refuseTooLarge(text);
  return check(schema, Object.fromEntries(new URLSearchParams(text)));
}

/**
 * Reads a query string. Texts become what the schema's field is: a number, true or false, or a list (`a,b`).
 * A parameter that is unknown or given twice is refused.
 */
export function parseQuery(schema: ZodObject | undefined, rawQuery: string): unknown {
  const given = new URLSearchParams(rawQuery);
  const fields = schema?.shape ?? {};
  const findings: Finding[] = [];
  const values = new Map<string, unknown>();
  for (const name of new Set(given.keys())) {
    const texts = given.getAll(name);
    const field = Object.hasOwn(fields, name) ? (fields[name] as ZodType) : undefined;
    const path = `/${name}`;
    if (field === undefined) findings.push(finding('error', 'unknown_field', path, { field: name }));
    else if (texts.length > 1) {
      findings.push(finding('error', 'invalid_value', path, { rule: 'may be given only once' }));
    } else values.set(name, coerce(field, texts[0] ?? ''));
  }
  if (findings.length > 0) throw invalid(findings);
  return check(schema ?? z.object({}), Object.fromEntries(values));
}

function refuseTooLarge(text: string): void {
  if (Buffer.byteLength(text) <= MAX_BODY_BYTES) return;
  throw new AppError('too_large', 'The body is larger than 256 KB.', {
    data: { limitBytes: MAX_BODY_BYTES },
  });
}

/** Level by level: a walk that calls itself would be what it guards against. */
function refuseTooDeep(value: unknown): void {
  let level = [value].filter(isContainer);
  for (let depth = 1; depth <= MAX_DEPTH; depth++) {
    level = level.flatMap((one) => Object.values(one)).filter(isContainer);
    if (level.length === 0) return;
  }
  const rule = 'must not be nested deeper than 20 levels';
  throw invalid([finding('error', 'invalid_value', '', { rule })]);
}

/**
 * Half of a character, left by a cut within an emoji, or a control character, as slides and old documents have them:
 * networks refuse it, break on it (XML has none of them, a database no NUL), or publish the text without it, so that
 * it would not be found again after a lost answer.
 */
function refuseUnsayable(value: unknown): void {
  const found = within(value)
    .map(({ value: inner, path }) => ({ path, rule: unsayable(inner) }))
    .filter(({ rule }) => rule !== undefined)
    .slice(0, MOST_FINDINGS);
  if (found.length > 0) {
    throw invalid(
      found.map(({ path, rule = '' }) => finding('error', 'invalid_value', pointer(path), { rule })),
    );
  }
}

function unsayable(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  if (!text.isWellFormed()) return NO_HALF;
  return CONTROL.test(text) ? NO_CONTROL : undefined;
}

const NO_HALF = 'must not end or begin within a character: an emoji was cut in half';
const NO_CONTROL = 'must not hold control characters other than tabs and line breaks';
/** What XML 1.0 has no way to say: https://www.w3.org/TR/xml/#charsets */
const CONTROL = /[^\t\n\r\u0020-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** A schema of free names leaves this one out without a word: a variant of that name would not go anywhere. */
function refuseLost(value: unknown): void {
  const field = '__proto__';
  const lost = within(value)
    .filter(({ path }) => path.at(-1) === field)
    .slice(0, MOST_FINDINGS);
  if (lost.length > 0) {
    throw invalid(lost.map(({ path }) => finding('error', 'unknown_field', pointer(path), { field })));
  }
}

type Inner = { readonly value: unknown; readonly path: readonly string[] };

/** A value that is not nested too deeply, and all that is within it, each with where it stands. */
function within(value: unknown, path: readonly string[] = []): Inner[] {
  const inner = isContainer(value) ? Object.entries(value) : [];
  return [{ value, path }, ...inner.flatMap(([key, one]) => within(one, [...path, key]))];
}

const isContainer = (value: unknown): value is object => value !== null && typeof value === 'object';

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('not_json', 'The body is not JSON.', {
      findings: [finding('error', 'not_json', '')],
      cause,
    });
  }
}

/** A text that cannot be read so stays a text: the schema then says what it expected. */
function coerce(field: ZodType, text: string): unknown {
  const inner = unwrap(field);
  if (inner instanceof z.ZodNumber) return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  // In a query a bare `+` is a space: what is meant is the offset.
  if (inner instanceof z.ZodISODateTime) return text.replace(/ (\d{2}:\d{2})$/, '+$1');
  if (inner instanceof z.ZodBoolean) return text === 'true' ? true : text === 'false' ? false : text;
  if (inner instanceof z.ZodArray) {
    const element = inner.element as ZodType;
    return text.split(',').map((part) => coerce(element, part.trim()));
  }
  return text;
}

function unwrap(field: ZodType): ZodType {
  let inner = field;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodNullable) {
    inner = inner.unwrap() as ZodType;
  }
  return inner;
}
