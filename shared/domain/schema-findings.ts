import type * as z from 'zod';
import { type Finding, finding } from './finding.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** More would not help anybody. */
export const MOST_FINDINGS = 50;
/** No name of ours is longer. What a caller made up is told with each finding below it, and may be as long as a body. */
const LONGEST_NAME = 200;

/** What a schema says of a value, as findings with JSON-pointer paths. Parse with `reportInput`. */
export function findingsOf(issues: readonly Issue[]): Finding[] {
  return issues.flatMap((issue) => fromIssue(issue, [])).slice(0, MOST_FINDINGS);
}

/** RFC 6901: `/variants/mastodon/text`. */
export function pointer(path: Path): string {
  return path.map((part) => `/${clipped(String(part)).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

const clipped = (name: string): string =>
  name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME)}…`;

function fromIssue(issue: Issue, above: Path): Finding[] {
  const path = [...above, ...issue.path];
  const at = pointer(path);
  const one = (rule: Finding['rule'], params: Finding['params'] = {}) => [finding('error', rule, at, params)];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) =>
        finding('error', 'unknown_field', pointer([...path, key]), { field: clipped(key) }),
      );
    case 'invalid_type':
      return isMissing(issue) ? one('required') : one('wrong_type', { expected: typeName(issue.expected) });
    case 'too_big':
      return isCounted(issue)
        ? one('too_long', { limit: Number(issue.maximum), unit: unitOf(issue) })
        : one('invalid_value', {
            rule:
              issue.inclusive === false
                ? `must be less than ${issue.maximum}`
                : `must be at most ${issue.maximum}`,
          });
    case 'too_small':
      if (!isCounted(issue)) {
        return one('invalid_value', {
          rule:
            issue.inclusive === false
              ? `must be more than ${issue.minimum}`
              : `must be at least ${issue.minimum}`,
        });
      }
      return Number(issue.minimum) === 1
        ? one('invalid_value', { rule: 'must not be empty' })
        : one('too_short', { limit: Number(issue.minimum), unit: unitOf(issue) });
    case 'invalid_value':
      return isMissing(issue) ? one('required') : one('invalid_value', { rule: oneOf(issue.values) });
    case 'invalid_format':
      return one('invalid_value', { rule: formatRule(issue) });
    case 'not_multiple_of':
      return one('invalid_value', { rule: `must be a multiple of ${issue.divisor}` });
    case 'invalid_union':
      return fromUnion(issue, path);
    case 'invalid_key':
      return one('invalid_value', { rule: firstRule(issue.issues) });
    case 'invalid_element':
      return issue.issues.flatMap((inner) => fromIssue(inner, path));
    default:
      return one('invalid_value', { rule: ruleIn(issue.message) });
  }
}

/**
 * Of a union the branch is told that fits best: wrong in the fewest and mildest ways. When none fits better than
 * another, or even the kind of value is wrong everywhere, the union itself says what it takes.
 */
function fromUnion(issue: Extract<Issue, { code: 'invalid_union' }>, path: Path): Finding[] {
  if (isMissing(issue)) return [finding('error', 'required', pointer(path))];
  const { discriminator, options } = issue as { discriminator?: string; options?: readonly unknown[] };
  if (discriminator !== undefined && options !== undefined) {
    const given = issue.input !== null && typeof issue.input === 'object' && discriminator in issue.input;
    const wrong = finding('error', 'invalid_value', pointer(path), { rule: oneOf(options) });
    return [given ? wrong : finding('error', 'required', pointer(path))];
  }
  const branches = issue.errors.map((issues) => ({ issues, misfit: misfit(issues) }));
  const best = Math.min(...branches.map((branch) => branch.misfit));
  const fitting = branches.filter((branch) => branch.misfit === best);
  const [only] = fitting;
  if (fitting.length === 1 && only !== undefined && best < OTHER_KIND) {
    return only.issues.flatMap((inner) => fromIssue(inner, path));
  }
  const custom = ruleIn(issue.message);
  const rule = custom === NO_FORM && issue.errors.length > 0 ? oneOfRules(issue.errors) : custom;
  return [finding('error', 'invalid_value', pointer(path), { rule })];
}

/** The whole value is of another kind than this branch wants. */
const OTHER_KIND = 1_000;

function misfit(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => {
    if (issue.path.length === 0 && issue.code !== 'unrecognized_keys') return sum + OTHER_KIND;
    if (issue.code === 'unrecognized_keys') return sum + 10 * issue.keys.length;
    return sum + (isMissing(issue) || issue.code === 'invalid_value' ? 10 : 1);
  }, 0);
}

type Bound = Extract<Issue, { code: 'too_big' | 'too_small' }>;

/** A text or a list; else the value itself is too much or too little. */
const isCounted = ({ origin }: Bound): boolean => origin === 'string' || origin === 'array';
const unitOf = ({ origin }: Bound): string => (origin === 'string' ? 'characters' : 'entries');

function isMissing(issue: Issue): boolean {
  return issue.input === undefined;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'nothing',
};

function typeName(expected: string): string {
  return TYPE_NAMES[expected] ?? expected;
}

function oneOf(values: readonly unknown[]): string {
  const [only] = values;
  return values.length === 1 ? `must be ${JSON.stringify(only)}` : `must be one of ${values.join(', ')}`;
}

function oneOfRules(branches: readonly (readonly Issue[])[]): string {
  const types = branches.flatMap((issues) =>
    issues.flatMap((issue) =>
      issue.code === 'invalid_type' && issue.path.length === 0 ? [typeName(issue.expected)] : [],
    ),
  );
  return types.length === branches.length ? `must be one of ${[...new Set(types)].join(', ')}` : NO_FORM;
}

const FORMATS: Readonly<Record<string, string>> = {
  email: 'must be an e-mail address',
  url: 'must be a web address',
  datetime: 'must be an existing date and time with an offset (RFC 3339), like 2026-11-30T09:00:00+01:00',
  date: 'must be a date like 2026-11-30',
};
const NO_FORM = 'has not the right form';

function formatRule(issue: Extract<Issue, { code: 'invalid_format' }>): string {
  const own = ruleIn(issue.message);
  return own === NO_FORM ? (FORMATS[issue.format] ?? NO_FORM) : own;
}

/** Our schemas name their own rules; zod's standard sentences all begin with “Invalid”. */
function ruleIn(message: string): string {
  return message.startsWith('Invalid') ? NO_FORM : message;
}

function firstRule(issues: readonly Issue[]): string {
  const [first] = issues;
  if (first === undefined) return NO_FORM;
  const [found] = fromIssue(first, []);
  return String(found?.params.rule ?? NO_FORM);
}
