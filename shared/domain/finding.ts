import type { RULES } from './finding-texts.ts';

export type Rule = keyof typeof RULES;
export type Severity = 'error' | 'warning';

/**
 * One thing that is wrong or unwise in a request. `path` is a JSON pointer into the request body
 * (`/content/text`); `params` fill the message, which is written at the edge in the reader's language.
 * An `error` refuses the request, a `warning` comes back with the answer.
 */
export type Finding = {
  readonly rule: Rule;
  readonly severity: Severity;
  readonly path: string;
  readonly channelId?: string;
  readonly params: Readonly<Record<string, string | number>>;
};

export const finding = (
  severity: Severity,
  rule: Rule,
  path: string,
  params: Finding['params'] = {},
): Finding => ({ rule, severity, path, params });
