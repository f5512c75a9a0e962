import type { IncomingMessage, ServerResponse } from 'node:http';
import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2 } from 'aws-lambda';
import type { Log } from '../../shared/ports.ts';
import { sendResult, toEvent } from './http-event.ts';
import { type Handler, lambdaContext } from './lambda.ts';
import { jsonAnswer, type LocalAnswer, type LocalRequest } from './local-answer.ts';
import { type LoopbackServer, listen, readBody } from './loopback.ts';

/** What a path's first part leads to, on the laptop only: `inbox` serves `/inbox` and all below it; `` serves `/`. */
export type LocalPages = Readonly<
  Record<string, (request: LocalRequest) => LocalAnswer | Promise<LocalAnswer>>
>;
export type ApiHandler = Handler<APIGatewayProxyEventV2, APIGatewayProxyResultV2>;
export type PublicServer = LoopbackServer & {
  /** Until then every request is answered with 503. */
  readonly open: (api: ApiHandler, pages: LocalPages, log: Log) => void;
};

/** As API Gateway has it. */
const LONGEST_BODY = 10 * 1024 * 1024;

/** The one address of the laptop: its own pages, and the API for everything else. */
export async function startPublicServer(port: number): Promise<PublicServer> {
  let serve = async (_: IncomingMessage, response: ServerResponse): Promise<void> => {
    send(response, { ...jsonAnswer(503, { message: 'starting' }), headers: { 'retry-after': '1' } });
  };
  const server = await listen((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy(error as Error);
      else send(response, jsonAnswer(500, { message: 'Internal Server Error' }));
    });
  }, port);

  return {
    ...server,
    open: (api, pages, log) => {
      serve = async (request, response) => {
        const body = await readBody(request, LONGEST_BODY);
        if (!body) return send(response, jsonAnswer(413, { message: 'Request Entity Too Large' }));
        const url = new URL(request.url ?? '/', server.url);
        const [first = '', ...rest] = url.pathname.split('/').filter(Boolean);
        const page = Object.hasOwn(pages, first) ? pages[first] : undefined;
        try {
          if (!page) sendResult(response, await api(toEvent(request, body), lambdaContext('api')));
          else if (!isOurHost(request, server.port))
            send(response, jsonAnswer(421, { message: 'not this host' }));
          else send(response, await page(toLocalRequest(request, url, rest, body)));
        } catch (error) {
          log.error('a request failed', { method: request.method, path: url.pathname, error });
          throw error;
        }
      };
    },
  };
}

/** The pages need no key, so no web site may reach them by pointing a name of its own at this machine. */
function isOurHost(request: IncomingMessage, port: number): boolean {
  return [`127.0.0.1:${port}`, `localhost:${port}`].includes(request.headers.host ?? '');
}

function toLocalRequest(
  request: IncomingMessage,
  url: URL,
  path: readonly string[],
  body: Buffer,
): LocalRequest {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, value?.toString()]),
  );
  const accept = headers.accept ?? '';
  return {
    method: request.method ?? 'GET',
    path: path.map(decoded),
    query: url.searchParams,
    headers,
    body: body.toString('utf8'),
    wantsJson: accept.includes('application/json') && !accept.includes('text/html'),
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function send(response: ServerResponse, answer: LocalAnswer): void {
  response.writeHead(answer.status, {
    ...answer.headers,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
  response.end(answer.body);
}
