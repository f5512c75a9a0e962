import type { ZodObject } from 'zod';
import { notFound } from '../../shared/domain/app-error.ts';
import type { Deps } from '../../shared/ports.ts';
import type { Language } from './answers.ts';
import { authenticate } from './authenticate.ts';
import { parseBody, parseForm, parseQuery } from './parse.ts';
import { methodNotAllowed } from './problem.ts';
import { rateLimit } from './rate-limit.ts';
import type { ApiAnswer, ApiRequest, Caller, Route } from './route.ts';
import { type RouteFile, router } from './router.ts';

/** One HTTP request as read from its event; nothing is checked yet. */
export type Reading = {
  readonly method: string;
  readonly path: string;
  readonly rawQuery: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly language: Language;
  readonly origin: string;
  readonly requestId: string;
};

/** Finds the route, asks who calls, reads what is said, and lets the route answer. */
export function serve(files: readonly RouteFile[]): (reading: Reading, deps: Deps) => Promise<ApiAnswer> {
  const match = router(files);
  const limit = rateLimit();
  return async (reading, deps) => {
    const found = await match(reading.method, reading.path);
    if (found.kind === 'no-path') throw notFound('address');
    if (found.kind === 'no-method') return methodNotAllowed(found.allow, reading);
    const { route, params } = found;
    if (route.scope === 'public') return handle(route, publicRequest(reading, params, route), deps);
    const { caller, noted } = await authenticate(deps, route.scope, reading.headers.authorization, limit);
    try {
      const query = parseQuery(route.query, reading.rawQuery);
      const body = route.method === 'GET' ? undefined : parseBody(route.body, reading.text);
      return await handle(route, request(reading, params, caller, query, body), deps);
    } finally {
      await noted;
    }
  };
}

/** Every route's own types hold because its own schemas have just parsed what it is given. */
function handle(route: Route, given: ApiRequest, deps: Deps): Promise<ApiAnswer> {
  return route.handle(given as ApiRequest<never, never>, deps);
}

function request(
  { headers, language, origin }: Reading,
  params: ApiRequest['params'],
  caller: Caller,
  query: unknown,
  body: unknown,
): ApiRequest {
  return { caller, params, query, body, headers, language, origin };
}

/** Mail programs and browsers add parameters and form bodies of their own: what no schema asks for is not read. */
function publicRequest(reading: Reading, params: ApiRequest['params'], route: Route): ApiRequest {
  const query =
    route.query === undefined ? {} : parseQuery(route.query, asked(route.query, reading.rawQuery));
  const parse = route.bodyType === 'application/x-www-form-urlencoded' ? parseForm : parseBody;
  const body = route.body === undefined ? undefined : parse(route.body, reading.text);
  return request(reading, params, NOBODY, query, body);
}

const asked = ({ shape }: ZodObject, rawQuery: string): string =>
  new URLSearchParams(
    [...new URLSearchParams(rawQuery)].filter(([name]) => Object.hasOwn(shape, name)),
  ).toString();

/** Public routes have no caller; whoever reads it there finds an agency that owns nothing. */
const NOBODY: Caller = {
  agency: { id: '', name: '', dataKey: '', optInEvents: [], createdAt: 0 },
  keyId: '',
  actor: { keyId: '', name: 'anybody' },
  scope: 'reader',
  brandIds: [],
};
