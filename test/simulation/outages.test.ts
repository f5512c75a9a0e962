import { describe, expect, test } from 'vitest';
import { retryAfter } from '../../shared/channels/outcome.ts';
import type { Mailer } from '../../shared/ports.ts';
import { sendAlerts } from '../../shared/usecases/send-alerts.ts';
import { memoryQueue } from './memory-queue.ts';
import { START, world } from './world.ts';

const refuse = async (): Promise<never> => {
  throw new Error('away');
};

describe('T7 what a network asks for with a 429', () => {
  test.each([
    ['seconds', '240', 240],
    ['a date', new Date(START + 300_000).toUTCString(), 240],
    ['nothing that can be read', 'soon', 60],
    ['less than nothing', '-5', 60],
    ['no time at all', '0', 1],
    ['more than a day', '999999999', 86_400],
  ])('%s: it waits for so long, a day at the most', (_what, said, seconds) => {
    const now = START + 60_000;
    expect((retryAfter({ 'retry-after': said }, now) ?? now + 60_000) - now).toBe(seconds * 1_000);
  });
});

test('T7 a mail service that refuses three calls of ten for ten minutes mails every alert once', async () => {
  const mailed: string[] = [];
  let calls = 0;
  const mailer: Mailer = {
    send: async ({ to, text }) => {
      if ((calls++ * 7) % 10 < 3) return { kind: 'unavailable', reason: 'throttled' };
      mailed.push(`${to} ${text}`);
      return { kind: 'sent', messageId: 'm' };
    },
    wasSent: async () => ({ kind: 'unknown' }),
  };
  const it = await world({ deps: { mailer } });
  const reportQueue = memoryQueue<{ kind: 'alert'; agencyId: string; brandId: string }>(it.clock);
  Object.assign(it.deps, { reportQueue });
  reportQueue.consume((message) => sendAlerts(it.deps, message));
  for (let index = 0; index < 5; index += 1) {
    it.networks.idem.script.push('refuse');
    await it.queue({ on: ['idem'], inSeconds: 60 + index * 100, text: `Post ${index}` });
  }
  await it.pass(3 * 3_600);
  expect(calls).toBeGreaterThan(mailed.length);
  expect(new Set(mailed).size).toBe(mailed.length);
  // What was due first is told alone, what followed within a quarter of an hour together.
  expect(mailed).toHaveLength(2);
});

describe('T21 after a quarter of an hour without a queue', () => {
  const afterOutage = async () => {
    const it = await world();
    const posts = [];
    for (let index = 0; index < 35; index += 1) {
      const strict = index % 4 === 0;
      const more = strict ? { latePolicy: { maxLate: 'PT5M', otherwise: 'miss' } } : {};
      const inSeconds = 120 + index * 20;
      posts.push(await it.queue({ on: ['find'], inSeconds, text: `Post ${index}`, more }));
    }
    const { send } = it.deps.publishQueue;
    Object.assign(it.deps.publishQueue, { send: refuse });
    // What the queue held is lost: rescue alone brings it back.
    it.publishQueue.consume(async () => undefined);
    await it.pass(960);
    const back = it.clock.now();
    Object.assign(it.deps.publishQueue, { send });
    it.resume();
    await it.pass(300);
    const ends = await Promise.all(posts.map(({ id }) => it.delivery(id)));
    return { it, back, ends };
  };

  test('all is over in five minutes, oldest first', async () => {
    const { back, ends } = await afterOutage();
    expect(new Set(ends.map(({ state }) => state))).toEqual(new Set(['published', 'missed']));
    const out = ends.filter(({ state }) => state === 'published').map(({ startedAt = 0 }) => startedAt);
    expect(Math.max(...out) - back).toBeLessThan(300_000);
    // Wakes are re-sent twenty to the second, so order holds to the second.
    const seconds = out.map((at) => Math.floor(at / 1_000));
    expect(seconds).toEqual(seconds.toSorted((a, b) => a - b));
  });

  test('what is too late by its own policy is missed, with an event and an alert, and nothing is late beyond it', async () => {
    const { it, back, ends } = await afterOutage();
    for (const [index, { state, dueAt, startedAt = 0 }] of ends.entries()) {
      const allowed = index % 4 === 0 ? 300_000 : 3_600_000;
      if (state === 'published') expect(startedAt - dueAt).toBeLessThanOrEqual(allowed);
      else expect(back + 300_000 - dueAt).toBeGreaterThan(allowed);
    }
    const missed = ends.filter(({ state }) => state === 'missed');
    expect(missed.length).toBeGreaterThan(2);
    const told = it.events.filter(({ type }) => type === 'delivery.missed');
    expect(new Set(told.map(({ id }) => id)).size).toBe(missed.length);
  });
});
