import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Nothing of the laptop is to be reached from another machine. */
export const LOOPBACK = '127.0.0.1';

export type LoopbackServer = { readonly port: number; readonly url: string; close(): Promise<void> };

/** Serves on the loopback address only; port 0 takes any free one. Rejects when the port is taken. */
export async function listen(handle: RequestListener, port = 0): Promise<LoopbackServer> {
  const server = createServer(handle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, resolve);
  });
  const taken = (server.address() as AddressInfo).port;
  return { port: taken, url: `http://${LOOPBACK}:${taken}`, close: () => closed(server) };
}

/** The whole body, or undefined when it is longer than `limit` bytes. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
  }
  return length <= limit ? Buffer.concat(chunks) : undefined;
}

/**
 * Was it sent by an AWS SDK? A browser names its page's origin and must not sign without asking first, so no web
 * site can reach the engines behind the back of the person at the laptop.
 */
export function isFromSdk(request: IncomingMessage): boolean {
  const { authorization, origin } = request.headers;
  return origin === undefined && (authorization?.startsWith('AWS4-HMAC-SHA256 ') ?? false);
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    // Whoever is still waiting for an answer gets a moment, then the connection is cut.
    setTimeout(() => server.closeAllConnections(), 500).unref();
  });
}
