import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * The other end of a `webhook` channel, for the demo: a website on loopback that takes posts signed by the Standard
 * Webhooks scheme (https://www.standardwebhooks.com) and refuses everything else.
 */
export async function webhookReceiver(secret: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const id = String(request.headers['webhook-id'] ?? '');
    const signed = `${id}.${request.headers['webhook-timestamp']}.${Buffer.concat(chunks).toString('utf8')}`;
    const expected = Buffer.from(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
    const given = Buffer.from(String(request.headers['webhook-signature'] ?? ''));
    const genuine = given.length === expected.length && timingSafeEqual(given, expected);
    const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    response.writeHead(genuine ? 200 : 401, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(
        genuine ? { externalId: id, url: `${host}/posts/${encodeURIComponent(id)}` } : { error: 'signature' },
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
