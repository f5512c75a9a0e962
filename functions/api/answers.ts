import * as z from 'zod';
import { AppError } from '../../shared/domain/app-error.ts';
import { type Finding, finding, type Rule } from '../../shared/domain/finding.ts';
import { RULES } from '../../shared/domain/finding-texts.ts';
import { type Instant, toRfc3339 } from '../../shared/domain/time.ts';
import { inGerman } from './german.ts';
import type { ApiRequest } from './route.ts';

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
    path: z
      .string()
      .describe('JSON pointer into the request body, or the name of a query parameter or a header'),
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

/** `{[name]: RFC 3339}`, or nothing when there is no instant: to be spread into an answer. */
export function maybeAt<Name extends string>(name: Name, at: Instant | undefined): { [N in Name]?: string } {
  return (at === undefined ? {} : { [name]: toRfc3339(at) }) as { [N in Name]?: string };
}
