import * as http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A request as a fake network got it. Header names are lower case. */
export type Received = {
  readonly method: string;
  /** With the query: `received.url.searchParams`. */
  readonly url: URL;
  readonly headers: http.IncomingHttpHeaders;
  /** As UTF-8; a file's bytes are in `bytes`. */
  readonly body: string;
  readonly bytes: Uint8Array;
  /** Undefined when the body is no JSON. */
  readonly json: unknown;
};

export type Reply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is; anything else as JSON. */
  readonly body?: unknown;
};

/** How a request goes wrong. But for `answer` and `lose`, it has its effect all the same. */
export type Fault =
  /** Answers so, without an effect. */
  | ({ readonly kind: 'answer' } & Reply)
  /** Takes effect, then answers so, as if it had none. */
  | ({ readonly kind: 'deny' } & Reply)
  /** Cuts the connection before anything happens. */
  | { readonly kind: 'lose' }
  /** Takes effect, then: cuts the connection. */
  | { readonly kind: 'drop' }
  /** … never answers. */
  | { readonly kind: 'hang' }
  /** … answers what is not HTTP. */
  | { readonly kind: 'garbage' }
  /** … promises a whole body and sends half. */
  | { readonly kind: 'half' };

export type FakeServer = {
  /** `http://127.0.0.1:<port>`, without a trailing slash. */
  readonly url: string;
  readonly requests: readonly Received[];
  /** The next request for which `when` is true goes wrong. Faults queue up, each is used once. */
  readonly fault: (fault: Fault, when?: (request: Received) => boolean) => void;
  readonly close: () => Promise<void>;
};

/** What a provider's contract suite needs of a fake network, whatever else it offers. */
export type FakeNetwork = FakeServer & {
  /** Is this the request that makes a post public? */
  readonly isPublish: (request: Received) => boolean;
  /** External ids of what is public now, oldest first. */
  readonly published: () => readonly string[];
  /** Takes a publication away, as its owner might by hand. */
  readonly forget: (externalId: string) => void;
};

/** A server on loopback that answers by `handle` and misbehaves on demand. */
export async function startServer(
  handle: (request: Received) => Reply | Promise<Reply>,
): Promise<FakeServer> {
  const requests: Received[] = [];
  const faults: { fault: Fault; when: (request: Received) => boolean }[] = [];
  const server = http.createServer((incoming, response) => {
    const { socket } = incoming;
    void receive(incoming).then(async (request) => {
      requests.push(request);
      const next = faults.findIndex(({ when }) => when(request));
      const fault = next === -1 ? undefined : faults.splice(next, 1)[0]?.fault;
      if (fault?.kind === 'lose') return socket.destroy();
      const reply = fault?.kind === 'answer' ? fault : await handle(request);
      if (fault?.kind === 'deny') return answer(response, fault);
      if (fault === undefined || fault.kind === 'answer') return answer(response, reply);
      misbehave(fault.kind, socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    fault: (fault, when = () => true) => void faults.push({ fault, when }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function receive(incoming: http.IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const body = bytes.toString('utf8');
  const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  return { method: incoming.method ?? '', url, headers: incoming.headers, body, bytes, json: parse(body) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function answer(response: http.ServerResponse, { status, headers = {}, body }: Reply): void {
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json', ...headers });
  response.end(body === undefined ? undefined : isText ? body : JSON.stringify(body));
}

function misbehave(kind: 'drop' | 'hang' | 'garbage' | 'half', socket: Socket): void {
  if (kind === 'drop') socket.destroy();
  if (kind === 'garbage') socket.end('\u0000\u0001 this is not HTTP\r\n\r\n');
  if (kind === 'half') {
    socket.end('HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"id":');
  }
}
