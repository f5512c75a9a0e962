import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { awsQueue } from '../../shared/adapters/aws/queue.ts';
import { startTestEngines } from '../support/laptop-engines.ts';

let engines: Awaited<ReturnType<typeof startTestEngines>>;
let client: SQSClient;
beforeAll(async () => {
  engines = await startTestEngines();
  client = new SQSClient(engines.sqs);
});
afterAll(() => engines.stop());

async function receive(name: string) {
  const answer = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: engines.queues.queueUrl(name),
      MaxNumberOfMessages: 10,
      // The engine knows only the older name of this parameter.
      AttributeNames: ['All'],
    }),
  );
  return answer.Messages ?? [];
}

it('carries a message as JSON, in the group of its agency', async () => {
  const queue = awsQueue<{ kind: string }>(client, engines.queues.queueUrl('publish'));
  await queue.send({ kind: 'wake' }, { group: 'agy_1' });
  const [message] = await receive('publish');
  expect(JSON.parse(message?.Body ?? '')).toEqual({ kind: 'wake' });
  expect(message?.Attributes?.MessageGroupId).toBe('agy_1');
});

it('carries texts with whatever characters a network has answered, in those that SQS takes', async () => {
  const queue = awsQueue<{ reason: string }>(client, engines.queues.queueUrl('publish'));
  const reason = 'refused\uFFFE: \u0000 \uD83D \uFFFF 🥨';
  await queue.send({ reason });
  const [message] = await receive('publish');
  expect(message?.Body).toMatch(/^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]+$/u);
  expect(JSON.parse(message?.Body ?? '')).toEqual({ reason });
});

it('shows a delayed message only when its delay is over', async () => {
  const queue = awsQueue<number>(client, engines.queues.queueUrl('measure'));
  const sentAt = performance.now();
  await queue.send(1, { delaySeconds: 1 });
  expect(await receive('measure')).toEqual([]);
  while ((await receive('measure')).length === 0) expect(performance.now() - sentAt).toBeLessThan(5_000);
  expect(performance.now() - sentAt).toBeGreaterThanOrEqual(990);
});

it.each([901, -1, 1.5, Number.NaN])(
  'refuses a delay of %d seconds and sends nothing',
  async (delaySeconds) => {
    const queue = awsQueue<number>(client, engines.queues.queueUrl('report'));
    await expect(queue.send(1, { delaySeconds })).rejects.toThrow(RangeError);
    expect(await receive('report')).toEqual([]);
  },
);

it('rejects when the queue does not exist', async () => {
  const queue = awsQueue<number>(client, engines.queues.queueUrl('no-such-queue'));
  await expect(queue.send(1)).rejects.toThrow();
});
