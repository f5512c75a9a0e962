import type { Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHttp } from '../../../shared/channels/http.ts';
import { type Received, type Reply, startServer } from '../../support/fake-networks/server.ts';
import { type RawServer, rawServer } from '../../support/raw-server.ts';

const http = createHttp({ allowLoopback: true, timeoutMs: 10_000 });
const impatient = createHttp({ allowLoopback: true, timeoutMs: 300 });
const yes = () => true;

async function serve(handle: (request: Received) => Reply) {
  const server = await startServer(handle);
  onTestFinished(server.close);
  return server;
}

async function raw(parts: Parameters<typeof rawServer>[0]): Promise<RawServer> {
  const server = await rawServer(parts);
  onTestFinished(server.close);
  return server;
}

/** A port that nothing listens on. */
async function closedPort(): Promise<string> {
  const server = await rawServer({});
  await server.close();
  return server.url;
}

describe('an answered call', () => {
  test('gives status, headers in lower case, text and JSON', async () => {
    const server = await serve(() => ({ status: 201, headers: { 'X-Kind': 'Test' }, body: { id: 7 } }));
    const answer = await http({
      method: 'POST',
      url: `${server.url}/posts?draft=1`,
      headers: { 'content-type': 'application/json', authorization: 'Bearer token' },
      body: '{"text":"Grüße"}',
    });
    expect(answer).toMatchObject({ kind: 'answered', status: 201, text: '{"id":7}', json: { id: 7 } });
    expect(answer).toMatchObject({ headers: { 'x-kind': 'Test', 'content-type': 'application/json' } });
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'POST', json: { text: 'Grüße' } });
    expect(request?.url.search).toBe('?draft=1');
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer token',
      'content-length': '18',
      'user-agent': 'Sendeplan/0.1 (+https://github.com/sendeplan/sendeplan)',
    });
  });

  test('sends bytes as they are', async () => {
    const server = await serve(() => ({ status: 200 }));
    await http({ method: 'PUT', url: server.url, body: new TextEncoder().encode('bytes') });
    expect(server.requests[0]?.body).toBe('bytes');
  });

  test('has no JSON where there is none', async () => {
    const server = await serve(() => ({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '<p>',
    }));
    expect(await http({ method: 'GET', url: server.url })).toMatchObject({ text: '<p>', json: undefined });
  });

  test('has JSON under a wrong content type, too', async () => {
    const server = await serve(() => ({ status: 200, body: '[1]' }));
    expect(await http({ method: 'GET', url: server.url })).toMatchObject({ json: [1] });
  });

  test('has JSON behind a byte order mark, which no text of it begins with', async () => {
    const server = await serve(() => ({ status: 200, body: '\uFEFF{"id":1}' }));
    expect(await http({ method: 'GET', url: server.url })).toMatchObject({
      text: '{"id":1}',
      json: { id: 1 },
    });
  });

  test.each([204, 400, 404, 429, 500])('with status %d is an answer', async (status) => {
    const server = await serve(() => ({ status }));
    expect(await http({ method: 'DELETE', url: server.url }, yes)).toMatchObject({
      kind: 'answered',
      status,
    });
  });

  test('of more than 1 MB is clipped and not read to its end', async () => {
    let written = 0;
    const server = await raw({
      hear: (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        const pour = () => {
          if (socket.destroyed) return;
          written += 100_000;
          socket.write('x'.repeat(100_000), pour);
        };
        pour();
      },
    });
    const answer = await http({ method: 'POST', url: server.url }, yes);
    expect(answer).toMatchObject({ kind: 'answered', status: 200 });
    expect(answer.kind === 'answered' && answer.text.length).toBe(1_000_000);
    expect(written).toBeLessThan(50_000_000);
  });

  test('is given the name of the host, and a connection that ends with it', async () => {
    const server = await serve(() => ({ status: 200 }));
    await http({ method: 'GET', url: server.url.replace('127.0.0.1', 'localhost') });
    expect(server.requests[0]?.headers).toMatchObject({ connection: 'close' });
    expect(server.requests[0]?.headers.host).toMatch(/^localhost:\d+$/);
  });
});

describe('once something was sent, a call is unanswered', () => {
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
  const ends: Record<string, (socket: Socket) => void> = {
    'when the connection is closed': (socket) => socket.end(),
    'when the connection is cut': (socket) => socket.destroy(),
    'when the connection is reset': (socket) => socket.resetAndDestroy(),
    'when what comes is not HTTP': (socket) => socket.end('hello\r\n\r\n'),
    'when the head is cut off': (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-'),
    'when the body is cut off': (socket) => socket.end(`${head}content-length: 100\r\n\r\n{"id":1}`),
    'when the last chunk is missing': (socket) =>
      socket.end(`${head}transfer-encoding: chunked\r\n\r\n8\r\n{"id":1}\r\n`),
    'when a chunk is broken': (socket) =>
      socket.end(`${head}transfer-encoding: chunked\r\n\r\nzz\r\n{"id":1}\r\n0\r\n\r\n`),
    'when the headers have no end': (socket) => socket.write(`${head}x-long: ${'x'.repeat(100_000)}\r\n`),
    'when the protocol is switched': (socket) =>
      socket.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
  };
  test.each(Object.entries(ends))('%s', async (_name, hear) => {
    const server = await raw({ hear });
    const answer = await http({ method: 'POST', url: server.url, body: 'x' }, yes);
    expect(answer).toMatchObject({ kind: 'unanswered' });
    expect(server.connections()).toBe(1);
  });

  test('when nothing comes until the hard end', async () => {
    const server = await raw({});
    const answer = await impatient({ method: 'POST', url: server.url, body: 'x' }, yes);
    expect(answer).toEqual({ kind: 'unanswered', reason: '127.0.0.1: no answer within 0.3 s' });
  });

  test('when the answer drips in beyond the hard end', async () => {
    const server = await raw({
      hear: (socket) => {
        socket.write(`${head}content-length: 100\r\n\r\n`);
        const drip = setInterval(() => (socket.destroyed ? clearInterval(drip) : socket.write('x')), 20);
      },
    });
    const answer = await impatient({ method: 'POST', url: server.url, body: 'x' }, yes);
    expect(answer.kind).toBe('unanswered');
  });
});

describe('before anything was sent, a call is unreachable', () => {
  test('when nothing listens', async () => {
    const url = await closedPort();
    const answer = await http({ method: 'POST', url, body: 'x' }, yes);
    expect(answer).toEqual({ kind: 'unreachable', reason: '127.0.0.1: the connection was refused' });
  });

  test('when TLS fails, and the request stays unsaid', async () => {
    const server = await raw({ hear: (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n') });
    const answer = await http(
      { method: 'POST', url: `https://127.0.0.1:${server.port}/secret-path`, body: 'secret-body' },
      yes,
    );
    expect(answer.kind).toBe('unreachable');
    expect(server.received()).not.toContain('secret');
  });

  test('when TLS hangs', async () => {
    const server = await raw({});
    const answer = await impatient({ method: 'POST', url: `https://127.0.0.1:${server.port}/` }, yes);
    expect(answer).toEqual({ kind: 'unreachable', reason: '127.0.0.1: no answer within 0.3 s' });
  });

  test('when a header cannot be written', async () => {
    const server = await raw({});
    const headers = { authorization: 'Bearer a\r\nb' };
    const answer = await http({ method: 'GET', url: server.url, headers });
    expect(answer.kind).toBe('unreachable');
    expect(JSON.stringify(answer)).not.toContain('Bearer');
  });

  test('when it is called off with the connection standing', async () => {
    const server = await raw({});
    let connectionsWhenAsked = -1;
    const answer = await http({ method: 'POST', url: server.url, body: 'x' }, () => {
      connectionsWhenAsked = server.connections();
      return false;
    });
    expect(answer).toEqual({ kind: 'unreachable', reason: 'called off before sending' });
    expect(server.received()).toBe('');
    expect(connectionsWhenAsked).toBe(1);
  });

  test('when the connection ends while `beforeSend` is asked, even if it then agrees', async () => {
    const server = await raw({ greet: (socket) => socket.destroy() });
    const slowYes = () => new Promise<boolean>((resolve) => setTimeout(() => resolve(true), 100));
    const answer = await http({ method: 'POST', url: server.url, body: 'x' }, slowYes);
    expect(answer.kind).toBe('unreachable');
    expect(server.received()).toBe('');
  });

  test('when the hard end comes while `beforeSend` is asked', async () => {
    const server = await raw({});
    let say: (answer: boolean) => void = () => {};
    const answer = await impatient(
      { method: 'POST', url: server.url, body: 'x' },
      () => new Promise((resolve) => (say = resolve)),
    );
    say(true);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(answer.kind).toBe('unreachable');
    expect(server.received()).toBe('');
  });

  test('when the server talks first', async () => {
    const server = await raw({
      greet: (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'),
    });
    const never = () => new Promise<boolean>(() => {});
    const answer = await http({ method: 'POST', url: server.url, body: 'x' }, never);
    expect(answer.kind).toBe('unreachable');
  });

  test('and it rejects, with nothing sent, when `beforeSend` itself fails', async () => {
    const server = await raw({});
    const call = http({ method: 'POST', url: server.url, body: 'x' }, () =>
      Promise.reject(new Error('no store')),
    );
    await expect(call).rejects.toThrow('no store');
    expect(server.received()).toBe('');
  });
});
