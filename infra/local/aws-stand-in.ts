import type { IncomingMessage, ServerResponse } from 'node:http';
import { isFromSdk, type LoopbackServer, listen, readBody } from './loopback.ts';

/** One request of an AWS SDK, understood as far as all protocols agree. */
export type AwsCall = {
  readonly method: string;
  /** Decoded parts of the path. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  /** `AWSEvents.PutEvents` in the JSON protocols, empty in the REST ones. */
  readonly target: string;
  readonly body: unknown;
};

/** One service, as far as Sendeplan uses it. */
export type StandIn = {
  readonly owns: (call: AwsCall) => boolean;
  /** The answer's body; throws `AwsFault` for what the service would refuse. */
  readonly answer: (call: AwsCall) => Promise<unknown>;
};

/** A refusal, as an SDK turns it into an exception of that name. */
export class AwsFault extends Error {
  readonly status: number;
  constructor(name: string, message: string, status = 400) {
    super(message);
    this.name = name;
    this.status = status;
  }
}

const LONGEST_BODY = 12 * 1024 * 1024;

/** One loopback server that speaks for all the given services. */
export function serveStandIns(standIns: readonly StandIn[]): Promise<LoopbackServer> {
  return listen((request, response) => {
    answer(standIns, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else refuse(response, error);
    });
  });
}

async function answer(
  standIns: readonly StandIn[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!isFromSdk(request)) throw new AwsFault('MissingAuthenticationTokenException', 'not signed', 403);
  const bytes = await readBody(request, LONGEST_BODY);
  if (!bytes) throw new AwsFault('RequestEntityTooLargeException', 'the body is too large', 413);
  const url = new URL(request.url ?? '/', 'http://stand-in');
  const call: AwsCall = {
    method: request.method ?? 'GET',
    path: url.pathname.split('/').filter(Boolean).map(decodeURIComponent),
    query: url.searchParams,
    target: String(request.headers['x-amz-target'] ?? ''),
    body: bytes.length === 0 ? {} : parsed(bytes),
  };
  const standIn = standIns.find((candidate) => candidate.owns(call));
  if (!standIn) throw new AwsFault('UnknownOperationException', 'no service here knows this call', 404);
  send(response, 200, await standIn.answer(call), call.target ? '1.1' : undefined);
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new AwsFault('SerializationException', 'the body is not JSON');
  }
}

function refuse(response: ServerResponse, error: unknown): void {
  const fault =
    error instanceof AwsFault ? error : new AwsFault('InternalServerException', String(error), 500);
  response.setHeader('x-amzn-errortype', fault.name);
  send(response, fault.status, { __type: fault.name, message: fault.message, Message: fault.message });
}

function send(response: ServerResponse, status: number, body: unknown, jsonVersion?: string): void {
  response.writeHead(status, {
    'content-type': jsonVersion ? `application/x-amz-json-${jsonVersion}` : 'application/json',
  });
  response.end(JSON.stringify(body));
}
