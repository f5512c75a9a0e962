import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isAwsFault } from '../../functions/aws-fault.ts';
import { BUS_NAME } from '../../infra/local/engines.ts';
import { awsBus } from '../../shared/adapters/aws/bus.ts';
import type { OutsideEvent } from '../../shared/domain/events.ts';
import { startTestEngines } from '../support/laptop-engines.ts';

let engines: Awaited<ReturnType<typeof startTestEngines>>;
beforeAll(async () => {
  engines = await startTestEngines();
});
afterAll(() => engines.stop());

function anEvent(id: string): OutsideEvent {
  return {
    id,
    type: 'delivery.failed',
    version: 1,
    at: Date.UTC(2026, 10, 30, 8),
    agencyId: 'agy_1',
    brandId: 'brd_1',
    postId: 'post_1',
    seq: 3,
    actor: { keyId: 'system', name: 'system' },
    data: { deliveries: [{ dueAt: Date.UTC(2026, 10, 30, 7, 59, 59, 500), attempts: 2, latenessMs: 40 }] },
  };
}

it('announces any number of events, in batches that the bus takes', async () => {
  const bus = awsBus(new EventBridgeClient(engines.standIns), BUS_NAME);
  const ids = Array.from({ length: 23 }, (_, index) => `batch-${index}`);
  await bus.announce(ids.map(anEvent));
  const kept = engines.bus.newest().map((event) => (event.detail as { id: string }).id);
  expect(new Set(kept)).toEqual(new Set(ids));
});

it('tells every instant as an RFC 3339 text, and counts as numbers', async () => {
  const bus = awsBus(new EventBridgeClient(engines.standIns), BUS_NAME);
  await bus.announce([anEvent('told')]);
  const [newest] = engines.bus.newest();
  expect(newest).toMatchObject({ source: 'sendeplan', type: 'delivery.failed' });
  expect(newest?.detail).toMatchObject({
    at: '2026-11-30T08:00:00Z',
    seq: 3,
    data: { deliveries: [{ dueAt: '2026-11-30T07:59:59.500Z', attempts: 2, latenessMs: 40 }] },
  });
});

it('throws and names the code when the bus refuses an entry', async () => {
  const bus = awsBus(new EventBridgeClient(engines.standIns), 'another-bus');
  await expect(bus.announce([anEvent('refused')])).rejects.toThrow(/refused 1 of 1 events: InvalidArgument/);
});

it('passes a throttled entry on as a fault of AWS, and a refused one not', async () => {
  const refusing = (ErrorCode: string) => {
    const client = { send: async () => ({ FailedEntryCount: 1, Entries: [{ ErrorCode }] }) };
    return awsBus(client as unknown as EventBridgeClient, BUS_NAME).announce([anEvent('one')]);
  };
  const fault = async (code: string) => isAwsFault(await refusing(code).catch((error: unknown) => error));
  expect(await fault('ThrottlingException')).toBe(true);
  expect(await fault('InternalFailure')).toBe(true);
  expect(await fault('MalformedDetail')).toBe(false);
});

it('asks for nothing when there is nothing to announce', async () => {
  const nowhere = new EventBridgeClient({ ...engines.standIns, endpoint: 'http://127.0.0.1:1' });
  await expect(awsBus(nowhere, BUS_NAME).announce([])).resolves.toBeUndefined();
});
