import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHttp } from '../../shared/channels/http.ts';
import { type RawServer, rawServer } from './raw-server.ts';

/** What a hostile server may cost: a stated time, 1 MB of body, 16 KB of headers, and nothing behind our back. */
export function testLimits(): void {
  const http = createHttp({ allowLoopback: true, timeoutMs: 10_000 });
  const hasty = createHttp({ allowLoopback: true, timeoutMs: TIMEOUT_MS });
  const serve = async (hear: (socket: Socket) => void): Promise<RawServer> => {
    const server = await rawServer({ hear });
    onTestFinished(server.close);
    return server;
  };
  const timed = async (server: RawServer, subject = http) => {
    const start = performance.now();
    const answer = await subject({ method: 'GET', url: `${server.url}/` });
    return { answer, ms: performance.now() - start };
  };

  test.each(Object.entries(ENDLESS))('%s is over at the hard end', async (_name, hear) => {
    const { answer, ms } = await timed(await serve(hear), hasty);
    expect(answer).toEqual({
      kind: 'unanswered',
      reason: `127.0.0.1: no answer within ${TIMEOUT_MS / 1_000} s`,
    });
    expect(ms).toBeLessThan(TIMEOUT_MS + SLACK_MS);
  });

  test.each(Object.entries(BROKEN))('%s is no answer, at once', async (_name, hear) => {
    const { answer, ms } = await timed(await serve(hear));
    expect(answer.kind).toBe('unanswered');
    expect(ms).toBeLessThan(SLACK_MS);
  });

  test.each(Object.entries(BIG))('of %s no more than 1 MB is kept', async (_name, hear) => {
    const { answer } = await timed(await serve(hear));
    expect(answer).toMatchObject({ kind: 'answered', status: 200 });
    expect(answer.kind === 'answered' && answer.text.length).toBe(1_000_000);
  });

  test('a packed body is not unpacked, nor asked for', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    for (const coding of ['gzip', 'deflate', 'br', 'zstd']) {
      const server = await serve((socket) => {
        socket.write(`${OK}content-encoding: ${coding}\r\ncontent-length: ${bomb.length}\r\n\r\n`);
        socket.end(bomb);
      });
      const { answer } = await timed(server);
      expect(answer).toMatchObject({ kind: 'answered', json: undefined });
      expect(answer.kind === 'answered' && answer.text.length).toBeLessThanOrEqual(bomb.length);
      expect(server.received()).toContain('accept-encoding: identity\r\n');
    }
  });

  test('of endless redirects three are followed', async () => {
    const server = await serve((socket) => socket.end(`${FOUND}location: /again\r\n\r\n`));
    expect((await timed(server)).answer).toMatchObject({ kind: 'answered', status: 302 });
    expect(server.connections()).toBe(4);
  });

  test('slow redirects have one hard end together', async () => {
    const server = await serve((socket) => {
      setTimeout(() => socket.end(`${FOUND}location: /again\r\n\r\n`), TIMEOUT_MS * 0.4);
    });
    const { answer, ms } = await timed(server, hasty);
    // On a busy machine the end may come while the last of them is connected to.
    expect(['unanswered', 'unreachable']).toContain(answer.kind);
    expect(answer).toMatchObject({ reason: `127.0.0.1: no answer within ${TIMEOUT_MS / 1_000} s` });
    expect(ms).toBeLessThan(TIMEOUT_MS + SLACK_MS);
    expect(server.connections()).toBeLessThanOrEqual(3);
  });

  describe('a request cannot be split', () => {
    test.each(SPLITTING)('by the header %j: %j', async (name, value) => {
      const server = await serve((socket) => socket.end(`${OK}\r\n`));
      const answer = await http({ method: 'POST', url: server.url, headers: { [name]: value }, body: 'x' });
      expect(answer.kind).toBe('unreachable');
      expect(server.connections()).toBe(0);
    });

    test.each([
      '/a\r\nhost: inside\r\n\r\nGET /b',
      '/a b\u0000c HTTP/1.1\n\nGET /b',
      '/a%0d%0ahost:%20inside',
      '/?a=\r\n\r\nGET /b\u2028\u2029',
      '/č\u010a\u560a\u560d', // bytes that end in CR and LF when cut to eight bits
    ])('by the path %j', async (path) => {
      const server = await serve((socket) => socket.end(`${OK}content-length: 0\r\n\r\n`));
      await http({ method: 'GET', url: `${server.url}${path}` });
      expect(server.received().match(/ HTTP\/1\.1\r\n/g)).toHaveLength(1);
      expect(server.received().match(/\r\n\r\n/g)).toHaveLength(1);
      expect(server.received()).toMatch(/^GET \/[!-~]* HTTP\/1\.1\r\n/);
      expect(server.received()).not.toMatch(/^host: inside/m);
    });
  });
}

const TIMEOUT_MS = 200;
/** For the event loop of a busy machine. */
const SLACK_MS = 1_500;
const OK = 'HTTP/1.1 200 OK\r\n';
const FOUND = 'HTTP/1.1 302 Found\r\ncontent-length: 0\r\n';

/** Says `first`, and then `next` every few milliseconds for as long as somebody listens. */
const drip = (first: string, next: string) => (socket: Socket) => {
  socket.write(first);
  const dripping = setInterval(() => {
    if (socket.destroyed) clearInterval(dripping);
    else socket.write(next);
  }, 10);
};

/** The same as fast as it is taken. */
const pour = (first: string, next: string) => (socket: Socket) => {
  socket.write(first);
  const on = (): void => {
    if (!socket.destroyed) socket.write(next, on);
  };
  on();
};

const ENDLESS: Readonly<Record<string, (socket: Socket) => void>> = {
  'a server that says nothing': () => {},
  'a body that drips': drip(`${OK}content-length: 1000000\r\n\r\n`, 'x'),
  'a body that drips in chunks': drip(`${OK}transfer-encoding: chunked\r\n\r\n`, '1\r\nx\r\n'),
  'a body that is longer than any': drip(`${OK}content-length: 9007199254740991\r\n\r\n`, 'x'),
  'a status line that drips': drip('HTTP/1.1 200 ', 'K'),
  'a header that drips': drip(`${OK}x-long: `, 'x'),
  'headers that drip': drip(OK, 'a: b\r\n'),
  'trailers that drip': drip(`${OK}transfer-encoding: chunked\r\n\r\n0\r\n`, 'a: b\r\n'),
  'a chunk extension that drips': drip(`${OK}transfer-encoding: chunked\r\n\r\n1;a=`, 'x'),
  'early hints without end': pour('', 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(50)),
  'continuing without end': drip('', 'HTTP/1.1 100 Continue\r\n\r\n'),
};

const BROKEN: Readonly<Record<string, (socket: Socket) => void>> = {
  'a header of 100 KB': (socket) => socket.write(`${OK}x-long: ${'x'.repeat(100_000)}\r\n\r\n`),
  'a header without end': pour(`${OK}x-long: `, 'x'.repeat(10_000)),
  '20,000 headers': (socket) => socket.write(`${OK}${'a: b\r\n'.repeat(20_000)}\r\n`),
  'headers without end': pour(OK, 'a: b\r\n'.repeat(1_000)),
  'a header name of 100 KB': (socket) => socket.write(`${OK}${'x'.repeat(100_000)}: y\r\n\r\n`),
  'a status line of 100 KB': (socket) => socket.write(`HTTP/1.1 200 ${'x'.repeat(100_000)}\r\n\r\n`),
  'a Location of 100 KB': (socket) => socket.write(`${FOUND}location: /${'x'.repeat(100_000)}\r\n\r\n`),
  'trailers without end': pour(`${OK}transfer-encoding: chunked\r\n\r\n0\r\n`, 'a: b\r\n'.repeat(1_000)),
  'a chunk extension without end': pour(`${OK}transfer-encoding: chunked\r\n\r\n1;a=`, 'x'.repeat(10_000)),
  'a body with two lengths': (socket) => socket.end(`${OK}content-length: 1\r\ncontent-length: 2\r\n\r\nxy`),
  'a body with a length and chunks': (socket) =>
    socket.end(`${OK}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`),
  'a body of less than no length': (socket) => socket.end(`${OK}content-length: -1\r\n\r\nx`),
  'a header with a bare carriage return': (socket) => socket.end(`${OK}a: b\rlocation: /c\r\n\r\n`),
  'a header with a zero byte': (socket) => socket.end(`${OK}a: b\u0000c\r\n\r\n`),
  'a header that goes on in the next line': (socket) => socket.end(`${OK}a b\r\n c: d\r\n\r\n`),
};

const BIG: Readonly<Record<string, (socket: Socket) => void>> = {
  'a body without end': pour(`${OK}\r\n`, 'x'.repeat(100_000)),
  'a body of 10 GB': pour(`${OK}content-length: 10000000000\r\n\r\n`, 'x'.repeat(100_000)),
  'chunks without end': pour(
    `${OK}transfer-encoding: chunked\r\n\r\n`,
    `186a0\r\n${'x'.repeat(100_000)}\r\n`,
  ),
  'a chunk without end': pour(`${OK}transfer-encoding: chunked\r\n\r\nffffffff\r\n`, 'x'.repeat(100_000)),
};

const SPLITTING: readonly (readonly [name: string, value: string])[] = [
  ['x-a', 'b\r\nhost: inside'],
  ['x-a', 'b\nhost: inside'],
  ['x-a', 'b\rhost: inside'],
  ['x-a', 'b\r\n\r\nGET / HTTP/1.1'],
  ['x-a', 'b\u0000'],
  ['x-a', 'b\u010d\u010a'], // CR and LF when cut to eight bits
  ['x-a\r\nhost: inside', 'b'],
  ['x a', 'b'],
  ['x-a:', 'b'],
  ['', 'b'],
];
