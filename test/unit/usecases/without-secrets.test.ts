import { describe, expect, test } from 'vitest';
import type { HttpAnswer, HttpRequest } from '../../../shared/channels/provider.ts';
import { withoutSecrets } from '../../../shared/usecases/without-secrets.ts';

const TOKEN = 'tok3n/with+odd"signs=0123456789';

const answered = (status: number, body: unknown): Extract<HttpAnswer, { kind: 'answered' }> => ({
  kind: 'answered',
  status,
  headers: {},
  text: typeof body === 'string' ? body : JSON.stringify(body),
  json: typeof body === 'string' ? undefined : body,
});
const told = (request: Partial<HttpRequest>, answer: HttpAnswer): string =>
  JSON.stringify(withoutSecrets({ method: 'POST', url: 'https://network.example/', ...request }, answer));

describe('a refusal that repeats what was sent', () => {
  const basic = Buffer.from(`editor:${TOKEN}`).toString('base64');
  const carried: [string, Partial<HttpRequest>, string][] = [
    ['a bearer token', { headers: { authorization: `Bearer ${TOKEN}` } }, TOKEN],
    ['a key of its own kind', { headers: { 'x-api-key': TOKEN } }, TOKEN],
    ['a password', { headers: { authorization: `Basic ${basic}` } }, TOKEN],
    ['a password in base64', { headers: { authorization: `Basic ${basic}` } }, basic],
    [
      'a parameter of the address',
      { url: `https://n.example/?access_token=${encodeURIComponent(TOKEN)}` },
      TOKEN,
    ],
    [
      'an encoded parameter',
      { url: `https://n.example/?token=${encodeURIComponent(TOKEN)}` },
      encodeURIComponent(TOKEN),
    ],
    [
      'a token in the path',
      { url: 'https://n.example/bot123456:AAtoken0123456789/send' },
      '123456:AAtoken0123456789',
    ],
    ['a field of a form', { body: `grant_type=x&client_secret=${encodeURIComponent(TOKEN)}` }, TOKEN],
    ['a field of JSON, however deep', { body: JSON.stringify({ a: [{ password: TOKEN }] }) }, TOKEN],
  ];
  test.each(carried)('loses %s', (_, request, secret) => {
    const refused = told(request, answered(401, { error: { message: `Not with ${secret}, thank you.` } }));
    expect(refused).not.toContain(JSON.stringify(secret).slice(1, -1));
    expect(refused).toContain('Not with …, thank you.');
    expect(told(request, answered(500, `<p>${secret}</p>`))).toContain('<p>…</p>');
  });

  test('keeps the rest, codes and ids with it', () => {
    const answer = answered(422, {
      code: 190,
      id: '109302',
      message: 'Status 115000000000000000001 is too long.',
    });
    const request: HttpRequest = {
      method: 'PUT',
      url: 'https://n.example/api/v1/statuses/115000000000000000001',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ status: 'Status', token: 'short' }),
    };
    expect(withoutSecrets(request, answer)).toBe(answer);
  });
});

test('a refusal that is nested without end loses what is deep within, and stays a refusal', () => {
  const secret = 'tok3n-0123456789';
  const text = `{"error":"Not with ${secret}.","deep":${'['.repeat(100_000)}"${secret}"${']'.repeat(100_000)}}`;
  const request: HttpRequest = { method: 'POST', url: 'https://n.example/', body: `token=${secret}` };
  const answer: HttpAnswer = { kind: 'answered', status: 403, headers: {}, text, json: JSON.parse(text) };
  const refused = withoutSecrets(request, answer);
  expect(refused).toMatchObject({ status: 403, json: { error: 'Not with ….' } });
  expect(JSON.stringify(refused)).not.toContain(secret);
});

test('an answer that is no refusal stays as it is: a network may give the same token back', () => {
  const answer = answered(200, { access_token: TOKEN });
  const request: HttpRequest = { method: 'POST', url: 'https://n.example/', body: `refresh_token=${TOKEN}` };
  expect(withoutSecrets(request, answer)).toBe(answer);
  const lost: HttpAnswer = { kind: 'unanswered', reason: 'cut' };
  expect(withoutSecrets(request, lost)).toBe(lost);
});
