import type { Finding } from './finding.ts';

/** Why a use case refuses. The HTTP status is a map in `functions/api`, no property of the domain. */
export type AppErrorCode =
  | 'not_json'
  | 'unauthenticated'
  | 'forbidden'
  /** Unknown, deleted, or another tenant's: all the same from outside. */
  | 'not_found'
  /** The thing is in a state that does not allow it; `findings` or `data` name what stands in the way. */
  | 'conflict'
  | 'stale'
  | 'too_large'
  | 'invalid'
  /** The idempotency key was used with another body. */
  | 'key_reused'
  | 'too_many_requests'
  /** A network or an AWS service could not be asked; nothing was changed. */
  | 'unavailable';

/** A refusal that a use case throws; everything else that is thrown is a bug or a fault and becomes a bare 500. */
export class AppError extends Error {
  readonly code: AppErrorCode;
  readonly findings: readonly Finding[];
  /** Shown in the answer beside `code`: ids, states, seconds to wait. Never secrets or other tenants' data. */
  readonly data: Readonly<Record<string, unknown>>;

  constructor(
    code: AppErrorCode,
    message: string,
    more: { findings?: readonly Finding[]; data?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause });
    this.name = 'AppError';
    this.code = code;
    this.findings = more.findings ?? [];
    this.data = more.data ?? {};
  }
}

export const notFound = (what: string): AppError => new AppError('not_found', `There is no such ${what}.`);
