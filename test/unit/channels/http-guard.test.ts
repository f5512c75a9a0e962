import { describe, expect, onTestFinished, test } from 'vitest';
import { createHttp } from '../../../shared/channels/http.ts';
import { type Received, type Reply, startServer } from '../../support/fake-networks/server.ts';
import { rawServer } from '../../support/raw-server.ts';

const http = createHttp({ allowLoopback: true, timeoutMs: 10_000 });
const deployed = createHttp({ allowLoopback: false, timeoutMs: 10_000 });
const yes = () => true;

async function serve(handle: (request: Received) => Reply) {
  const server = await startServer(handle);
  onTestFinished(server.close);
  return server;
}

describe('redirects', () => {
  const to = (location: string, status = 302): Reply => ({ status, headers: { location } });

  test('of a GET are followed, at most three', async () => {
    const server = await serve(({ url }) => {
      const left = Number(url.pathname.slice(1));
      return left > 0 ? to(`/${left - 1}`) : { status: 200 };
    });
    expect(await http({ method: 'GET', url: `${server.url}/3` })).toMatchObject({ status: 200 });
    expect(await http({ method: 'GET', url: `${server.url}/4` })).toMatchObject({ status: 302 });
  });

  test.each([301, 302, 303, 307, 308])('of a POST are answers (%d)', async (status) => {
    const server = await serve(({ url }) => (url.pathname === '/' ? to('/else', status) : { status: 200 }));
    expect(await http({ method: 'POST', url: server.url })).toMatchObject({ kind: 'answered', status });
    expect(server.requests).toHaveLength(1);
  });

  test('of a call that must be sent once are answers, whatever its method', async () => {
    const server = await serve(() => to('/else'));
    expect(await http({ method: 'GET', url: server.url }, yes)).toMatchObject({ status: 302 });
    expect(server.requests).toHaveLength(1);
  });

  test('keep credentials on the same origin and leave them behind for another', async () => {
    const other = await serve(() => ({ status: 200 }));
    const server = await serve(({ url }) => to(url.pathname === '/' ? '/near' : `${other.url}/far`));
    const headers = { authorization: 'Bearer token', cookie: 'a=b', 'x-api-key': 'key', accept: 'text/html' };
    expect(await http({ method: 'GET', url: server.url, headers })).toMatchObject({ status: 200 });
    expect(server.requests[1]?.headers).toMatchObject(headers);
    const sent = other.requests[0]?.headers ?? {};
    expect(sent.accept).toBe('text/html');
    expect(Object.keys(sent)).not.toEqual(expect.arrayContaining(['authorization']));
    expect(JSON.stringify(sent)).not.toMatch(/token|a=b|key/);
  });

  test.each([
    'http://169.254.169.254/latest/meta-data',
    'https://10.0.0.1/',
    'https://[fd00:ec2::254]/',
    'http://93.184.216.34/',
    'https://user:password@example.org/',
    'file:///etc/passwd',
  ])('to %s lead nowhere', async (location) => {
    const server = await serve(() => to(location));
    const answer = await http({ method: 'GET', url: server.url });
    expect(answer.kind).toBe('unreachable');
    expect(JSON.stringify(answer)).not.toContain('password@');
  });
});

describe('the guard', () => {
  test('lets nobody to loopback on a deployed stage, by address or by name', async () => {
    const server = await rawServer({});
    onTestFinished(server.close);
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '2130706433', '0x7f.1', '127.1']) {
      for (const protocol of ['http', 'https']) {
        const answer = await deployed({ method: 'GET', url: `${protocol}://${host}:${server.port}/` });
        expect(answer.kind, `${protocol}://${host}`).toBe('unreachable');
      }
    }
    expect(server.connections()).toBe(0);
  });

  test('says why without repeating the path, the query or the login', async () => {
    for (const url of [
      'https://10.0.0.1/secret?key=secret',
      'http://localhost/secret?key=secret',
      'https://user:secret@example.org/',
      'ftp://example.org/secret',
      'https://localhost/secret?key=secret',
      'secret',
    ]) {
      const answer = await deployed({ method: 'POST', url, body: 'secret' }, yes);
      expect(answer.kind).toBe('unreachable');
      expect(JSON.stringify(answer)).not.toContain('secret');
    }
  });
});
