import { describe, expect, test } from 'vitest';
import {
  faultOf,
  graphGet,
  graphOutcome,
  graphPost,
  graphReadFailure,
  graphStepFailure,
  insightsOf,
  isPartRefused,
  quotaLeft,
} from '../../../shared/channels/graph.ts';
import type { HttpAnswer } from '../../../shared/channels/provider.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../../shared/domain/time.ts';
import { DUE_AT } from '../../support/builders.ts';

const answered = (status: number, json: unknown): HttpAnswer => ({
  kind: 'answered',
  status,
  headers: {},
  text: JSON.stringify(json),
  json,
});

const failed = (code: number, subcode?: number, more: object = {}): HttpAnswer =>
  answered(400, {
    error: {
      message: 'What Meta says',
      type: 'OAuthException',
      code,
      ...(subcode === undefined ? {} : { error_subcode: subcode }),
      fbtrace_id: 'AbC',
      ...more,
    },
  });

describe('a request', () => {
  const graph = { base: 'https://graph.example/v25.0', accessToken: 'token' };

  test('has its token in a header, never in its address', () => {
    expect(graphGet(graph, 'me', { fields: 'id,name', after: undefined })).toEqual({
      method: 'GET',
      url: 'https://graph.example/v25.0/me?fields=id%2Cname',
      headers: { authorization: 'Bearer token' },
    });
  });

  test('leaves out what is undefined', () => {
    expect(graphPost(graph, '1/feed', { message: 'a & b', link: undefined }).body).toBe('message=a+%26+b');
  });
});

describe('an error after the irreversible request', () => {
  test.each([
    // may pass, and may have had its effect
    ['an unknown error', 1, undefined, 'uncertain', undefined],
    ['a service that is down', 2, undefined, 'uncertain', undefined],
    ['Instagram, try again', -1, 2_207_001, 'uncertain', undefined],
    ['Instagram, timeout', -2, 2_207_003, 'uncertain', undefined],
    // asked too early
    ['a container that is not ready', 9_007, 2_207_027, 'unavailable', undefined],
    ['a container that Threads does not know yet', 24, 4_279_009, 'unavailable', undefined],
    // limits
    ['too many calls of the app', 4, undefined, 'rateLimited', undefined],
    ['too many calls of the user', 17, undefined, 'rateLimited', undefined],
    ['too many calls of the page', 32, undefined, 'rateLimited', undefined],
    ['too many calls', 613, undefined, 'rateLimited', undefined],
    ['too many calls in the business case', 80_001, undefined, 'rateLimited', undefined],
    ['a brake on the account', 368, undefined, 'rateLimited', undefined],
    ['a brake for spam', 4, 2_207_051, 'rateLimited', undefined],
    ['a quota that is used up', 9, 2_207_042, 'rateLimited', undefined],
    // reconnect
    ['a token that is none', 190, undefined, 'unauthorized', undefined],
    ['a token that has ended', 190, 463, 'unauthorized', undefined],
    ['a person who lost the Page', 190, 492, 'unauthorized', undefined],
    ['a session', 102, undefined, 'unauthorized', undefined],
    ['a right', 10, undefined, 'unauthorized', undefined],
    ['another right', 200, undefined, 'unauthorized', undefined],
    ['an account that the token may not see', 100, 33, 'unauthorized', undefined],
    // the post
    ['a duplicate', 506, undefined, 'rejected', 'duplicate'],
    ['a parameter', 100, undefined, 'rejected', 'content_refused'],
    ['community standards', 1_346_003, undefined, 'rejected', 'content_refused'],
    ['a link that is blocked', 100, 1_609_005, 'rejected', 'content_refused'],
    ['a caption that is too long', 36_004, 2_207_010, 'rejected', 'content_refused'],
    ['a file that is too large', 36_000, 2_207_004, 'rejected', 'media_refused'],
    ['a format', 36_001, 2_207_005, 'rejected', 'media_refused'],
    ['a ratio', 36_003, 2_207_009, 'rejected', 'media_refused'],
    ['a video', 352, 2_207_026, 'rejected', 'media_refused'],
    ['a carousel', 100, 2_207_028, 'rejected', 'media_refused'],
    // people
    ['an account that is restricted', 25, 2_207_050, 'rejected', 'needs_person'],
    ['a Page without authorization to publish', 100, 1_404_078, 'rejected', 'needs_person'],
    ['a version that has ended', 2_635, undefined, 'rejected', 'configuration'],
    ['a code that nobody knows', 987_654, undefined, 'rejected', 'http_400'],
  ])('%s (%i/%s) is %s', (_name, code, subcode, kind, rejected) => {
    const outcome = graphOutcome(failed(code, subcode), DUE_AT);
    expect(outcome).toMatchObject({ kind, ...(rejected === undefined ? {} : { code: rejected }) });
  });

  test('may pass when Meta says so of a code that nobody knows', () => {
    expect(graphOutcome(failed(987_654, undefined, { is_transient: true }), DUE_AT).kind).toBe('uncertain');
  });

  test('is content when Threads counts too many links', () => {
    const outcome = graphOutcome(
      failed(1_000, undefined, { message: 'THREADS_API__LINK_LIMIT_EXCEEDED' }),
      DUE_AT,
    );
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'content_refused' });
  });

  test('has the words that Meta means for people, where there are some', () => {
    const told = failed(100, undefined, { error_user_msg: 'The link is blocked.' });
    expect(graphOutcome(told, DUE_AT)).toMatchObject({ reason: 'HTTP 400: The link is blocked.' });
    expect(graphOutcome(failed(100), DUE_AT)).toMatchObject({ reason: 'HTTP 400: What Meta says' });
  });

  test('is none of the Graph API’s where a page stands for it: what became of the request is not said', () => {
    const text = '<!DOCTYPE html>\n<h1>Sorry, something went wrong.</h1>';
    const page = (status: number): HttpAnswer => ({
      kind: 'answered',
      status,
      headers: {},
      text,
      json: undefined,
    });
    expect(graphOutcome(page(400), DUE_AT).kind).toBe('uncertain');
    expect(graphStepFailure(page(400), DUE_AT).kind).toBe('unavailable');
    expect(graphOutcome(page(401), DUE_AT).kind).toBe('unauthorized');
    expect(graphOutcome(failed(987_654), DUE_AT).kind).toBe('rejected');
  });

  test('without a body goes by its status', () => {
    expect(graphOutcome(answered(500, {}), DUE_AT).kind).toBe('uncertain');
    expect(graphOutcome({ kind: 'unreachable', reason: 'no host' }, DUE_AT).kind).toBe('unavailable');
    expect(graphOutcome({ kind: 'unanswered', reason: 'cut' }, DUE_AT).kind).toBe('uncertain');
  });
});

describe('how long to wait', () => {
  const until = (answer: HttpAnswer) => {
    const outcome = graphOutcome(answer, DUE_AT);
    return outcome.kind === 'rateLimited' ? outcome.retryAt - DUE_AT : undefined;
  };

  test('is a quarter of an hour for calls, an hour for quotas, hours for brakes', () => {
    expect(until(failed(4))).toBe(15 * MINUTE);
    expect(until(failed(9, 2_207_042))).toBe(HOUR);
    expect(until(failed(368))).toBe(4 * HOUR);
  });

  test('is what the usage header says, in minutes, at most a day', () => {
    const withUsage = (minutes: number) => {
      const usage = {
        '104206': [{ type: 'pages', call_count: 100, estimated_time_to_regain_access: minutes }],
      };
      return { ...failed(32), headers: { 'x-business-use-case-usage': JSON.stringify(usage) } } as HttpAnswer;
    };
    expect(until(withUsage(37))).toBe(37 * MINUTE);
    expect(until(withUsage(5_000))).toBe(DAY);
    expect(until(withUsage(0))).toBe(15 * MINUTE);
  });

  test('is what Retry-After says, before all', () => {
    expect(until({ ...failed(4), headers: { 'retry-after': '30' } } as HttpAnswer)).toBe(30 * SECOND);
  });

  test('does not fall over a header that makes no sense', () => {
    for (const header of ['', '{', '[]', '{"1":7}', '{"1":[{}]}']) {
      expect(until({ ...failed(4), headers: { 'x-business-use-case-usage': header } } as HttpAnswer)).toBe(
        15 * MINUTE,
      );
    }
  });
});

describe('before anything can be public', () => {
  test('whatever is unclear is unavailable', () => {
    for (const answer of [failed(1), answered(502, ''), { kind: 'unanswered', reason: 'cut' } as const]) {
      expect(graphStepFailure(answer, DUE_AT).kind).toBe('unavailable');
    }
  });

  test('a file that Meta could not fetch may be fetched another time', () => {
    expect(graphStepFailure(failed(9_004, 2_207_052), DUE_AT).kind).toBe('unavailable');
  });

  test('a refusal while measuring is tried again', () => {
    expect(graphReadFailure(failed(100), DUE_AT)).toMatchObject({ kind: 'unavailable' });
    expect(graphReadFailure(failed(190), DUE_AT)).toMatchObject({ kind: 'unauthorized' });
  });
});

describe('a part of a post that stands', () => {
  test('is refused for good by a rule, a missing right or when the post is gone; not by a limit or a lost login', () => {
    const refused = (answer: HttpAnswer) => isPartRefused(graphOutcome(answer, DUE_AT), answer);
    expect([failed(100), failed(200), failed(100, 33)].map(refused)).toEqual([true, true, true]);
    expect([failed(190), failed(4), failed(2)].map(refused)).toEqual([false, false, false]);
  });
});

describe('small readings', () => {
  test('insights are numbers by name, of values or of a total', () => {
    const data = [
      { name: 'views', period: 'lifetime', values: [{ value: 3 }, { value: 7 }] },
      { name: 'followers_count', total_value: { value: 0 } },
      { name: 'post_clicks_by_type', values: [{ value: { link: 1 } }] },
      { name: 'reach', values: [] },
    ];
    expect(insightsOf({ data })).toEqual({ views: 7, followers_count: 0 });
    const whole = { name: 'reach', period: 'lifetime', values: [{ value: 21_105 }] };
    const byDay = { name: 'reach', period: 'day', values: [{ value: 3 }, { value: 0 }] };
    expect(insightsOf({ data: [whole, byDay] })).toEqual({ reach: 21_105 });
    expect(insightsOf({ data: 'none' })).toEqual({});
  });

  test('a quota is what is left of it; unknown when it is not told', () => {
    const data = [
      {
        quota_usage: 48,
        config: { quota_total: 50 },
        reply_quota_usage: 3,
        reply_config: { quota_total: 1_000 },
      },
    ];
    expect(quotaLeft({ data })).toBe(2);
    expect(quotaLeft({ data }, 'reply_quota_usage', 'reply_config')).toBe(997);
    expect(quotaLeft({ data: [{ quota_usage: 48 }] })).toBeUndefined();
    expect(quotaLeft({})).toBeUndefined();
  });

  test('an answer without an error names no fault', () => {
    expect(faultOf(answered(400, 'no'))).toBeUndefined();
    expect(faultOf({ kind: 'unanswered', reason: 'cut' })).toBeUndefined();
  });
});
