import type { Received } from './fake-networks/server.ts';

/** A request as a fake network would have got it; what is no text goes as JSON. */
export function aReceived(
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Received {
  const isText = typeof body === 'string';
  const text = body === undefined ? '' : isText ? body : JSON.stringify(body);
  return {
    method,
    url: new URL(path, 'http://127.0.0.1'),
    headers: { ...(body === undefined || isText ? {} : { 'content-type': 'application/json' }), ...headers },
    body: text,
    bytes: Buffer.from(text),
    json: isText ? undefined : body,
  };
}
