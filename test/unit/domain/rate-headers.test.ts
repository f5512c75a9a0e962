import { describe, expect, test } from 'vitest';
import { exhaustedUntil } from '../../../shared/domain/rate-headers.ts';
import { HOUR, MINUTE, SECOND } from '../../../shared/domain/time.ts';

const NOW = Date.UTC(2026, 10, 30, 8);
const epoch = (seconds: number): string => String(NOW / SECOND + seconds);

describe('a budget of which nothing remains is known until its reset', () => {
  test.each<[string, Record<string, string>, number]>([
    ['Bluesky', { 'ratelimit-limit': '1666', 'ratelimit-remaining': '0', 'ratelimit-reset': epoch(90) }, 90],
    [
      'Mastodon',
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '2026-11-30T08:05:00.123456Z' },
      300.123,
    ],
    ['epoch seconds', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': epoch(10) }, 10],
    ['epoch milliseconds', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW + 10_000) }, 10],
    ['seconds from now', { 'x-ratelimit-remaining': ' 0 ', 'x-ratelimit-reset': '45.5' }, 45.5],
    ['Reddit, with its fractions', { 'x-ratelimit-remaining': '0.0', 'x-ratelimit-reset': '300' }, 300],
    ['X-Rate-Limit', { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': epoch(60) }, 60],
    ['X by the day', { 'x-user-limit-24hour-remaining': '0', 'x-user-limit-24hour-reset': epoch(600) }, 600],
    ['Tumblr by the hour', { 'x-ratelimit-perhour-remaining': '0', 'x-ratelimit-perhour-reset': '900' }, 900],
    ['the IETF header', { ratelimit: 'limit=100, remaining=0, reset=50' }, 50],
    ['the IETF header, later draft', { ratelimit: '"hour";r=12;t=999, "minute";r=0;t=30' }, 30],
    [
      'the longest of several',
      {
        'ratelimit-remaining': '0',
        'ratelimit-reset': '5',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': '9',
      },
      9,
    ],
    ['at most an hour', { 'ratelimit-remaining': '0', 'ratelimit-reset': epoch(86_400) }, HOUR / SECOND],
    ['at most an hour, from now', { ratelimit: 'remaining=0, reset=86400' }, HOUR / SECOND],
  ])('%s', (_who, headers, seconds) => {
    expect(exhaustedUntil(headers, NOW)).toBe(NOW + seconds * SECOND);
  });
});

describe('everything else stops nothing', () => {
  test.each<[string, Record<string, string>]>([
    ['no headers', {}],
    ['something remains', { 'ratelimit-remaining': '1', 'ratelimit-reset': epoch(90) }],
    ['half a request remains', { 'x-ratelimit-remaining': '0.5', 'x-ratelimit-reset': '300' }],
    ['ten remain', { ratelimit: 'limit=100, remaining=10, reset=50' }],
    ['no reset is told', { 'ratelimit-remaining': '0' }],
    ['no remainder is told', { 'ratelimit-reset': epoch(90) }],
    ['the reset has passed', { 'ratelimit-remaining': '0', 'ratelimit-reset': epoch(-1) }],
    ['the reset is no time', { 'ratelimit-remaining': '0', 'ratelimit-reset': 'soon' }],
    ['the remainder is no number', { 'ratelimit-remaining': '', 'ratelimit-reset': '30' }],
    ['two proxies disagree', { 'x-ratelimit-remaining': '0, 42', 'x-ratelimit-reset': '30' }],
    ['the parts belong to different headers', { 'ratelimit-remaining': '0', 'x-ratelimit-reset': '30' }],
    ['it is less than nothing', { 'ratelimit-remaining': '-1', 'ratelimit-reset': '30' }],
    ['Retry-After alone, which is for refusals', { 'retry-after': '30' }],
    ['nonsense', { ratelimit: ';;,=,remaining=,r=0;t=x' }],
  ])('%s', (_what, headers) => {
    expect(exhaustedUntil(headers, NOW)).toBeUndefined();
  });

  test('it takes no time to read a header that is as long as can be', () => {
    const started = performance.now();
    exhaustedUntil({ ratelimit: `${','.repeat(8_000)}remaining=${';'.repeat(8_000)}` }, NOW);
    expect(performance.now() - started).toBeLessThan(MINUTE / 600);
  });
});
