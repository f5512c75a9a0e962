import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { HttpAnswer } from '../../../shared/channels/provider.ts';
import { CODES, dataOf, toHarmless, toRefusal } from '../../../shared/channels/tiktok/api.ts';
import { afterFailure, FAILURES, toStatus } from '../../../shared/channels/tiktok/status.ts';
import { toOutcome } from '../../../shared/channels/tiktok/upload.ts';
import { DAY, MINUTE, SECOND } from '../../../shared/domain/time.ts';
import { refusal } from '../../support/fake-networks/tiktok.ts';

const NOW = Date.UTC(2026, 10, 23, 8);

const answer = (status: number, json: unknown): HttpAnswer => ({
  kind: 'answered',
  status,
  headers: {},
  text: json === undefined ? '' : JSON.stringify(json),
  json,
});

describe('TikTok’s codes', () => {
  const outcomes = new Map<unknown, unknown>([
    ['reconnect', { kind: 'unauthorized' }],
    ['in a day', { kind: 'rateLimited', retryAt: NOW + DAY }],
    ['in a minute', { kind: 'rateLimited', retryAt: NOW + MINUTE }],
  ]);

  test.each([...CODES])('%s means %s, also with a status of 200', (code, meaning) => {
    const expected = typeof meaning === 'string' ? outcomes.get(meaning) : { kind: 'rejected', ...meaning };
    for (const status of [200, 403]) {
      const { body } = refusal(status, code);
      expect(toRefusal(answer(status, body), NOW)).toMatchObject(expected as object);
      expect(dataOf(answer(status, body), z.unknown())).toBeUndefined();
    }
  });

  test('stand in the reason, with TikTok’s words', () => {
    expect(toRefusal(answer(403, refusal(403, 'url_ownership_unverified').body), NOW)).toEqual({
      kind: 'rejected',
      code: 'configuration',
      reason: 'url_ownership_unverified, HTTP 403: Refused: url_ownership_unverified.',
    });
  });

  test('that nobody has told us of are judged by the status', () => {
    const of = (status: number) => toRefusal(answer(status, refusal(status, 'something_new').body), NOW);
    expect(of(200)).toMatchObject({ kind: 'rejected', code: 'refused' });
    expect(of(400)).toMatchObject({ kind: 'rejected', code: 'http_400' });
    expect(of(500).kind).toBe('uncertain');
  });

  test('that say TikTok’s own trouble leave it open what was done, whatever the status', () => {
    for (const status of [200, 500]) {
      const told = answer(status, refusal(status, 'internal_error').body);
      expect(toRefusal(told, NOW).kind).toBe('uncertain');
      expect(toHarmless(told, NOW).kind).toBe('unavailable');
    }
  });
});

describe('a status', () => {
  const of = (data: object, text?: string) => {
    const json = { data, error: { code: 'ok', message: '' } };
    return toStatus({ kind: 'answered', status: 200, headers: {}, text: text ?? JSON.stringify(json), json });
  };

  test.each([
    [
      { status: 'PROCESSING_UPLOAD', uploaded_bytes: 7 },
      { kind: 'uploading', bytes: 7 },
    ],
    [{ status: 'PROCESSING_UPLOAD' }, { kind: 'uploading' }],
    [{ status: 'PROCESSING_DOWNLOAD' }, { kind: 'working' }],
    [{ status: 'SEND_TO_USER_INBOX' }, { kind: 'inbox' }],
    [{ status: 'PUBLISH_COMPLETE', publicaly_available_post_id: [] }, { kind: 'complete' }],
    [
      { status: 'FAILED', fail_reason: 'internal' },
      { kind: 'failed', reason: 'internal' },
    ],
    [{ status: 'SOMETHING_NEW' }, { kind: 'working' }],
  ])('%o is read so', (data, expected) => {
    expect(of(data)).toEqual(expected);
  });

  test('has ids that are larger than JavaScript’s numbers', () => {
    const data = { status: 'PUBLISH_COMPLETE', publicaly_available_post_id: [7_499_999_999_999_999_000] };
    const text = '{"data":{"publicaly_available_post_id":[7499999999999999001]},"error":{"code":"ok"}}';
    expect(of(data, text)).toEqual({ kind: 'complete', postId: '7499999999999999001' });
    expect(of(data, text.replace('7499999999999999001', '"7499999999999999001"'))).toMatchObject({
      postId: '7499999999999999001',
    });
  });

  test.each([...FAILURES])('that failed by %s ends as %s', (reason, code) => {
    expect(afterFailure(reason, { tries: 2 }, NOW)).toEqual({
      kind: 'rejected',
      code,
      reason: `TikTok could not post it: ${reason}`,
    });
  });

  test('that failed by TikTok’s own fault begins anew, twice', () => {
    for (const reason of ['internal', 'video_pull_failed', 'photo_pull_failed']) {
      expect(afterFailure(reason, { tries: 0 }, NOW)).toEqual({
        kind: 'pending',
        handle: '{"step":"start","tries":1}',
        checkAt: NOW + 30 * SECOND,
      });
      expect(afterFailure(reason, { tries: 2 }, NOW).kind).toBe('rejected');
    }
    expect(afterFailure('auth_removed', { tries: 0 }, NOW).kind).toBe('unauthorized');
    expect(afterFailure('something_new', { tries: 0 }, NOW)).toMatchObject({ code: 'content_refused' });
  });
});

describe('the last chunk', () => {
  const step = {
    step: 'upload',
    publishId: 'v',
    url: 'https://u.example/',
    sent: 0,
    since: NOW,
    tries: 0,
  } as const;

  test.each<[string, HttpAnswer, string]>([
    ['all is in', answer(201, undefined), 'pending'],
    ['something is missing', answer(206, undefined), 'unavailable'],
    ['the address has ended', answer(403, undefined), 'unavailable'],
    ['no such upload', answer(404, undefined), 'unavailable'],
    ['another place was wanted', answer(416, undefined), 'unavailable'],
    ['a success that TikTok does not know', answer(200, {}), 'uncertain'],
    ['a failure', answer(500, {}), 'uncertain'],
    ['no answer', { kind: 'unanswered', reason: 'cut' }, 'uncertain'],
    ['it was called off', { kind: 'unreachable', reason: 'called off' }, 'unavailable'],
  ])('%s', (_name, told, kind) => {
    expect(toOutcome(told, step, NOW).kind).toBe(kind);
  });
});
