import { describe, expect, test } from 'vitest';
import { jsonLog } from '../../../shared/adapters/aws/log.ts';
import { meteredLog } from '../../../shared/adapters/aws/metered-log.ts';
import { markExpired } from '../../../shared/usecases/mark-expired.ts';
import { START, world } from '../../simulation/world.ts';

type Told = Record<string, unknown>;

/** A metered log with everything that it writes, as text and read. */
function recorded() {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const log = meteredLog(jsonLog(write, { stamped: false }), {
    clock: { now: () => START },
    stage: 'prod',
    write,
  });
  const metrics = () => lines.map((line) => JSON.parse(line) as Told).filter((line) => '_aws' in line);
  return { lines, log, metrics };
}

describe('metrics in the embedded format', () => {
  test('are one line for a call, with the instant, the namespace and a unit for what is measured', () => {
    const { log, metrics } = recorded();
    log.info('delivery.settled', { state: 'published', latenessMs: 120 });
    log.info('delivery.settled', { state: 'published', latenessMs: 80 });
    log.info('delivery.settled', { state: 'uncertain' });
    expect(metrics()).toEqual([]);
    log.flush?.();
    log.flush?.();
    expect(metrics()).toEqual([
      {
        _aws: {
          Timestamp: START,
          CloudWatchMetrics: [
            {
              Namespace: 'Sendeplan/prod',
              Dimensions: [[]],
              Metrics: [
                { Name: 'Published' },
                { Name: 'Lateness', Unit: 'Milliseconds' },
                { Name: 'Uncertain' },
              ],
            },
          ],
        },
        Published: 2,
        Lateness: [120, 80],
        Uncertain: 1,
      },
    ]);
  });

  test.each([
    ['delivery.settled', { state: 'failed' }, { Failed: 1 }],
    ['delivery.settled', { state: 'missed' }, { Missed: 1 }],
    ['delivery.settled', { state: 'retrying', outcome: 'rateLimited' }, { RateLimited: 1 }],
    ['delivery.settled', { state: 'retrying', outcome: 'unavailable' }, undefined],
    ['delivery.rescued', { state: 'retrying' }, { Rescued: 1 }],
    ['delivery.rescued', { state: 'uncertain' }, { Rescued: 1, Uncertain: 1 }],
    ['message put aside', {}, { DeadLetters: 1 }],
    ['channel.expired', {}, { ChannelsExpired: 1 }],
    ['report.sent', {}, { ReportsSent: 1 }],
    ['report.not_sent', {}, { ReportsNotSent: 1 }],
    ['alert.not_sent', {}, { AlertsNotSent: 1 }],
    ['credential.renewed', {}, undefined],
  ])('%s %o counts as %o', (message, fields, counts) => {
    const { log, metrics } = recorded();
    log.warn(message, fields);
    log.flush?.();
    const [line] = metrics();
    const { _aws: _, ...counted } = line ?? {};
    expect(line && counted).toEqual(counts);
  });

  test('never hold more than the hundred values that the format takes', () => {
    const { log, metrics } = recorded();
    for (let n = 0; n < 250; n++) log.info('delivery.settled', { state: 'published', latenessMs: n });
    log.flush?.();
    expect(metrics().map(({ Lateness }) => (Lateness as number[]).length)).toEqual([100, 100, 50]);
    expect(metrics().reduce((sum, { Published }) => sum + Number(Published ?? 0), 0)).toBe(250);
  });
});

describe('what a delivery costs in lines', () => {
  /** A post on three channels, woken in one call, as the function does it. */
  async function published() {
    const { lines, log, metrics } = recorded();
    const it = await world({ deps: { log } });
    const post = await it.queue({
      on: ['idem', 'find', 'blind'],
      text: 'Words that nobody logs.',
      inSeconds: 5,
    });
    lines.length = 0;
    // One wake: what one call of the function works off.
    await it.clock.run(it.clock.now() + 30_000);
    log.flush?.();
    return { it, post, lines, metrics };
  }

  test('is at most 0.3 KB, its share of the metrics included, and names agency, brand and delivery', async () => {
    const { it, post, lines, metrics } = await published();
    const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
    expect(bytes / 3).toBeGreaterThan(100);
    expect(bytes / 3).toBeLessThanOrEqual(300);
    const settled = lines.map((line) => JSON.parse(line) as Told).filter((one) => !('_aws' in one));
    expect(settled.map(({ deliveryId }) => deliveryId).sort()).toEqual(
      [1, 2, 3].map((n) => `dlv_${post.id.slice(5)}_0${n}`),
    );
    for (const line of settled) {
      expect(line).toMatchObject({ agencyId: it.agency.id, brandId: it.brand.id, state: 'published' });
    }
    expect(metrics()).toMatchObject([
      { Published: 3, Lateness: [expect.any(Number), expect.any(Number), expect.any(Number)] },
    ]);
    expect(lines.join('')).not.toMatch(/nobody logs|"t"/);
  });

  test('an expired channel is told once, with whose it is', async () => {
    const { log, lines } = recorded();
    const it = await world({ deps: { log } });
    const channel = it.channels.find;
    await markExpired(it.deps, channel, 'Bearer abc is refused');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        level: 'warn',
        message: 'channel.expired',
        agencyId: it.agency.id,
        brandId: it.brand.id,
        channelId: channel.id,
        network: 'find',
      },
    ]);
  });
});
