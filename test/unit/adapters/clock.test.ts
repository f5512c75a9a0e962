import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { systemClock, watchClock } from '../../../shared/adapters/aws/clock.ts';
import { clientConfig } from '../../support/laptop-engines.ts';

const HERE = Date.UTC(2026, 10, 30, 8, 0, 0);
const header = (at: number): string => new Date(at).toUTCString();

describe('the corrected clock', () => {
  it('follows the other clock when a header contradicts it', () => {
    const clock = systemClock(() => HERE);
    clock.compare(header(HERE + 60_000), 40);
    expect(clock.now() - HERE).toBeGreaterThanOrEqual(60_000);
    expect(clock.now() - HERE).toBeLessThanOrEqual(61_000);
  });

  it('keeps its own time when it is less off than a header can tell', () => {
    const clock = systemClock(() => HERE + 990);
    clock.compare(header(HERE), 40);
    clock.compare(header(HERE + 1_000), 40);
    expect(clock.now()).toBe(HERE + 1_000);
  });

  it('is never ahead of the other clock by more than a second, and soon by less', () => {
    for (const skew of [-300_000, -1_500, -700, 700, 1_500, 300_000]) {
      let there = HERE;
      const clock = systemClock(() => there + skew);
      for (let answers = 1; answers <= 40; answers++) {
        there += 97;
        clock.compare(header(there - 5), 10);
        const ahead = clock.now() - there;
        expect(ahead).toBeLessThanOrEqual(answers < 20 ? 1_010 : 200);
        expect(ahead).toBeGreaterThanOrEqual(answers < 20 ? -1_010 : -200);
      }
    }
  });

  it('takes from a slow answer only what is certain', () => {
    const clock = systemClock(() => HERE);
    clock.compare(header(HERE + 300_000), 30_000);
    expect(clock.now()).toBe(HERE + 300_000);
  });

  it('drops the correction once the machine’s clock has been put right', () => {
    let here = HERE;
    const clock = systemClock(() => here);
    clock.compare(header(HERE + 60_000), 40);
    here = HERE + 60_000;
    clock.compare(header(HERE + 60_000), 40);
    expect(clock.now()).toBe(here);
  });

  it('learns nothing from an answer that may well agree, or from no date', () => {
    const clock = systemClock(() => HERE);
    clock.compare(header(HERE - 9_000), 8_000);
    clock.compare('soon', 40);
    expect(clock.now()).toBe(HERE);
  });
});

describe('watching a client', () => {
  it.each([200, 500])('learns from an answer with status %d', async (status) => {
    const far = Date.now() + 3_600_000;
    const server = createServer((_, response) =>
      response
        .writeHead(status, { date: header(far), 'content-type': 'application/x-amz-json-1.0' })
        .end('{}'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const clock = systemClock();
    const client = new SQSClient({ ...clientConfig(url), maxAttempts: 1, md5: false });
    watchClock(clock, client);
    await client.send(new SendMessageCommand({ QueueUrl: `${url}/q`, MessageBody: 'x' })).catch(() => {});
    expect(Math.abs(clock.now() - far)).toBeLessThan(5_000);
    server.close();
  });
});

describe('the monotonic clock', () => {
  /** A wall clock and the system's monotonic one, each moved by hand. */
  function twoClocks() {
    const at = { wall: HERE, running: 5_000 };
    const { monotonic } = systemClock(
      () => at.wall,
      () => at.running,
    );
    const start = monotonic();
    return { passed: () => monotonic() - start, at };
  }

  it('counts the time in which a process is frozen, though the system’s stands', () => {
    const { passed, at } = twoClocks();
    at.wall += 600_000;
    expect(passed()).toBe(600_000);
    at.wall += 20;
    at.running += 20;
    expect(passed()).toBe(600_020);
  });

  it('counts many short pauses, too, as between the calls of a busy function', () => {
    const { passed, at } = twoClocks();
    for (let call = 0; call < 100; call += 1) {
      at.wall += 100;
      at.running += 10;
      passed();
    }
    expect(passed()).toBeGreaterThan(9_000);
    expect(passed()).toBeLessThanOrEqual(10_000);
  });

  it('neither goes back nor stands when the wall clock is set back', () => {
    const { passed, at } = twoClocks();
    at.wall -= 3_600_000;
    expect(passed()).toBe(0);
    at.wall += 50;
    at.running += 50;
    expect(passed()).toBe(50);
    at.wall += 2_000;
    expect(passed()).toBe(2_050);
  });

  it('takes no part of a second for a pause that comes of the wall clock’s whole milliseconds', () => {
    const { passed, at } = twoClocks();
    for (let reading = 0; reading < 5_000; reading += 1) {
      at.running += 0.3;
      at.wall = HERE + Math.floor(at.running - 5_000);
      passed();
    }
    expect(passed()).toBeCloseTo(1_500, 3);
  });
});
