import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { refusal } from '../../../../functions/api/answers.ts';
import { route } from '../../../../functions/api/route.ts';
import { AppError } from '../../../../shared/domain/app-error.ts';
import { finding } from '../../../../shared/domain/finding.ts';
import { apiWorld } from '../../../support/api-world.ts';

/** An API of one route, which fails with this. */
function failing(error: unknown) {
  const routes = [
    route({
      method: 'POST',
      path: '/fail',
      operationId: 'fail',
      summary: '',
      tag: 'Test',
      scope: 'reader',
      body: z.strictObject({ name: z.string().optional() }),
      answers: { 200: null },
      handle: async () => {
        throw error;
      },
    }),
  ];
  return apiWorld({ routes });
}

const german = { headers: { 'accept-language': 'de-DE' } };

describe('a refusal', () => {
  it('is a problem with its findings', async () => {
    const error = new AppError('invalid', 'The request was not understood; findings say why.', {
      findings: [
        { ...finding('error', 'text_too_long', '/content/text'), channelId: 'chn_1' },
        finding('warning', 'title_from_text', '/options/title', { network: 'WordPress', title: 'Bread' }),
      ].map((found) => ({
        ...found,
        params: { network: 'Mastodon', count: 612, unit: 'characters', limit: 500, ...found.params },
      })),
    });
    const { request } = await failing(error);
    const reply = await request('POST', '/fail');
    expect(reply.status).toBe(422);
    expect(reply.headers['content-type']).toBe('application/problem+json');
    expect(reply.body).toMatchObject({
      type: 'https://api.agency.example/docs#problem-invalid',
      title: 'The request has errors',
      status: 422,
      code: 'invalid',
      findings: [
        {
          rule: 'text_too_long',
          severity: 'error',
          path: '/content/text',
          channelId: 'chn_1',
          message: 'Mastodon counts 612 characters, the limit is 500.',
        },
        {
          rule: 'title_from_text',
          severity: 'warning',
          message:
            'WordPress shows the first words of the text as title: “Bread”. Say another one in options.title.',
        },
      ],
    });
  });

  it('speaks German to who prefers it, with the same codes', async () => {
    const { request } = await failing(
      refusal('invalid_value', '/report/weekday', { rule: 'must be one of monday, tuesday' }),
    );
    const { body } = await request('POST', '/fail', german);
    expect(body).toMatchObject({
      title: 'Die Anfrage hat Fehler',
      detail: 'Die Anfrage wurde nicht verstanden; findings nennt die Gründe.',
      code: 'invalid',
      findings: [
        {
          rule: 'invalid_value',
          message: '„report.weekday“ muss eines von monday, tuesday sein.',
          params: { rule: 'must be one of monday, tuesday' },
        },
      ],
    });
  });

  it('says what stands in the way, and cannot overwrite its own code', async () => {
    const { request } = await failing(
      new AppError('conflict', 'Still open.', { data: { deliveries: ['dlv_1'], code: 'fine', status: 200 } }),
    );
    expect((await request('POST', '/fail')).body).toMatchObject({
      status: 409,
      code: 'conflict',
      detail: 'Still open.',
      deliveries: ['dlv_1'],
      findings: [],
    });
  });

  it('of a method names those that are taken', async () => {
    const { request } = await failing(undefined);
    expect(await request('DELETE', '/fail')).toMatchObject({
      status: 405,
      headers: { allow: 'POST' },
      body: { code: 'method_not_allowed' },
    });
    expect(await request('GET', '/nowhere')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('of a body that is no JSON is a 400', async () => {
    const { request } = await failing(undefined);
    expect(await request('POST', '/fail', { body: '{' })).toMatchObject({
      status: 400,
      body: { code: 'not_json', findings: [{ rule: 'not_json', path: '' }] },
    });
  });
});

describe('a fault', () => {
  it('tells the caller only a number, and the log everything', async () => {
    const { request, seen } = await failing(
      new Error('table A#1 is on fire', { cause: new Error('matches') }),
    );
    const reply = await request('POST', '/fail', { body: { name: 'secret text' } });
    expect(reply.status).toBe(500);
    expect(reply.body).toEqual({
      type: 'https://api.agency.example/docs#problem-internal',
      title: 'Our fault',
      status: 500,
      code: 'internal',
      findings: [],
      requestId: 'request-1',
    });
    expect(seen.errors).toMatchObject([
      {
        message: 'request failed',
        fields: {
          requestId: 'request-1',
          method: 'POST',
          path: '/fail',
          error: { message: 'table A#1 is on fire', cause: { message: 'matches' } },
        },
      },
    ]);
    expect(JSON.stringify(seen.errors)).not.toContain('secret text');
  });

  it('of AWS itself asks to come again', async () => {
    const { request } = await failing(Object.assign(new Error('busy'), { $fault: 'server' }));
    const reply = await request('POST', '/fail');
    expect(reply).toMatchObject({
      status: 503,
      headers: { 'retry-after': '5' },
      body: { code: 'unavailable' },
    });
    expect(reply.text).not.toContain('busy');
  });

  it('that is not even an error is a 500, too', async () => {
    const { request } = await failing('oh');
    expect((await request('POST', '/fail')).status).toBe(500);
  });
});
