import { describe, expect, it } from 'vitest';
import { languageOf, readEvent, toResult } from '../../../../functions/api/http-event.ts';
import { httpEvent } from '../../../support/http-event.ts';

describe('an HTTP API event', () => {
  it('is read with lower-case headers, and where the caller came in', () => {
    const event = httpEvent('get', '/v1/brands?limit=1', { headers: { 'If-Match': '"2"' } });
    expect(readEvent(event)).toMatchObject({
      method: 'GET',
      path: '/v1/brands',
      rawQuery: 'limit=1',
      headers: { 'if-match': '"2"' },
      origin: 'https://api.agency.example',
      text: '',
    });
  });

  it('may carry its body in base64', () => {
    const event = { ...httpEvent('POST', '/'), body: 'eyJhIjoxfQ==', isBase64Encoded: true };
    expect(readEvent(event).text).toBe('{"a":1}');
  });

  it('of a named stage has the stage before its path', () => {
    const event = httpEvent('GET', '/prod/v1/brands');
    const staged = { ...event, requestContext: { ...event.requestContext, stage: 'prod' } };
    expect(readEvent(staged).path).toBe('/v1/brands');
    expect(readEvent({ ...staged, rawPath: '/prod' }).path).toBe('/');
    expect(readEvent({ ...staged, rawPath: '/production' }).path).toBe('/production');
  });
});

describe('the language of an answer', () => {
  it.each([
    [undefined, 'en'],
    ['de', 'de'],
    ['de-CH, fr;q=0.9', 'de'],
    ['en-GB, de;q=0.8', 'en'],
    ['en;q=0.5, de;q=0.9', 'de'],
    ['de, en', 'de'],
    ['en, de', 'en'],
    ['de;q=0', 'en'],
    ['fr, *', 'en'],
  ])('for %s is %s', (accept, language) => {
    expect(languageOf(accept)).toBe(language);
  });
});

describe('an answer', () => {
  it('becomes JSON that nobody caches or guesses at', () => {
    expect(toResult({ status: 200, body: { a: 1 }, headers: { ETag: '"1"' } }, { method: 'GET' })).toEqual({
      statusCode: 200,
      headers: {
        'content-type': 'application/json',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        etag: '"1"',
      },
      body: '{"a":1}',
      isBase64Encoded: false,
    });
  });

  it('to HEAD has the same headers and no body', () => {
    const result = toResult({ status: 200, body: { a: 1 } }, { method: 'HEAD' });
    expect(result).toMatchObject({ body: '', headers: { 'content-type': 'application/json' } });
  });
});
