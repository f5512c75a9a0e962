import { request } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterEach, expect, it } from 'vitest';
import { htmlAnswer } from '../../../infra/local/local-answer.ts';
import { type ApiHandler, startPublicServer } from '../../../infra/local/public-server.ts';
import { jsonLog } from '../../../shared/adapters/aws/log.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function aServer(api: ApiHandler) {
  const server = await startPublicServer(0);
  ends.push(server.close);
  server.open(
    api,
    { inbox: ({ path }) => htmlAnswer(`inbox ${path.join('|')}`) },
    jsonLog(() => {}),
  );
  return server;
}

/** A server whose API answers with the event that it was called with. */
async function anEcho() {
  const { url } = await aServer(async (event) => JSON.stringify(event));
  return async (path: string, init?: RequestInit): Promise<APIGatewayProxyEventV2> =>
    (await fetch(url + path, init)).json() as Promise<APIGatewayProxyEventV2>;
}

it('hands a request over as an HTTP API would', async () => {
  const ask = await anEcho();
  const event = await ask('/v1/posts?brand=a&brand=b%20c', {
    method: 'PATCH',
    headers: { 'X-Mixed-Case': 'Yes', cookie: 'a=1; b=2', 'content-type': 'application/merge-patch+json' },
    body: '{"text":"Grüße"}',
  });
  expect(event).toMatchObject({
    version: '2.0',
    rawPath: '/v1/posts',
    rawQueryString: 'brand=a&brand=b%20c',
    cookies: ['a=1', 'b=2'],
    headers: { 'x-mixed-case': 'Yes', 'x-forwarded-proto': 'http' },
    body: '{"text":"Grüße"}',
    isBase64Encoded: false,
    requestContext: { http: { method: 'PATCH', path: '/v1/posts', sourceIp: '127.0.0.1' } },
  });
  expect(event.headers).not.toHaveProperty('cookie');
});

it('has no page for what every object has: the API answers', async () => {
  const ask = await anEcho();
  for (const path of ['/constructor', '/__proto__', '/toString/x']) {
    expect(await ask(path)).toMatchObject({ rawPath: path });
  }
});

it('hands over no body when there is none, and a binary one in base64', async () => {
  const ask = await anEcho();
  expect(await ask('/v1/me')).not.toHaveProperty('body');
  const sent = await ask('/v1/me', {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body: new Uint8Array([0, 255]),
  });
  expect(sent).toMatchObject({ body: 'AP8=', isBase64Encoded: true });
});

it('sends back status, headers, cookies and a body in base64', async () => {
  const { url } = await aServer(async () => ({
    statusCode: 201,
    headers: { location: '/v1/posts/1' },
    cookies: ['a=1', 'b=2'],
    body: Buffer.from('made').toString('base64'),
    isBase64Encoded: true,
  }));
  const answer = await fetch(`${url}/v1/posts`, { method: 'POST' });
  expect([answer.status, answer.headers.get('location'), await answer.text()]).toEqual([
    201,
    '/v1/posts/1',
    'made',
  ]);
  expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
});

it('answers 503 until it is opened, 500 when the function throws, 413 above ten megabytes', async () => {
  const closed = await startPublicServer(0);
  ends.push(closed.close);
  expect((await fetch(`${closed.url}/v1/me`)).status).toBe(503);
  const { url } = await aServer(async () => {
    throw new Error('secret detail');
  });
  const broken = await fetch(`${url}/v1/me`);
  expect([broken.status, await broken.text()]).toEqual([500, '{"message":"Internal Server Error"}']);
  const large = await fetch(`${url}/v1/me`, { method: 'POST', body: 'x'.repeat(10 * 1024 * 1024 + 1) });
  expect(large.status).toBe(413);
});

it('shows its own pages only under the names of this machine', async () => {
  const { url, port } = await aServer(async () => ({ statusCode: 404 }));
  expect(await (await fetch(`${url}/inbox/a%20b/c`)).text()).toBe('inbox a b|c');
  const status = (host: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      request(`${url}/inbox`, { headers: { host } }, (answer) => resolve(answer.resume().statusCode))
        .on('error', reject)
        .end();
    });
  expect(await status(`localhost:${port}`)).toBe(200);
  expect(await status(`evil.example:${port}`)).toBe(421);
});
