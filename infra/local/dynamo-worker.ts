import type { RequestListener, Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { isFromSdk, LOOPBACK } from './loopback.ts';
import { type EngineDb, writeWhole } from './whole-writes.ts';

/** Told to the starter: the port once it serves; an ending thread is told by `exit` and `error`. */
export type DynamoReady = { readonly port: number };
export type DynamoSettings = { readonly path: string };

/**
 * Runs the DynamoDB engine in a thread of its own, so that it has the second core and dies with the process. Any
 * message from the starter closes the database and ends the thread.
 */
const load = createRequire(import.meta.url);
const dynalite: (options: { path: string; createTableMs: number }) => Server = load('dynalite');
writeWhole(load('dynalite/db') as EngineDb);

const server = dynalite({ path: (workerData as DynamoSettings).path, createTableMs: 0 });
const handlers = server.listeners('request') as RequestListener[];
server.removeAllListeners('request');
server.on('request', (request, response) => {
  if (!isFromSdk(request)) return response.writeHead(403).end();
  for (const handle of handlers) handle(request, response);
});
server.listen(0, LOOPBACK, () => {
  parentPort?.postMessage({ port: (server.address() as AddressInfo).port } satisfies DynamoReady);
});
parentPort?.once('message', () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), 500).unref();
});
