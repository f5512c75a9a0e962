import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import type { Received } from '../../support/fake-networks/server.ts';
import { type OpenApiOptions, openApiChecks } from '../../support/openapi-check.ts';
import { aReceived } from '../../support/openapi-request.ts';

const folder = mkdtempSync(join(tmpdir(), 'descriptions-'));
afterAll(() => rmSync(folder, { recursive: true }));

function checksOf(name: string, description: object, options?: OpenApiOptions) {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(description));
  return openApiChecks(pathToFileURL(file), options);
}

const POST = {
  type: 'object',
  required: ['text'],
  properties: {
    text: { type: 'string', nullable: true, maxLength: 10 },
    place: { $ref: '#/components/schemas/Place' },
    tags: { type: 'array', items: { type: 'string' } },
    more: { type: 'object' },
    at: { type: 'integer', minimum: 0, exclusiveMinimum: true },
    kind: { allOf: [{ $ref: '#/components/schemas/Place' }, { properties: { z: { type: 'number' } } }] },
    file: { type: 'string', format: 'binary' },
  },
};
const FORM = 'application/x-www-form-urlencoded';
const openApi3 = {
  openapi: '3.0.3',
  servers: [{ url: 'https://api.example/v5' }],
  components: {
    schemas: { Place: { type: 'object', properties: { x: { type: 'number' } } } },
    parameters: { Page: { name: 'page', in: 'query', schema: { type: 'integer', maximum: 9 } } },
  },
  paths: {
    '/posts': {
      parameters: [{ $ref: '#/components/parameters/Page' }],
      get: {
        parameters: [
          {
            name: 'fields',
            in: 'query',
            explode: false,
            schema: { type: 'array', items: { enum: ['a', 'b'] } },
          },
          { name: 'id', in: 'query', schema: { type: 'array', items: { type: 'string' } } },
          { name: 'x-key', in: 'header', required: true, schema: { type: 'string', minLength: 3 } },
        ],
      },
      post: {
        requestBody: {
          required: true,
          content: {
            'application/json': { schema: POST },
            [FORM]: { schema: POST },
            'multipart/form-data': { schema: POST },
            'image/*': {},
          },
        },
      },
    },
    '/posts/{id}': { get: { parameters: [{ name: 'id', in: 'path', schema: { pattern: '^\\d+$' } }] } },
    '/posts/mine': { get: {}, post: {} },
    '/{name}:stop': { post: { parameters: [{ name: 'name', in: 'path', schema: { type: 'string' } }] } },
    '/rest?method=find': { get: { parameters: [{ name: 'q', in: 'query', required: true, schema: {} }] } },
  },
};
const problemsOf = checksOf('openapi3', openApi3);
const key = { 'x-key': 'abc' };
const post = (body: unknown, headers = {}): Received => aReceived('POST', '/v5/posts', body, headers);

describe('an operation is found', () => {
  test.each([
    ['GET', '/v5/posts/1', []],
    ['GET', '/posts/1', []],
    ['GET', '/v5/posts/mine', []],
    ['POST', '/v5/posts/mine', []],
    ['GET', '/v5/rest?method=find&q=1', []],
    ['GET', '/v5/rest?method=find', ['query parameter q is missing']],
    ['GET', '/v5/rest?method=other&q=1', ['no such operation']],
    ['DELETE', '/v5/posts/1', ['no such operation']],
    ['GET', '/v5/posts/1/likes', ['no such operation']],
    ['POST', '/v5/a/b:stop', ['no such operation']],
    ['GET', '/v5/posts/one', ['path parameter id must match pattern "^\\d+$"']],
  ])('%s %s: %j', (method, path, problems) => {
    expect(problemsOf(aReceived(method, path))).toEqual(problems);
  });

  test('under another base path, and with slashes in a name, where that is said', () => {
    const checks = checksOf('based', openApi3, { basePath: '/api/v9', slashesIn: ['name'] });
    expect(checks(aReceived('GET', '/api/v9/posts/1'))).toEqual([]);
    expect(checks(aReceived('POST', '/api/v9/a/b:stop'))).toEqual([]);
    expect(checks(aReceived('GET', '/v5/posts/1'))).toEqual(['no such operation']);
  });
});

describe('parameters', () => {
  test.each([
    ['page=9&fields=a,b&id=1&id=2', []],
    ['id[]=1&id[]=2', []],
    ['page=10', ['query parameter page must be <= 9']],
    ['page=x', ['query parameter page must be integer']],
    ['page=1&page=2', ['query parameter page is given more than once']],
    ['fields=a,c', ['query parameter fields/1 must be equal to one of the allowed values']],
    ['size=5', ['no parameter size']],
  ])('%s: %j', (query, problems) => {
    expect(problemsOf(aReceived('GET', `/v5/posts?${query}`, undefined, key))).toEqual(problems);
  });

  test('of the head are asked for', () => {
    expect(problemsOf(aReceived('GET', '/v5/posts'))).toEqual(['header parameter x-key is missing']);
    expect(problemsOf(aReceived('GET', '/v5/posts', undefined, { 'x-key': 'a' }))).toHaveLength(1);
  });

  test('may be left unchecked, or be known besides', () => {
    const checks = checksOf('lenient', openApi3, { unchecked: ['x-key'], extraQuery: ['size'] });
    expect(checks(aReceived('GET', '/v5/posts?size=5'))).toEqual([]);
  });
});

describe('a body in JSON', () => {
  const unknown = (path: string, name: string) =>
    `body${path} must NOT have unevaluated properties (${name})`;
  test.each([
    [{ text: 'a', tags: ['b'], place: { x: 1 }, more: { any: 1 }, at: 1, kind: { x: 1, z: 2 } }, []],
    [{ text: null }, []],
    [{}, ["body must have required property 'text'"]],
    [
      { text: 5 },
      ['body/text must be null', 'body/text must be string', 'body/text must match a schema in anyOf'],
    ],
    [{ text: 'a', tags: 'b' }, ['body/tags must be array']],
    [{ text: 'a', at: 0 }, ['body/at must be > 0']],
    [{ text: 'a', title: 'b' }, [unknown('', 'title')]],
    [{ text: 'a', place: { y: 1 } }, [unknown('/place', 'y')]],
    [{ text: 'a', kind: { y: 1 } }, [unknown('/kind', 'y')]],
  ])('%j: %j', (body, problems) => {
    expect(problemsOf(post(body)).sort()).toEqual(problems);
  });

  test('is refused when it is none, is missing, or is not asked for', () => {
    expect(problemsOf(post('{', { 'content-type': 'application/json' }))).toEqual([
      'the body is no application/json',
    ]);
    expect(problemsOf(post(undefined))).toEqual(['a body is missing']);
    expect(problemsOf(aReceived('POST', '/v5/posts/mine', {}))).toEqual([
      'there is a body, and none is described',
    ]);
  });

  test('may be held against another schema', () => {
    const checks = checksOf('other', openApi3, { bodySchema: () => '#/components/schemas/Place' });
    expect(checks(post({ x: 1 }))).toEqual([]);
    expect(checks(post({ text: 'a' }))).toEqual([unknown('', 'text')]);
  });
});

describe('a body in a form', () => {
  const form = (body: string) => problemsOf(post(body, { 'content-type': FORM }));
  const multipart = (...parts: string[]) =>
    post(`${parts.map((part) => `--b\r\ncontent-disposition: form-data; ${part}\r\n`).join('')}--b--\r\n`, {
      'content-type': 'multipart/form-data; boundary=b',
    });

  test('has text for everything, and brackets for what is within', () => {
    expect(form('text=a&at=5&tags[]=b&tags[]=c&place[x]=1.5')).toEqual([]);
    expect(form('text=a&tags=b')).toEqual([]);
    expect(form('at=x')).toHaveLength(2);
    expect(form('text=a&place[y]=1&z=1')).toHaveLength(2);
  });

  test('of several parts is taken apart', () => {
    const file = 'name="file"; filename="a.bin"\r\ncontent-type: image/png\r\n\r\n\u0000--b\r\n';
    expect(problemsOf(multipart('name="text"\r\n\r\nä', file))).toEqual([]);
    expect(problemsOf(multipart('name="text"\r\n\r\nmore than ten', 'name="size"\r\n\r\n1'))).toHaveLength(4);
    expect(problemsOf(post('--b\r\n', { 'content-type': 'multipart/form-data; boundary=b' }))).toEqual([
      'the body is no multipart/form-data',
    ]);
  });

  test('may have the rest as JSON in one of its parts', () => {
    const checks = checksOf('json-field', openApi3, { jsonField: 'payload' });
    expect(checks(multipart('name="payload"\r\n\r\n{"text":"a","at":1}'))).toEqual([]);
    expect(checks(multipart('name="payload"\r\n\r\n{"text":"a","at":"1"}'))).toEqual([
      'body/at must be integer',
    ]);
    expect(checks(multipart('name="payload"\r\n\r\n{'))).toEqual(['the body is no multipart/form-data']);
  });
});

test('bytes of a described type are taken as they are, of another type not', () => {
  expect(problemsOf(post('x', { 'content-type': 'image/png' }))).toEqual([]);
  expect(problemsOf(post('x', { 'content-type': 'video/mp4' }))).toEqual(['no body of the type video/mp4']);
});

test('Swagger 2 is read, too: fields of forms and of JSON, and whole bodies', () => {
  const checks = checksOf('swagger2', {
    swagger: '2.0',
    basePath: '/api',
    definitions: { Note: { type: 'object', properties: { text: { type: 'string' } } } },
    paths: {
      '/send': {
        post: {
          consumes: [FORM, 'application/json'],
          parameters: [
            { name: 'ids', in: 'query', type: 'array', items: { type: 'integer' } },
            { name: 'text', in: 'formData', type: 'string', required: true },
            { name: 'blocks', in: 'formData', type: 'string' },
            { name: 'plain', in: 'formData', type: 'boolean' },
          ],
        },
        put: { parameters: [{ name: 'body', in: 'body', schema: { $ref: '#/definitions/Note' } }] },
      },
    },
  });
  const form = (body: string) => aReceived('POST', '/api/send?ids=1,2', body, { 'content-type': FORM });
  expect(checks(form('text=a&plain=true'))).toEqual([]);
  expect(checks(form('plain=maybe&other=1'))).toHaveLength(3);
  expect(checks(aReceived('POST', '/api/send?ids=1,x', { text: 'a', blocks: [] }))).toEqual([
    'query parameter ids/1 must be integer',
  ]);
  expect(checks(aReceived('PUT', '/api/send', { text: 'a' }))).toEqual([]);
  expect(checks(aReceived('PUT', '/api/send', { text: 1, x: 1 }))).toHaveLength(2);
});
