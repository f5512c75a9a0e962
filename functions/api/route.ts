import type * as z from 'zod';
import type { ZodObject, ZodType } from 'zod';
import type { Actor, Agency, Scope } from '../../shared/domain/agency.ts';
import type { Deps } from '../../shared/ports.ts';

/** Who calls: the agency behind the key, and what the key may. */
export type Caller = {
  readonly agency: Agency;
  readonly keyId: string;
  readonly actor: Actor;
  readonly scope: Scope;
  /** Absent: every brand. A brand outside the list answers like an unknown one. */
  readonly brandIds?: readonly string[];
};

export type ApiRequest<Query = unknown, Body = unknown> = {
  readonly caller: Caller;
  /** Path parameters by name, not yet looked up. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly language: 'en' | 'de';
  /** Scheme and host the caller used, no trailing slash. */
  readonly origin: string;
};

export type ApiAnswer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, unless `text` is set. */
  readonly body?: unknown;
  /** A ready text with its own `content-type` header (HTML, CSV). */
  readonly text?: string;
};

/** One endpoint as data: the router, the laptop server and the OpenAPI document all read it. */
export type Route = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** OpenAPI style: `/v1/posts/{postId}/cancel`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  /** More words for the document, in Markdown. */
  readonly description?: string;
  readonly tag: string;
  /** The least scope a key needs; `public` needs no key. */
  readonly scope: Scope | 'public';
  readonly query?: ZodObject;
  readonly body?: ZodType;
  /** RFC 7396 patches and bodies that must be kept as sent may be larger or typed otherwise. */
  readonly bodyType?:
    | 'application/json'
    | 'application/merge-patch+json'
    /** What the button of a page of ours sends; public routes only. */
    | 'application/x-www-form-urlencoded';
  /** Request headers that mean something here, for the document: `{'Idempotency-Key': '…'}`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Schemas of the success answers by status; null: no body. Errors are the same everywhere. */
  readonly answers: Readonly<Record<number, ZodType | null>>;
  /** Further content types of a success answer, beside JSON. */
  readonly alsoAs?: readonly string[];
  /** The body names a brand or a channel that there may not be: 404, though the path names nothing. */
  readonly looksUp?: boolean;
  readonly handle: (request: ApiRequest<never, never>, deps: Deps) => Promise<ApiAnswer>;
};

/** Types `handle`'s query and body by the schemas beside it. */
export function route<Query extends ZodObject = ZodObject, Body extends ZodType = ZodType>(
  definition: Omit<Route, 'handle' | 'query' | 'body'> & {
    query?: Query;
    body?: Body;
    handle: (request: ApiRequest<z.infer<Query>, z.infer<Body>>, deps: Deps) => Promise<ApiAnswer>;
  },
): Route {
  return definition as unknown as Route;
}
