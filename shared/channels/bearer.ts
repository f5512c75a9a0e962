import type { HttpRequest } from './provider.ts';

/** A request by an access token (RFC 6750); a body is sent as JSON. `headers` go before those that are given here. */
export function bearerRequest(
  { accessToken }: { readonly accessToken: string },
  method: HttpRequest['method'],
  url: string,
  {
    query = {},
    body,
    headers = {},
  }: {
    query?: Readonly<Record<string, string>> | undefined;
    body?: unknown;
    headers?: Readonly<Record<string, string>> | undefined;
  } = {},
): HttpRequest {
  const search = new URLSearchParams(query).toString();
  const request = {
    method,
    url: search === '' ? url : `${url}?${search}`,
    headers: {
      authorization: `Bearer ${accessToken}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
  };
  return body === undefined ? request : { ...request, body: JSON.stringify(body) };
}
