import { describe, expect, test } from 'vitest';
import type { PublishMessage } from '../../shared/domain/messages.ts';
import { anId } from '../support/builders.ts';
import { memoryQueue } from './memory-queue.ts';
import { memoryScheduler } from './memory-scheduler.ts';
import { virtualClock } from './virtual-clock.ts';

const START = Date.UTC(2026, 10, 30, 7);
const MINUTE = 60_000;

const given = () => {
  const clock = virtualClock(START);
  const queue = memoryQueue<PublishMessage>(clock);
  const got: { message: PublishMessage; receives: number; at: number }[] = [];
  queue.consume(async (message, receives) => void got.push({ message, receives, at: clock.now() - START }));
  return { clock, queue, scheduler: memoryScheduler(clock, queue), got };
};
const aWake = (at = START) => ({ agencyId: anId('agy'), postId: anId('post'), at });
const aMessage = (): PublishMessage => ({ kind: 'wake', ...aWake(), tries: 0 });

describe('the queue of the simulation, like SQS,', () => {
  test('shows a delayed message only when its delay is over', async () => {
    const { clock, queue, got } = given();
    await queue.send(aMessage(), { delaySeconds: 7 });
    await clock.run(START + 6_999);
    expect(got).toEqual([]);
    await clock.run(START + 7_000);
    expect(got).toMatchObject([{ message: aMessage(), receives: 1 }]);
  });

  test.each([901, -1, 1.5, Number.NaN])(
    'refuses a delay of %d seconds and sends nothing',
    async (delaySeconds) => {
      const { clock, queue, got } = given();
      await expect(queue.send(aMessage(), { delaySeconds })).rejects.toThrow(RangeError);
      await clock.run(START + 1_000_000);
      expect(got).toEqual([]);
    },
  );

  test.each([
    ['throws', async () => Promise.reject(new Error('poison'))],
    ['is never heard of again', () => new Promise<void>(() => undefined)],
  ])('hands a message out again after 90 s when its worker %s, five times in all', async (_what, work) => {
    const { clock, queue } = given();
    const times: number[] = [];
    queue.consume((_message, receives) => {
      times.push(clock.now() - START);
      expect(receives).toBe(times.length);
      return work();
    });
    await queue.send(aMessage());
    await clock.run(START + 20 * MINUTE);
    expect(times).toEqual([0, 90_000, 180_000, 270_000, 360_000]);
    expect(queue.dead.map(({ message }) => message)).toEqual([aMessage()]);
  });

  test('hands out a copy, so that no worker changes what another gets', async () => {
    const { clock, queue, got } = given();
    const message = aMessage();
    await queue.send(message);
    Object.assign(message, { postId: 'changed' });
    await clock.run(START + 1_000);
    expect(got[0]?.message).toEqual(aMessage());
  });
});

describe('the scheduler of the simulation, like EventBridge Scheduler,', () => {
  test('puts the wake into the queue five minutes before its minute, once', async () => {
    const { clock, scheduler, got } = given();
    const wake = aWake(START + 60 * MINUTE + 42_123);
    await scheduler.arm(wake);
    await scheduler.arm(wake);
    await clock.run(START + 120 * MINUTE);
    expect(got).toEqual([{ message: { kind: 'wake', ...wake, tries: 0 }, receives: 1, at: 55 * MINUTE }]);
  });

  test('keeps two instants of one post apart, even within a second', async () => {
    const { clock, scheduler, got } = given();
    const at = START + 60 * MINUTE;
    await scheduler.arm(aWake(at));
    await scheduler.arm(aWake(at + 1));
    await scheduler.disarm(aWake(at));
    await clock.run(START + 120 * MINUTE);
    expect(got.map(({ message }) => (message.kind === 'wake' ? message.at : 0))).toEqual([at + 1]);
  });

  test('finds nothing wrong when there is nothing to disarm', async () => {
    await expect(given().scheduler.disarm(aWake())).resolves.toBeUndefined();
  });
});
