import { request as send } from 'node:http';
import { type LoopbackServer, listen, readBody } from '../../infra/local/loopback.ts';

export type WireTap = LoopbackServer & {
  /** What was sent to the engine: operation, path and body of each request. */
  readonly sent: readonly string[];
  /** What the engine answered. */
  readonly answered: readonly string[];
};

/** Stands before an engine, passes everything on, and keeps what goes by. */
export async function wireTap(engineUrl: string): Promise<WireTap> {
  const sent: string[] = [];
  const answered: string[] = [];
  const { hostname, port } = new URL(engineUrl);
  const server = await listen(async (incoming, response) => {
    const body = (await readBody(incoming, 10_000_000)) ?? Buffer.alloc(0);
    sent.push(`${incoming.headers['x-amz-target'] ?? incoming.method} ${incoming.url} ${body}`);
    const { method, url: path, headers } = incoming;
    const onward = send({ hostname, port, method, path, headers }, async (answer) => {
      const bytes = (await readBody(answer, 10_000_000)) ?? Buffer.alloc(0);
      answered.push(bytes.toString());
      const { 'transfer-encoding': _, ...kept } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, { ...kept, 'content-length': bytes.length }).end(bytes);
    });
    onward.on('error', () => response.destroy());
    onward.end(body);
  });
  return { ...server, sent, answered };
}
