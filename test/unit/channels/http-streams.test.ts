import { createHash } from 'node:crypto';
import * as nodeHttp from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHttp } from '../../../shared/channels/http.ts';
import { multipart } from '../../../shared/channels/multipart.ts';
import type { HttpRequest, StreamedBody } from '../../../shared/channels/provider.ts';
import { rawServer } from '../../support/raw-server.ts';

const http = createHttp({ allowLoopback: true, timeoutMs: 10_000 });
const yes = () => true;
const MB = 1_000_000;

type Upload = { bytes: number; hash: string; ended: boolean; headers: nodeHttp.IncomingHttpHeaders };

/** A server that reads bodies and keeps only how many bytes they had and their hash. */
async function uploadServer({ onArrival = () => {} }: { onArrival?: (bytes: number) => void } = {}) {
  const uploads: Upload[] = [];
  const server = nodeHttp.createServer((request, response) => {
    const upload: Upload = { bytes: 0, hash: '', ended: false, headers: request.headers };
    const hash = createHash('sha256');
    uploads.push(upload);
    request.on('data', (chunk: Buffer) => {
      upload.bytes += chunk.length;
      hash.update(chunk);
      onArrival(upload.bytes);
    });
    request.on('error', () => {});
    request.on('end', () => {
      upload.hash = hash.digest('hex');
      upload.ended = true;
      response.writeHead(201).end('{"id":1}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, uploads };
}

const put = (url: string, body: StreamedBody): HttpRequest => ({ method: 'PUT', url, body });

/** A body that yields `parts` and says it has as many bytes as `says`; what became of it can be asked. */
function bodyOf(parts: readonly (string | Error)[], says?: number) {
  const state = { started: 0, closed: 0 };
  const texts = parts.filter((part): part is string => typeof part === 'string');
  const body: StreamedBody = {
    bytes: says ?? Buffer.byteLength(texts.join('')),
    async *chunks() {
      state.started += 1;
      try {
        for (const part of parts) {
          if (part instanceof Error) throw part;
          yield Buffer.from(part);
        }
      } finally {
        state.closed += 1;
      }
    },
  };
  return { body, state };
}

describe('a streamed body', () => {
  test('arrives whole, with its length said before', async () => {
    const server = await uploadServer();
    const { body, state } = bodyOf(['Grüße', '', ' aus ', 'Köln']);
    expect(await http(put(server.url, body), yes)).toMatchObject({
      kind: 'answered',
      status: 201,
      json: { id: 1 },
    });
    const [upload] = server.uploads;
    expect(upload).toMatchObject({ bytes: 17, ended: true });
    expect(upload?.headers).toMatchObject({ 'content-length': '17' });
    expect(upload?.headers['transfer-encoding']).toBeUndefined();
    expect(upload?.hash).toBe(createHash('sha256').update('Grüße aus Köln').digest('hex'));
    expect(state).toEqual({ started: 1, closed: 1 });
  });

  test('may be empty', async () => {
    const server = await uploadServer();
    expect((await http(put(server.url, bodyOf([]).body), yes)).kind).toBe('answered');
    expect(server.uploads[0]).toMatchObject({ bytes: 0, ended: true });
    expect(server.uploads[0]?.headers['content-length']).toBe('0');
  });

  test('may be a form with files', async () => {
    const server = await uploadServer();
    const { body: chunks } = bodyOf(['JP', 'EG']);
    const file = { field: 'file', fileName: 'a.jpg', type: 'image/jpeg', ...chunks };
    const form = multipart('b', [['text', 'a']], [file]);
    const answer = await http({ method: 'POST', url: server.url, ...form }, yes);
    expect(answer.kind).toBe('answered');
    expect(server.uploads[0]?.bytes).toBe(form.body.bytes);
    expect(server.uploads[0]?.headers['content-type']).toBe(form.headers['content-type']);
  });
});

describe('a body that breaks its word is unanswered, and never passes for a whole one:', () => {
  test.each<[string, (string | Error)[], number | undefined]>([
    ['shorter than it said', ['abc'], 4],
    ['with nothing in it', [], 4],
    ['longer by a chunk', ['abcd', 'e'], 4],
    ['longer within a chunk', ['abcde'], 4],
    ['failing at once', [new Error('the bucket failed')], 4],
    ['failing half-way', ['ab', new Error('the bucket failed')], 4],
  ])('%s', async (_name, parts, says) => {
    const server = await uploadServer();
    const { body, state } = bodyOf(parts, says);
    const answer = await http(put(server.url, body), yes);
    expect(answer).toEqual({ kind: 'unanswered', reason: '127.0.0.1: the connection was closed' });
    expect(server.uploads.filter(({ ended }) => ended)).toEqual([]);
    expect(state).toEqual({ started: 1, closed: 1 });
  });

  test('longer, and slowly so: not a byte more than was said goes out', async () => {
    const server = await rawServer({});
    onTestFinished(server.close);
    const body: StreamedBody = {
      bytes: 4,
      async *chunks() {
        for (const part of ['abcd', 'MORE', 'MORE']) {
          yield Buffer.from(part);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      },
    };
    expect((await http(put(server.url, body), yes)).kind).toBe('unanswered');
    expect(server.received()).toMatch(/\r\n\r\nabcd$/);
  });

  test('failing after its last byte', async () => {
    const server = await uploadServer();
    const { body } = bodyOf(['abcd', new Error('the bucket failed')], 4);
    const answer = await http(put(server.url, body), yes);
    // Everything was sent, and the server may have taken it: whichever is first, it is never called unsent.
    expect(['answered', 'unanswered']).toContain(answer.kind);
  });

  test('and what failed is not told, for it may name a path', async () => {
    const server = await uploadServer();
    const answer = await http(put(server.url, bodyOf(['ab', new Error('/media/secret')], 4).body), yes);
    expect(JSON.stringify(answer)).not.toContain('secret');
  });
});

describe('nothing of a body is read, and not a byte sent,', () => {
  test('when `beforeSend` refuses', async () => {
    const server = await rawServer({});
    onTestFinished(server.close);
    const { body, state } = bodyOf(['abcd']);
    const answer = await http(put(server.url, body), () => false);
    expect(answer).toEqual({ kind: 'unreachable', reason: 'called off before sending' });
    expect(server.received()).toBe('');
    expect(state.started).toBe(0);
  });

  test('when `beforeSend` fails', async () => {
    const server = await rawServer({});
    onTestFinished(server.close);
    const { body, state } = bodyOf(['abcd']);
    await expect(http(put(server.url, body), () => Promise.reject(new Error('no store')))).rejects.toThrow(
      'no store',
    );
    expect(server.received()).toBe('');
    expect(state.started).toBe(0);
  });

  test('when nobody listens', async () => {
    const server = await rawServer({});
    await server.close();
    const { body, state } = bodyOf(['abcd']);
    expect((await http(put(server.url, body), yes)).kind).toBe('unreachable');
    expect(state.started).toBe(0);
  });
});

describe('the other side', () => {
  test('may answer before it has read everything: that is the answer, and the source is closed', async () => {
    const refusal = 'HTTP/1.1 413 Too Large\r\ncontent-length: 3\r\n\r\nno!';
    let said = false;
    const server = await rawServer({
      hear: (socket) => {
        if (!said) socket.write(refusal);
        said = true;
      },
    });
    onTestFinished(server.close);
    const { body, state } = endless();
    expect(await http(put(server.url, body), yes)).toMatchObject({
      kind: 'answered',
      status: 413,
      text: 'no!',
    });
    await closing(state);
    expect(state.closed).toBe(1);
  });

  test('may cut the connection half-way: unanswered, and the source is closed', async () => {
    const server = await rawServer({
      hear: (socket) => {
        if (server.received().length > 200_000) socket.destroy();
      },
    });
    onTestFinished(server.close);
    const { body, state } = endless();
    expect((await http(put(server.url, body), yes)).kind).toBe('unanswered');
    await closing(state);
    expect(state.closed).toBe(1);
  });

  test('may stop reading: no more is taken from the source than the line holds, until the hard end', async () => {
    const server = await rawServer({ greet: (socket) => void socket.pause() });
    onTestFinished(server.close);
    const { body, state } = endless();
    const impatient = createHttp({ allowLoopback: true, timeoutMs: 500 });
    expect(await impatient(put(server.url, body), yes)).toEqual({
      kind: 'unanswered',
      reason: '127.0.0.1: no answer within 0.5 s',
    });
    await closing(state);
    // What two sockets on loopback hold is some MB; a body in memory would be all of it.
    expect(state.bytes).toBeLessThan(30 * MB);
    expect(state.closed).toBe(1);
  });
});

test('50 MB go through flat memory: what is read and has not arrived stays small', async () => {
  const total = 50 * MB;
  let read = 0;
  let arrived = 0;
  let mostUnderWay = 0;
  const server = await uploadServer({
    onArrival: (bytes) => {
      arrived = bytes;
    },
  });
  const hash = createHash('sha256');
  const body: StreamedBody = {
    bytes: total,
    async *chunks() {
      for (let n = 0; read < total; n++) {
        const chunk = Buffer.alloc(Math.min(100_000, total - read), n);
        read += chunk.length;
        mostUnderWay = Math.max(mostUnderWay, read - arrived);
        hash.update(chunk);
        yield chunk;
      }
    },
  };
  expect((await http(put(server.url, body), yes)).kind).toBe('answered');
  expect(server.uploads[0]).toMatchObject({ bytes: total, hash: hash.digest('hex') });
  expect(mostUnderWay).toBeLessThan(15 * MB);
});

/** A body of 1 GB that counts what is taken of it. */
function endless() {
  const state = { bytes: 0, closed: 0 };
  const body: StreamedBody = {
    bytes: 1_000 * MB,
    async *chunks() {
      try {
        for (const chunk = Buffer.alloc(100_000); state.bytes < 1_000 * MB; state.bytes += chunk.length)
          yield chunk;
      } finally {
        state.closed += 1;
      }
    },
  };
  return { body, state };
}

/** A source is closed when its last read is through, shortly after the answer. */
async function closing(state: { closed: number }): Promise<void> {
  for (let tries = 0; state.closed === 0 && tries < 100; tries++)
    await new Promise((resolve) => setTimeout(resolve, 10));
}
