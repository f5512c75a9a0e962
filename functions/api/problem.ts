import * as z from 'zod';
import type { AppError, AppErrorCode } from '../../shared/domain/app-error.ts';
import { findingSchema, type Language, presentFinding } from './answers.ts';
import { inGerman } from './german.ts';
import type { ApiAnswer } from './route.ts';

export type ProblemCode = AppErrorCode | 'method_not_allowed' | 'internal';

/** Every refusal's status and title. */
export const PROBLEMS: Readonly<Record<ProblemCode, { status: number; en: string; de: string }>> = {
  not_json: { status: 400, en: 'The body is not JSON', de: 'Der Inhalt ist kein JSON' },
  unauthenticated: { status: 401, en: 'No valid API key', de: 'Kein gültiger API-Schlüssel' },
  forbidden: { status: 403, en: 'This key may not do that', de: 'Dieser Schlüssel darf das nicht' },
  not_found: { status: 404, en: 'Not found', de: 'Nicht gefunden' },
  method_not_allowed: { status: 405, en: 'Not with this method', de: 'Nicht mit dieser Methode' },
  conflict: { status: 409, en: 'Not in its present state', de: 'Nicht in diesem Zustand' },
  stale: { status: 412, en: 'Changed since you read it', de: 'Inzwischen geändert' },
  too_large: { status: 413, en: 'Too large', de: 'Zu groß' },
  invalid: { status: 422, en: 'The request has errors', de: 'Die Anfrage hat Fehler' },
  key_reused: {
    status: 422,
    en: 'Idempotency-Key used with another body',
    de: 'Idempotency-Key schon mit anderem Inhalt verwendet',
  },
  too_many_requests: { status: 429, en: 'Too many requests', de: 'Zu viele Anfragen' },
  internal: { status: 500, en: 'Our fault', de: 'Unser Fehler' },
  unavailable: { status: 503, en: 'Not reachable at the moment', de: 'Gerade nicht erreichbar' },
};

/** RFC 9457. Further members are named by the route that answers so (`deliveries`, `posts`). */
export const problemSchema = z
  .looseObject({
    type: z.string().describe('Address of the explanation in `/docs`'),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(PROBLEMS) as ProblemCode[]).describe('Stable: decide by this'),
    detail: z.string().optional(),
    findings: z.array(findingSchema),
    requestId: z.string().optional().describe('Of a 500: names the lines in our log'),
  })
  .meta({ id: 'Problem' });

type Reader = { readonly language: Language; readonly origin: string };

/** A refusal as the caller sees it; nothing internal is in it. */
export function problem(error: AppError, reader: Reader): ApiAnswer {
  const retryAfter = error.data.retryAfterSeconds;
  return answer(error.code, reader, {
    detail: reader.language === 'de' ? inGerman(error.message) : error.message,
    findings: error.findings.map((found) => presentFinding(found, reader.language)),
    data: error.data,
    headers: {
      ...(error.code === 'unauthenticated' ? { 'www-authenticate': 'Bearer' } : {}),
      ...(typeof retryAfter === 'number' ? { 'retry-after': String(retryAfter) } : {}),
    },
  });
}

export function methodNotAllowed(allow: string, reader: Reader): ApiAnswer {
  return answer('method_not_allowed', reader, { headers: { allow } });
}

/** A bug or a fault: says nothing but a number to ask us with. */
export function internalProblem(requestId: string, reader: Reader): ApiAnswer {
  return answer('internal', reader, { data: { requestId } });
}

/** AWS itself failed; nothing is known to be wrong with the request. */
export function awayProblem(requestId: string, reader: Reader): ApiAnswer {
  return answer('unavailable', reader, { data: { requestId }, headers: { 'retry-after': '5' } });
}

function answer(
  code: ProblemCode,
  reader: Reader,
  more: {
    detail?: string;
    findings?: readonly unknown[];
    data?: Readonly<Record<string, unknown>>;
    headers?: Record<string, string>;
  },
): ApiAnswer {
  const { status, ...titles } = PROBLEMS[code];
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...more.headers },
    body: {
      ...more.data,
      type: `${reader.origin}/docs#problem-${code}`,
      title: titles[reader.language],
      status,
      code,
      ...(more.detail === undefined ? {} : { detail: more.detail }),
      findings: more.findings ?? [],
    },
  };
}
