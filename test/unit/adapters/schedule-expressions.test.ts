import { expect, it } from 'vitest';
import {
  wakeExpression,
  wakeScheduleName,
  weeklyExpression,
} from '../../../shared/adapters/aws/schedule-expressions.ts';
import { idFromBytes } from '../../../shared/domain/ids.ts';

it('fires five minutes before the minute of the wake', () => {
  expect(wakeExpression(Date.UTC(2026, 10, 30, 8, 0, 59, 999))).toBe('at(2026-11-30T07:55:00)');
  expect(wakeExpression(Date.UTC(2027, 0, 1, 0, 4, 0))).toBe('at(2026-12-31T23:59:00)');
});

it('names schedules within what EventBridge Scheduler takes, and every millisecond differently', () => {
  const postId = idFromBytes('post', new Uint8Array(20).fill(31));
  const at = Date.UTC(2099, 11, 31, 23, 59, 59, 999);
  expect(wakeScheduleName({ postId, at })).toMatch(/^[0-9a-zA-Z\-_.]{1,64}$/);
  expect(wakeScheduleName({ postId, at })).not.toBe(wakeScheduleName({ postId, at: at - 1 }));
});

it.each([
  { weekday: 'monday', time: '08:00', expected: 'cron(0 8 ? * MON *)' },
  { weekday: 'sunday', time: '23:59', expected: 'cron(59 23 ? * SUN *)' },
] as const)('asks for $weekday $time every week', ({ weekday, time, expected }) => {
  expect(weeklyExpression({ weekday, time })).toBe(expected);
});
