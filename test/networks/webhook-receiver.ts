import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

type Taken = {
  readonly id: string;
  readonly data: {
    readonly text: string;
    readonly thread?: readonly string[];
    readonly media?: readonly {
      url: string;
      mime: string;
      bytes: number;
      alt: string;
      width: number;
      height: number;
    }[];
  };
};

/** A receiver by the rules of Standard Webhooks: its reference library says what is let in, by the machine's clock. */
export async function webhookReceiver(secret: string) {
  const verifier = new Webhook(secret);
  const taken: Taken[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const headers = Object.fromEntries(Object.entries(request.headers).map(([k, v]) => [k, String(v)]));
      if (request.method === 'HEAD') return response.writeHead(204).end();
      try {
        const { data } = verifier.verify(body, headers) as { data: Taken['data'] };
        taken.push({ id: headers['webhook-id'] ?? '', data });
        response.writeHead(200, { 'content-type': 'application/json' });
        return response.end(JSON.stringify({ externalId: `entry-${taken.length}` }));
      } catch (error) {
        response.writeHead(401, { 'content-type': 'application/json' });
        return response.end(JSON.stringify({ error: String(error) }));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    taken,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
