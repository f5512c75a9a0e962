import { describe, expect, it } from 'vitest';
import { rateLimit } from '../../../../functions/api/rate-limit.ts';

describe('the rate limit', () => {
  it('lets a burst through, then asks to wait', () => {
    const limit = rateLimit(2, 3);
    expect([0, 0, 0].map((at) => limit('a', at))).toEqual([0, 0, 0]);
    expect(limit('a', 0)).toBe(1);
  });

  it('fills up with time, and not beyond the burst', () => {
    const limit = rateLimit(2, 3);
    for (let i = 0; i < 4; i++) limit('a', 0);
    expect(limit('a', 500)).toBe(0);
    expect(limit('a', 500)).toBe(1);
    expect(Array.from({ length: 4 }, () => limit('a', 60_000))).toEqual([0, 0, 0, 1]);
  });

  it('counts each key for itself', () => {
    const limit = rateLimit(1, 1);
    expect([limit('a', 0), limit('b', 0), limit('a', 0)]).toEqual([0, 0, 1]);
  });

  it('forgets keys that have rested when there are too many', () => {
    const limit = rateLimit(1, 1);
    for (let i = 0; i < 30_000; i++) limit(`key${i}`, i);
    expect(limit('key0', 30_000)).toBe(0);
  });
});
