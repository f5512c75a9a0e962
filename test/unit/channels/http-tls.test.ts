import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import * as tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttp } from '../../../shared/channels/http.ts';
import { loopbackCertificate } from '../../support/loopback-certificate.ts';

const http = createHttp({ allowLoopback: true, timeoutMs: 10_000 });
const trusted = loopbackCertificate();
const stranger = loopbackCertificate();
const elsewhere = loopbackCertificate('127.0.0.9');
const heard: string[] = [];
const ports: number[] = [];
const servers = [trusted, stranger, elsewhere].map((certificate) =>
  https.createServer(certificate, (request, response) => {
    heard.push(`${request.method} ${request.url}`);
    response.end('{"secure":true}');
  }),
);

beforeAll(async () => {
  tls.setDefaultCACertificates([trusted.cert, elsewhere.cert]);
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ports.push((server.address() as AddressInfo).port);
  }
});
afterAll(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

describe('over TLS', () => {
  test.each(['127.0.0.1', 'localhost'])('asks `beforeSend` once and is answered, by %s', async (host) => {
    let asked = 0;
    const answer = await http({ method: 'POST', url: `https://${host}:${ports[0]}/posts`, body: 'x' }, () => {
      asked += 1;
      return true;
    });
    expect(answer).toMatchObject({ kind: 'answered', status: 200, json: { secure: true } });
    expect(asked).toBe(1);
    expect(heard.at(-1)).toBe('POST /posts');
  });

  test.each([
    ['is not trusted', 1],
    ['is for another address', 2],
  ])('says nothing to a server whose certificate %s', async (_name, n) => {
    const before = heard.length;
    const request = { method: 'POST', url: `https://127.0.0.1:${ports[n]}/posts`, body: 'x' } as const;
    const answer = await http(request, () => true);
    expect(answer).toMatchObject({ kind: 'unreachable', reason: expect.stringMatching(/CERT/) });
    expect(heard.length).toBe(before);
  });
});
