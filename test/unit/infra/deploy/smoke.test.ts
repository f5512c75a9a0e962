import { expect, test } from 'vitest';
import { smokeTest } from '../../../../infra/deploy/smoke.ts';
import { listen, readBody } from '../../../../infra/local/loopback.ts';

type Asked = { readonly line: string; readonly key: string | undefined };

/** An API that answers by the table, `METHOD path` to status and body. */
async function anApi(over: Record<string, [number, unknown]> = {}) {
  const answers: Record<string, [number, unknown]> = {
    'GET /v1/health': [200, { status: 'ok', stage: 'prod' }],
    'GET /v1/openapi.json': [200, {}],
    'POST /v1/brands': [201, { id: 'brd_1' }],
    'POST /v1/brands/brd_1/channels': [201, { id: 'chn_1' }],
    'POST /v1/posts/validate': [200, {}],
    'DELETE /v1/channels/chn_1': [204, undefined],
    'DELETE /v1/brands/brd_1': [204, undefined],
    ...over,
  };
  const asked: Asked[] = [];
  const server = await listen(async (request, response) => {
    await readBody(request, 10_000);
    const line = `${request.method} ${request.url}`;
    asked.push({ line, key: request.headers.authorization });
    const [status, body] = answers[line] ?? [404, {}];
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body === undefined ? '' : JSON.stringify(body));
  });
  return { ...server, asked, lines: () => asked.map(({ line }) => line) };
}

test('with a key everything that it makes is deleted again', async () => {
  const api = await anApi();
  const told: string[] = [];
  await smokeTest(api.url, { stage: 'prod' }, 'sp_key', (line) => told.push(line));
  await api.close();
  expect(api.lines()).toEqual([
    'GET /v1/health',
    'GET /v1/openapi.json',
    'POST /v1/brands',
    'POST /v1/brands/brd_1/channels',
    'POST /v1/posts/validate',
    'DELETE /v1/channels/chn_1',
    'DELETE /v1/brands/brd_1',
  ]);
  expect(api.asked[2]?.key).toBe('Bearer sp_key');
  expect(told.at(-1)).toBe('and all of it is deleted again');
});

test('without a key it looks at what needs none', async () => {
  const api = await anApi();
  await smokeTest(api.url, { stage: 'prod' }, undefined, () => undefined);
  await api.close();
  expect(api.lines()).toEqual(['GET /v1/health', 'GET /v1/openapi.json']);
});

test('a wrong answer names what was asked, and leaves nothing behind', async () => {
  const api = await anApi({ 'POST /v1/posts/validate': [500, { code: 'internal' }] });
  await expect(smokeTest(api.url, { stage: 'prod' }, 'sp_key', () => undefined)).rejects.toThrow(
    'POST /v1/posts/validate was answered with 500, not 200: {"code":"internal"}',
  );
  await api.close();
  expect(api.lines().slice(-2)).toEqual(['DELETE /v1/channels/chn_1', 'DELETE /v1/brands/brd_1']);
});

test('another stage behind the address is not taken for this one', async () => {
  const api = await anApi();
  await expect(smokeTest(api.url, { stage: 'test' }, undefined, () => undefined)).rejects.toThrow(
    'is the stage prod, not test',
  );
  await api.close();
});
