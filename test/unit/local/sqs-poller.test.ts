import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { afterEach, expect, it } from 'vitest';
import { fairBuffer } from '../../../infra/local/fair-buffer.ts';
import { startQueues } from '../../../infra/local/queues.ts';
import { type Poller, startPoller } from '../../../infra/local/sqs-poller.ts';
import { jsonLog } from '../../../shared/adapters/aws/log.ts';
import { clientConfig } from '../../support/laptop-engines.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

type Answer = SQSBatchResponse | undefined;

async function aQueue(handle: (bodies: string[], event: SQSEvent) => Promise<Answer>) {
  const queues = await startQueues(1);
  ends.push(queues.stop);
  const client = new SQSClient(clientConfig(queues.url));
  const poll = (name: string): Poller => {
    const settings = { name, queueUrl: queues.queueUrl(name), queueArn: queues.queueArn(name), batchSize: 5 };
    const poller = startPoller(
      client,
      (event) =>
        handle(
          event.Records.map((record) => record.body),
          event,
        ),
      { ...settings, concurrency: 2, pauseMs: 100 },
      jsonLog(() => {}),
    );
    ends.push(poller.stop);
    return poller;
  };
  const send = (body: string) =>
    client.send(
      new SendMessageCommand({
        QueueUrl: queues.queueUrl('publish'),
        MessageBody: body,
        MessageGroupId: 'agy_1',
      }),
    );
  return { poll, send };
}

async function until(holds: () => boolean, ms = 5_000): Promise<void> {
  const end = performance.now() + ms;
  while (!holds()) {
    if (performance.now() > end) throw new Error('it did not come to pass');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

it('calls the handler with what SQS would hand over, long before a long poll would have ended', async () => {
  const events: SQSEvent[] = [];
  const { poll, send } = await aQueue(async (_, event) => {
    events.push(event);
    return undefined;
  });
  poll('publish');
  const sentAt = performance.now();
  await send('{"kind":"wake"}');
  await until(() => events.length > 0);
  expect(performance.now() - sentAt).toBeLessThan(2_000);
  expect(events[0]?.Records[0]).toMatchObject({
    body: '{"kind":"wake"}',
    eventSource: 'aws:sqs',
    attributes: { ApproximateReceiveCount: '1', MessageGroupId: 'agy_1' },
  });
});

it('sees a failed message again, and no other one', async () => {
  const seen: string[] = [];
  const { poll, send } = await aQueue(async (bodies, event) => {
    seen.push(...bodies);
    const failing = event.Records.filter((record) => record.body === 'bad');
    return { batchItemFailures: failing.map((record) => ({ itemIdentifier: record.messageId })) };
  });
  for (const body of ['good', 'bad']) await send(body);
  poll('publish');
  await until(() => seen.filter((body) => body === 'bad').length >= 2);
  expect(seen.filter((body) => body === 'good')).toEqual(['good']);
});

it('puts a message aside after five failures', async () => {
  let tries = 0;
  const aside: string[] = [];
  const { poll, send } = await aQueue(async (bodies, event) => {
    if (event.Records[0]?.eventSourceARN.endsWith('-dlq')) aside.push(...bodies);
    else {
      tries += 1;
      throw new Error('never works');
    }
    return undefined;
  });
  await send('hopeless');
  poll('publish');
  poll('publish-dlq');
  await until(() => aside.length > 0, 10_000);
  expect({ tries, aside }).toEqual({ tries: 5, aside: ['hopeless'] });
});

it('lets no more calls run at a time than it may, and waits for them when it is stopped', async () => {
  let running = 0;
  let most = 0;
  let done = 0;
  const { poll, send } = await aQueue(async (bodies) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 100));
    running -= 1;
    done += bodies.length;
    return undefined;
  });
  for (let index = 0; index < 20; index += 1) await send(String(index));
  const poller = poll('publish');
  await until(() => done > 0);
  await poller.stop();
  expect(running).toBe(0);
  expect(most).toBe(2);
});

it('gives every group its turn, so that a full one does not hold up the rest', () => {
  const buffer = fairBuffer<string>();
  for (let index = 0; index < 100; index += 1) buffer.add('big', `big-${index}`);
  buffer.add('small', 'small-0');
  expect(buffer.take(3)).toEqual(['big-0', 'small-0', 'big-1']);
  expect(buffer.size).toBe(98);
  expect(buffer.take(1_000)).toHaveLength(98);
  expect(buffer.take(1)).toEqual([]);
});
