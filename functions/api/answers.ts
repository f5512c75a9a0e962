import * as z from 'zod';
import { SCOPES, type Scope } from '../../shared/domain/agency.ts';
import { AppError, notFound } from '../../shared/domain/app-error.ts';
import type { Brand } from '../../shared/domain/brand.ts';
import { type Finding, finding, type Rule } from '../../shared/domain/finding.ts';
import { RULES } from '../../shared/domain/finding-texts.ts';
import { idSchema } from '../../shared/domain/ids.ts';
import { type Instant, toRfc3339 } from '../../shared/domain/time.ts';
import type { Deps } from '../../shared/ports.ts';
import type { Page } from '../../shared/store-ports.ts';
import { inGerman } from './german.ts';
import type { ApiRequest, Caller } from './route.ts';

export type Language = ApiRequest['language'];

/** An instant in an answer: RFC 3339, UTC. Write it with `toRfc3339`. */
export const instantSchema = z.iso.datetime().describe('UTC');

/** Who did something, as answers show it. */
export const actorSchema = z
  .object({ keyId: z.string(), name: z.string(), email: z.string().optional() })
  .meta({ id: 'Actor' });

export const findingSchema = z
  .object({
    rule: z.string().describe('Stable code of the rule'),
    severity: z.enum(['error', 'warning']),
    path: z.string().describe('JSON pointer into the request body, or the name of a query parameter'),
    channelId: z.string().optional(),
    message: z.string().describe('For people, English or German by Accept-Language'),
    params: z.record(z.string(), z.union([z.string(), z.number()])),
  })
  .meta({ id: 'Finding' });
export type FindingAnswer = z.infer<typeof findingSchema>;

/** A finding with its sentence in the caller's language. */
export function presentFinding(found: Finding, language: Language): FindingAnswer {
  const message = RULES[found.rule][language].replace(/\{(\w+)\}/g, (whole, name: string) => {
    if (name === 'where') return whereIn(found.path, language);
    const value = found.params[name];
    if (value === undefined) return whole;
    return language === 'de' && typeof value === 'string' ? inGerman(value) : String(value);
  });
  return { ...found, message, params: { ...found.params } };
}

/** `/report/time` as people name it: “report.time”. */
function whereIn(path: string, language: Language): string {
  const name = path.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~');
  if (name === '') return language === 'de' ? 'Der Inhalt' : 'The body';
  return language === 'de' ? `„${name}“` : `“${name}”`;
}

/** 422 because of one field. */
export function refusal(rule: Rule, path: string, params: Finding['params'] = {}): AppError {
  return invalid([finding('error', rule, path, params)]);
}

/** 422 with everything that is wrong. */
export function invalid(findings: readonly Finding[]): AppError {
  return new AppError('invalid', 'The request was not understood; findings say why.', { findings });
}

/** Query fields of every listing: spread into the route's `query`. */
export const pageQuery = {
  limit: z.int().min(1).max(100).default(50).describe('How many at most on one page'),
  cursor: z.string().min(1).optional().describe('`cursor` of the page before'),
};

/** `{items, cursor?}`. A page may be short: go on until there is no cursor. */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    cursor: z.string().optional().describe('Absent on the last page'),
  });
}

/** What a store's page becomes in an answer. */
export function presentPage<Item, Shown>(
  page: Page<Item>,
  present: (item: Item) => Shown,
): { items: Shown[]; cursor?: string } {
  return {
    items: page.items.map(present),
    ...(page.next === undefined ? {} : { cursor: encodeCursor(page.next) }),
  };
}

/** A cursor holds only the sort position; the partition is rebuilt from the caller. */
export function encodeCursor(position: string): string {
  return Buffer.from(position, 'utf8').toString('base64url');
}

/** The sort position, undefined without a cursor; 422 at `/cursor` when it was never one of ours. */
export function decodeCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const position = Buffer.from(cursor, 'base64url').toString('utf8');
  if (position === '' || encodeCursor(position) !== cursor) {
    throw refusal('invalid_value', '/cursor', { rule: 'must be the cursor of an earlier page' });
  }
  return position;
}

export function etag(revision: number): string {
  return `"${revision}"`;
}

/** Compares `If-Match`, if sent, with the present revision; 412 when it names another one. */
export function ifMatch(request: Pick<ApiRequest, 'headers'>, revision: number): void {
  const wanted = request.headers['if-match'];
  if (wanted === undefined || wanted.trim() === '*') return;
  const tags = wanted.split(',').map((tag) => tag.trim());
  if (!tags.includes(etag(revision))) {
    throw new AppError('stale', 'It was changed since you read it: read it again.', {
      data: { etag: etag(revision) },
    });
  }
}

/**
 * RFC 7396: objects are merged, null takes a member away, everything else replaces. But null is what a member says
 * where it stands among `says`, by pointer: a late policy whose `maxLate` is null is one without an end.
 */
export function mergePatch(
  target: unknown,
  patch: unknown,
  says: readonly string[] = [],
  path = '',
): unknown {
  if (!isObject(patch)) return patch;
  const merged = new Map<string, unknown>(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    const here = `${path}/${name}`;
    if (value === null && !says.includes(here)) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), value, says, here));
  }
  return Object.fromEntries(merged);
}

/** May this caller know of that brand at all? */
export function seesBrand(caller: Caller, brandId: string): boolean {
  return caller.brandIds === undefined || caller.brandIds.includes(brandId);
}

/** The brand, or 404: unknown, another agency's, or outside the key's brands are all the same from outside. */
export async function visibleBrand(
  request: Pick<ApiRequest, 'caller'>,
  deps: Pick<Deps, 'brands'>,
  brandId: string,
): Promise<Brand> {
  const isKnowable = idSchema('brd').safeParse(brandId).success && seesBrand(request.caller, brandId);
  const brand = isKnowable ? await deps.brands.get(request.caller.agency.id, brandId) : undefined;
  if (brand === undefined) throw notFound('brand');
  return brand;
}

/** 403 for a key that is limited to some brands, where the act concerns the whole agency. */
export function wholeAgency(caller: Caller): void {
  if (caller.brandIds !== undefined) {
    throw new AppError('forbidden', 'This key is limited to some brands; this needs one for all of them.');
  }
}

/** `admin` includes `editor` includes `reader`. */
export function allows(scope: Scope, needed: Scope): boolean {
  return SCOPES.indexOf(scope) >= SCOPES.indexOf(needed);
}

/** `{[name]: RFC 3339}`, or nothing when there is no instant: to be spread into an answer. */
export function maybeAt<Name extends string>(name: Name, at: Instant | undefined): { [N in Name]?: string } {
  return (at === undefined ? {} : { [name]: toRfc3339(at) }) as { [N in Name]?: string };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
