import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

/** Told to the starter: first the port; then, whenever it asks, what has been posted so far. */
export type NetworkReady = { readonly port: number };
/** The title of the post, and when its request came in, epoch ms. */
export type Arrival = readonly [title: string, at: number];

/** A WordPress-like site that takes a while for each post, in a thread of its own so that it is not held up. */
const { postMs } = workerData as { postMs: number };
const arrivals: Arrival[] = [];

const EDITOR = '{"id":7,"slug":"eva","roles":["author"],"capabilities":{"publish_posts":true}}';

const server = createServer((request, response) => {
  const at = Date.now();
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'application/json' });
    return response.end(EDITOR);
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { title } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { title: string };
    const id = arrivals.push([title, at]);
    setTimeout(() => {
      response.writeHead(201, { 'content-type': 'application/json' });
      response.end(`{"id":${id},"link":"http://127.0.0.1/${id}","status":"publish"}`);
    }, postMs);
  });
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 1_024 }, () => {
  const { port } = server.address() as AddressInfo;
  parentPort?.postMessage({ port } satisfies NetworkReady);
});
parentPort?.on('message', () => parentPort?.postMessage(arrivals));
