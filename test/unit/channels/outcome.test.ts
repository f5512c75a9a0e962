import { describe, expect, test } from 'vitest';
import { defaultOutcome, measureFailure, reasonOf, retryAfter } from '../../../shared/channels/outcome.ts';
import type { HttpAnswer } from '../../../shared/channels/provider.ts';
import { DAY, MINUTE, SECOND } from '../../../shared/domain/time.ts';

const NOW = Date.UTC(2026, 10, 30, 8);

type Answered = Extract<HttpAnswer, { kind: 'answered' }>;
const anAnswer = (status: number, body: unknown = '', headers: Record<string, string> = {}): Answered => ({
  kind: 'answered',
  status,
  headers,
  text: typeof body === 'string' ? body : '{…}',
  json: typeof body === 'string' ? undefined : body,
});

describe('defaultOutcome', () => {
  test.each([
    [200, 'uncertain'],
    [201, 'uncertain'],
    [301, 'rejected'],
    [302, 'uncertain'],
    [303, 'uncertain'],
    [307, 'rejected'],
    [308, 'rejected'],
    [400, 'rejected'],
    [401, 'unauthorized'],
    [403, 'rejected'],
    [404, 'rejected'],
    [408, 'uncertain'],
    [409, 'rejected'],
    [422, 'rejected'],
    [429, 'rateLimited'],
    [500, 'uncertain'],
    [502, 'uncertain'],
    [503, 'uncertain'],
    [504, 'uncertain'],
  ])('takes status %d for %s', (status, kind) => {
    expect(defaultOutcome(anAnswer(status), NOW).kind).toBe(kind);
  });

  test('takes what was not sent for unavailable, and what was not answered for uncertain', () => {
    expect(defaultOutcome({ kind: 'unreachable', reason: 'refused' }, NOW)).toEqual({
      kind: 'unavailable',
      reason: 'refused',
    });
    expect(defaultOutcome({ kind: 'unanswered', reason: 'cut' }, NOW)).toEqual({
      kind: 'uncertain',
      reason: 'cut',
    });
  });

  test('names the status as code and the network’s words as reason', () => {
    expect(defaultOutcome(anAnswer(422, { error: 'Text is too long' }), NOW)).toEqual({
      kind: 'rejected',
      code: 'http_422',
      reason: 'HTTP 422: Text is too long',
    });
  });

  test('waits a minute when a rate limit names no time', () => {
    expect(defaultOutcome(anAnswer(429), NOW)).toEqual({ kind: 'rateLimited', retryAt: NOW + MINUTE });
  });
});

describe('measureFailure', () => {
  test.each([
    [200, 'unavailable'],
    [301, 'unavailable'],
    [401, 'unauthorized'],
    [403, 'unavailable'],
    [404, 'unavailable'],
    [408, 'unavailable'],
    [429, 'rateLimited'],
    [500, 'unavailable'],
  ])('takes status %d for %s', (status, kind) => {
    expect(measureFailure(anAnswer(status), NOW).kind).toBe(kind);
  });

  test('takes no answer for unavailable', () => {
    expect(measureFailure({ kind: 'unanswered', reason: 'cut' }, NOW).kind).toBe('unavailable');
    expect(measureFailure({ kind: 'unreachable', reason: 'no host' }, NOW).kind).toBe('unavailable');
  });
});

describe('retryAfter', () => {
  const inSeconds = (seconds: number) => NOW + seconds * SECOND;
  test.each<[Record<string, string>, number | undefined]>([
    [{}, undefined],
    [{ 'retry-after': '30' }, inSeconds(30)],
    [{ 'retry-after': ' 1.5 ' }, inSeconds(1.5)],
    [{ 'retry-after': 'Mon, 30 Nov 2026 08:02:00 GMT' }, inSeconds(120)],
    [{ 'retry-after': '0' }, inSeconds(1)],
    [{ 'retry-after': 'Mon, 30 Nov 2026 07:00:00 GMT' }, inSeconds(1)],
    [{ 'retry-after': '99999999' }, NOW + DAY],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{ 'x-ratelimit-reset': '2026-11-30T08:05:00.000Z' }, inSeconds(300)],
    [{ 'ratelimit-reset': String(inSeconds(90) / SECOND) }, inSeconds(90)],
    [{ 'ratelimit-reset': '45' }, inSeconds(45)],
    [{ 'retry-after': '10', 'x-ratelimit-reset': '45' }, inSeconds(10)],
    [{ 'retry-after': 'soon', 'x-ratelimit-reset': '45' }, inSeconds(45)],
    [{ 'x-rate-limit-reset': String(inSeconds(60) / SECOND) }, inSeconds(60)],
    [{ 'x-ratelimit-perday-remaining': '0', 'x-ratelimit-perday-reset': '1800' }, inSeconds(1_800)],
    [{ 'x-ratelimit-perday-remaining': '7', 'x-ratelimit-perday-reset': '1800' }, undefined],
    // X: the day is over, though its quarter of an hour is not.
    [
      {
        'x-rate-limit-remaining': '80',
        'x-rate-limit-reset': String(inSeconds(60) / SECOND),
        'x-user-limit-24hour-remaining': '0',
        'x-user-limit-24hour-reset': String(inSeconds(1_200) / SECOND),
      },
      inSeconds(1_200),
    ],
  ])('reads %j', (headers, at) => {
    expect(retryAfter(headers, NOW)).toBe(at);
  });
});

describe('reasonOf', () => {
  const html = { 'content-type': 'text/html; charset=utf-8' };
  test.each<[unknown, Record<string, string>, string]>([
    // Instagram's and Threads' token endpoints: https://github.com/anthonyjgrove/react-instagram-login/issues/11
    [
      { error_type: 'OAuthException', code: 400, error_message: 'Invalid scope' },
      {},
      'HTTP 400: Invalid scope',
    ],
    ['', {}, 'HTTP 400'],
    ['Too   long\n', {}, 'HTTP 400: Too long'],
    ['<!doctype html><h1>Bad gateway</h1>', {}, 'HTTP 400'],
    ['Blocked by a firewall', html, 'HTTP 400'],
    [{ message: 'No <strong>way</strong>' }, {}, 'HTTP 400: No way'],
    [
      { error: 'invalid_grant', error_description: 'The code has expired' },
      {},
      'HTTP 400: The code has expired',
    ],
    [{ error: { code: 7, message: 'Inner words' } }, {}, 'HTTP 400: Inner words'],
    [{ unknown: 'shape' }, {}, 'HTTP 400'],
    [[1, 2], {}, 'HTTP 400'],
    [null, {}, 'HTTP 400'],
  ])('of %j is %j', (body, headers, reason) => {
    expect(reasonOf(anAnswer(400, body, headers))).toBe(reason);
  });

  test('holds no half of a character, be it cut here or sent so', () => {
    for (let before = 170; before < 200; before += 1) {
      const reason = reasonOf(anAnswer(422, { message: `${'x'.repeat(before)}${'🥨'.repeat(30)}` }));
      expect(reason.isWellFormed()).toBe(true);
    }
    expect(reasonOf(anAnswer(422, { message: 'no \uD83E here' })).isWellFormed()).toBe(true);
  });

  test('is at most 200 characters', () => {
    expect(reasonOf(anAnswer(400, { message: 'x'.repeat(5_000) }))).toHaveLength(200);
  });

  test('repeats no token, login or query', () => {
    const message =
      'Authorization: Bearer abc.DEF-1 refused, Basic dXNlcjpwdw== too, https://u:pw@example.org/a?token=t#f';
    expect(reasonOf(anAnswer(400, { message }))).toBe(
      'HTTP 400: Authorization: Bearer … refused, Basic … too, https://example.org/a',
    );
  });

  test('looks only so deep', () => {
    let body: unknown = { message: 'found' };
    for (let depth = 0; depth < 10_000; depth++) body = { error: body };
    expect(reasonOf(anAnswer(400, body))).toBe('HTTP 400');
  });
});
