import { expect, it, onTestFinished, vi } from 'vitest';
import type { AwsCall } from '../../../infra/local/aws-stand-in.ts';
import { schedulerStandIn } from '../../../infra/local/scheduler-stand-in.ts';

const MONDAY = Date.UTC(2026, 10, 30, 8);
const WEEK = 7 * 86_400_000;

function aScheduler(start: number) {
  vi.useFakeTimers();
  let now = start;
  let away = false;
  const delivered: { to: string; input: string; at: number }[] = [];
  const scheduler = schedulerStandIn(
    async (to, input) => {
      if (away && to === 'queue') throw new Error('the queue is away');
      delivered.push({ to, input, at: now });
    },
    () => now,
  );
  onTestFinished(() => {
    scheduler.stop();
    vi.useRealTimers();
  });
  const call = (method: string, name: string, body: unknown = {}): AwsCall => ({
    method,
    path: ['schedules', name],
    query: new URLSearchParams(),
    target: '',
    body,
  });
  return {
    delivered,
    put: (method: 'POST' | 'PUT', name: string, expression: string, input = 'x') =>
      scheduler.answer(
        call(method, name, {
          ScheduleExpression: expression,
          FlexibleTimeWindow: { Mode: 'OFF' },
          ActionAfterCompletion: 'DELETE',
          Target: {
            Arn: 'queue',
            RoleArn: 'role',
            Input: input,
            RetryPolicy: { MaximumEventAgeInSeconds: 900 },
            DeadLetterConfig: { Arn: 'dlq' },
          },
        }),
      ),
    get: (name: string) => scheduler.answer(call('GET', name)),
    /** Sets the clock and lets the scheduler look at it. */
    goTo: async (at: number) => {
      now = at;
      await vi.advanceTimersByTimeAsync(600);
    },
    queueIsAway: (is: boolean) => {
      away = is;
    },
  };
}

it('tries again while the queue is away, and delivers once', async () => {
  const { put, delivered, goTo, queueIsAway } = aScheduler(MONDAY - 60_000);
  await put('POST', 'once', 'at(2026-11-30T08:00:00)');
  queueIsAway(true);
  await goTo(MONDAY);
  queueIsAway(false);
  await goTo(MONDAY + 1_000);
  await goTo(MONDAY + 2_000);
  expect(delivered).toEqual([{ to: 'queue', input: 'x', at: MONDAY + 1_000 }]);
});

it('puts into the dead-letter queue what has become too old', async () => {
  const { put, delivered, goTo, queueIsAway, get } = aScheduler(MONDAY - 60_000);
  await put('POST', 'once', 'at(2026-11-30T08:00:00)');
  queueIsAway(true);
  await goTo(MONDAY + 900_000);
  expect(delivered).toEqual([{ to: 'dlq', input: 'x', at: MONDAY + 900_000 }]);
  await expect(get('once')).rejects.toThrow(/no schedule/);
});

it('runs a weekly schedule week after week, also after it was moved', async () => {
  const { put, delivered, goTo } = aScheduler(MONDAY - 60_000);
  await put('POST', 'weekly', 'cron(0 8 ? * MON *)', 'first');
  await goTo(MONDAY);
  await put('PUT', 'weekly', 'cron(0 9 ? * MON *)', 'moved');
  await goTo(MONDAY + WEEK);
  await goTo(MONDAY + WEEK + 3_600_000);
  expect(delivered.map(({ input }) => input)).toEqual(['first', 'moved', 'moved']);
});

it.each([
  ['an expression that it does not know', 'good-name', 'rate(1 hour)'],
  ['a name that is too long', 'x'.repeat(65), 'at(2026-11-30T08:00:00)'],
])('refuses %s', async (_, name, expression) => {
  const { put } = aScheduler(MONDAY);
  await expect(put('POST', name, expression)).rejects.toMatchObject({ name: 'ValidationException' });
});
