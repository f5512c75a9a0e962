import { type LookupAddress, type LookupAllOptions, lookup as systemLookup } from 'node:dns';
import * as http from 'node:http';
import * as https from 'node:https';
import type { LookupFunction } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { Http } from '../ports.ts';
import { type GuardOptions, hostOf, isAllowedAddress, urlProblem } from './address-guard.ts';
import type { HttpAnswer, HttpRequest, StreamedBody } from './provider.ts';

export type HttpOptions = GuardOptions & {
  /** Hard end of a whole call: DNS, connect, redirects and body together. Milliseconds. */
  readonly timeoutMs?: number;
  /** Who is asked for a name's addresses. Default: the system. */
  readonly lookup?: Lookup;
};

/** Gives all addresses of a name, as `dns.lookup` does with `all`. */
export type Lookup = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * The only way to a network. Built on `node:http` rather than `fetch`, because the caller must know what was
 * sent: not a byte of the request is written before the connection stands and `beforeSend` has agreed, so
 * everything that fails until then is `unreachable`, and whatever fails from then on `unanswered`.
 *
 * Every call has a connection of its own. A kept one may have been closed by the server at the moment it is
 * written to, which is an unclear outcome for nothing; and a frozen function wakes up with a pool of dead ones.
 */
export function createHttp({ allowLoopback, timeoutMs = 20_000, lookup = systemLookup }: HttpOptions): Http {
  const guard: GuardOptions = { allowLoopback };
  return async (request, beforeSend) => {
    const signal = AbortSignal.timeout(timeoutMs);
    // A call that the caller must be sure about is never sent anywhere but where it said.
    const mayFollow = request.method === 'GET' && beforeSend === undefined;
    let present = request;
    for (let hops = 0; ; hops++) {
      const answer = await exchange(present, { guard, lookup, signal, timeoutMs }, beforeSend);
      const location = answer.kind === 'answered' && mayFollow ? redirectOf(answer, present.url) : undefined;
      if (location === undefined || hops === MAX_REDIRECTS) return answer;
      present = { ...present, url: location, headers: headersFor(present, location) };
    }
  };
}

const MAX_REDIRECTS = 3;
const MAX_BODY_BYTES = 1_000_000;
const USER_AGENT = 'Sendeplan/0.1 (+https://github.com/sendeplan/sendeplan)';

type Call = {
  readonly guard: GuardOptions;
  readonly lookup: Lookup;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
};
type BeforeSend = () => boolean | Promise<boolean>;

/** One request and its answer. Rejects only when `beforeSend` does, and then nothing was sent. */
function exchange(request: HttpRequest, call: Call, beforeSend?: BeforeSend): Promise<HttpAnswer> {
  const problem = urlProblem(request.url, call.guard);
  if (problem !== undefined) return Promise.resolve({ kind: 'unreachable', reason: problem });
  const url = new URL(request.url);
  return new Promise((resolve, reject) => {
    let sent = false;
    let settled = false;
    const fail = (error: unknown): void =>
      end({ kind: sent ? 'unanswered' : 'unreachable', reason: reasonFor(error, hostOf(url), call) });

    const client = open(url, request, call);
    if (client === undefined) {
      resolve({ kind: 'unreachable', reason: 'a header has characters that HTTP does not allow' });
      return;
    }
    const end = (answer: HttpAnswer): void => {
      if (settled) return;
      settled = true;
      resolve(answer);
      client.destroy();
    };
    const send = async (): Promise<void> => {
      try {
        if (beforeSend !== undefined && !(await beforeSend())) {
          return end({ kind: 'unreachable', reason: 'called off before sending' });
        }
      } catch (error) {
        settled = true;
        client.destroy();
        return reject(error);
      }
      // The connection may have ended while `beforeSend` was asked.
      if (settled) return;
      sent = true;
      writeBody(client, request.body, fail);
    };

    client.once('socket', (socket) => {
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => void send());
    });
    // An answer to what was never asked tells nothing of this request.
    client.on('response', (response) => (sent ? readAnswer(response, end, fail) : fail(undefined)));
    client.on('error', fail);
    client.once('close', () => fail(undefined));
  });
}

/** Undefined when a header cannot be written. The request head stays in memory until `end` is called. */
function open(
  url: URL,
  request: HttpRequest,
  { guard, lookup, signal }: Call,
): http.ClientRequest | undefined {
  const { request: start } = url.protocol === 'https:' ? https : http;
  try {
    return start({
      protocol: url.protocol,
      hostname: hostOf(url),
      port: url.port,
      path: url.pathname + url.search,
      method: request.method,
      headers: {
        'user-agent': USER_AGENT,
        'accept-encoding': 'identity',
        ...(isStreamed(request.body) ? { 'content-length': String(request.body.bytes) } : {}),
        ...request.headers,
      },
      agent: false,
      lookup: guardedLookup(lookup, guard, url.protocol),
      signal,
    });
  } catch {
    return undefined;
  }
}

const isStreamed = (body: HttpRequest['body']): body is StreamedBody =>
  typeof body === 'object' && !(body instanceof Uint8Array);

/** A source that fails, or has more or less than it said, cuts the connection: half a file must not pass for a whole. */
function writeBody(
  client: http.ClientRequest,
  body: HttpRequest['body'],
  fail: (error: unknown) => void,
): void {
  if (!isStreamed(body)) return void client.end(body);
  pipeline(counted(body), client).catch(fail);
}

async function* counted({ bytes, chunks }: StreamedBody): AsyncGenerator<Uint8Array> {
  let sent = 0;
  for await (const chunk of chunks()) {
    sent += chunk.length;
    if (sent > bytes) break;
    yield chunk;
  }
  if (sent !== bytes) throw new Error('the body has another length than it said');
}

/** Resolves a name to those of its addresses that may be connected to; the connection is made to one of these. */
function guardedLookup(lookup: Lookup, guard: GuardOptions, protocol: string): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const allowed = addresses.filter(({ address }) => isAllowedAddress(address, guard, protocol));
      const [first] = allowed;
      if (first === undefined) return callback(new NotPublic(), []);
      if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

class NotPublic extends Error {}

function readAnswer(
  response: http.IncomingMessage,
  end: (answer: HttpAnswer) => void,
  fail: (error: unknown) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  const answered = (): void => {
    // Without the byte order mark that many a PHP site has before its JSON.
    const text = new TextDecoder().decode(Buffer.concat(chunks).subarray(0, MAX_BODY_BYTES));
    const headers = headersOf(response);
    end({ kind: 'answered', status: response.statusCode ?? 0, headers, text, json: parse(text) });
  };
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_BODY_BYTES) answered();
  });
  response.on('end', () => (response.complete ? answered() : fail(undefined)));
  response.on('error', fail);
}

function headersOf(response: http.IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

/** Whatever parses is JSON, also under a wrong content type: many a proxy forgets it. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function redirectOf(answer: Extract<HttpAnswer, { kind: 'answered' }>, from: string): string | undefined {
  const { location } = answer.headers;
  if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return undefined;
  return URL.canParse(location, from) ? new URL(location, from).href : undefined;
}

/** A credential is for the origin it was given for. */
function headersFor(request: HttpRequest, location: string): Record<string, string> {
  const headers = Object.entries(request.headers ?? {});
  const same = new URL(location).origin === new URL(request.url).origin;
  return Object.fromEntries(
    same ? headers : headers.filter(([name]) => PUBLIC_HEADERS.has(name.toLowerCase())),
  );
}

const PUBLIC_HEADERS = new Set(['accept', 'accept-language']);

/** Host and cause; never a path, a query or a header. */
function reasonFor(error: unknown, host: string, { signal, timeoutMs }: Call): string {
  if (signal.aborted) return `${host}: no answer within ${timeoutMs / 1_000} s`;
  if (error instanceof NotPublic) return `${host} has no public address`;
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  return `${host}: ${code === undefined ? 'the connection was closed' : (CAUSES[code] ?? code)}`;
}

const CAUSES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name could not be resolved',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ETIMEDOUT: 'the connection could not be made in time',
};
