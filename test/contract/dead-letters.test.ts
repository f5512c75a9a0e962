import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, expect, it } from 'vitest';
import * as z from 'zod';
import { queuePipeline } from '../../functions/pipeline.ts';
import { listDeadLetters, queueFor, redriveDeadLetters } from '../../infra/dead-letters.ts';
import { startQueues } from '../../infra/local/queues.ts';
import { startPoller } from '../../infra/local/sqs-poller.ts';
import { systemClock } from '../../shared/adapters/aws/clock.ts';
import { awsDeadLetters } from '../../shared/adapters/aws/dead-letters.ts';
import { jsonLog } from '../../shared/adapters/aws/log.ts';
import { awsQueue } from '../../shared/adapters/aws/queue.ts';
import { systemRandom } from '../../shared/adapters/aws/random.ts';
import { MAX_RECEIVES, measureMessage, publishMessage, reportMessage } from '../../shared/domain/messages.ts';
import type { Deps } from '../../shared/ports.ts';
import { clientConfig } from '../support/laptop-engines.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** The laptop's engine, whose messages come again after a second, and our pipeline with a handler of the test. */
async function aPipeline(handle: (id: string) => void) {
  const queues = await startQueues(1);
  const client = new SQSClient(clientConfig(queues.url));
  ends.push(queues.stop);
  const dlqUrl = queues.queueUrl('publish-dlq');
  const letters = awsDeadLetters(client, dlqUrl);
  const log = jsonLog(() => {});
  const deps = {
    clock: systemClock(),
    random: systemRandom(),
    log,
    deadLetters: () => letters,
  } as unknown as Deps;
  const queue = awsQueue<unknown>(client, queues.queueUrl('publish'));
  const resent: unknown[] = [];
  const handler = queuePipeline(z.object({ id: z.string() }), async ({ id }) => handle(id), {
    deps: () => deps,
    deadLetters: (ready) => ready.deadLetters('publish'),
    resend: async (message) => {
      resent.push(message);
      await queue.send({ ...message, id: `${message.id} again` });
    },
  });
  const start = () => {
    const settings = {
      name: 'publish',
      queueUrl: queues.queueUrl('publish'),
      queueArn: queues.queueArn('publish'),
    };
    const poller = startPoller(
      client,
      (event, context) => handler(event, context as never),
      { ...settings, batchSize: 5, concurrency: 4, pauseMs: 100 },
      log,
    );
    ends.push(poller.stop);
  };
  const sendRaw = (MessageBody: string, to = 'publish') =>
    client.send(new SendMessageCommand({ QueueUrl: queues.queueUrl(to), MessageBody }));
  return { client, queues, dlqUrl, queue, resent, start, sendRaw };
}

async function until<Value>(look: () => Promise<Value | undefined>, ms = 15_000): Promise<Value> {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    const value = await look();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it did not come to pass');
}

it('puts poison aside with the reason after at most five receives, and the rest goes through untouched', async () => {
  const handled: string[] = [];
  const tries: string[] = [];
  let away = true;
  const { client, dlqUrl, queue, resent, start, sendRaw } = await aPipeline((id) => {
    if (id === 'poison') {
      tries.push(id);
      throw new TypeError('cannot read the time of undefined');
    }
    if (id === 'unlucky' && away) {
      away = false;
      throw Object.assign(new Error('slow down'), { name: 'ThrottlingException', $fault: 'server' });
    }
    handled.push(id);
  });
  const good = Array.from({ length: 297 }, (_, index) => `good-${index}`);
  for (const [index, id] of good.entries()) {
    if (index === 50) await sendRaw('{not json');
    if (index === 100) await queue.send({ id: 'poison' }, { group: 'agy_00000000000000000000' });
    if (index === 150) await sendRaw('{"id":7}');
    if (index === 200) await queue.send({ id: 'unlucky' });
    await queue.send({ id }, { group: `agy_${index % 7}` });
  }
  const started = performance.now();
  start();
  await until(async () => (handled.length >= 298 ? true : undefined));
  expect(performance.now() - started).toBeLessThan(12_000);
  expect([...handled].sort()).toEqual([...good, 'unlucky again'].sort());
  expect(resent).toEqual([{ id: 'unlucky' }]);

  const letters = await until(async () => {
    const found = await listDeadLetters(client, dlqUrl, 0);
    return found.length >= 3 ? found : undefined;
  });
  expect(letters.map(({ reason, receives }) => [reason, receives]).sort()).toEqual([
    ['SyntaxError: not JSON', 1],
    ['TypeError: cannot read the time of undefined', MAX_RECEIVES],
    ['not as expected: /id invalid_type', 1],
  ]);
  expect(tries).toHaveLength(MAX_RECEIVES);
  // Nothing goes round: neither the poison nor what was put aside is handed out once more.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(tries).toHaveLength(MAX_RECEIVES);
  expect(await listDeadLetters(client, dlqUrl, 0)).toHaveLength(3);
});

it('shows when, why and whose a dead letter is, never its content, and leaves it where it is', async () => {
  const { client, dlqUrl, sendRaw } = await aPipeline(() => {});
  const ids = { agencyId: 'agy_00000000000000000001', postId: 'post_00000000000000000002' };
  const letter = { kind: 'settle', ...ids, brandId: 'no id at all', delivery: { reason: 'Content!' } };
  const failedAt = Date.UTC(2026, 10, 30, 8);
  await awsDeadLetters(client, dlqUrl).put({
    body: JSON.stringify(letter),
    reason: 'Error: no',
    receives: 5,
    failedAt,
  });
  await sendRaw('{"kind":"Content!"}', 'publish-dlq');
  for (const _look of [1, 2]) {
    const [own, bySqs, ...rest] = await listDeadLetters(client, dlqUrl, 0);
    expect(rest).toEqual([]);
    const [first, second] = own?.reason === 'Error: no' ? [own, bySqs] : [bySqs, own];
    expect(first).toEqual({
      id: expect.any(String),
      at: '2026-11-30T08:00:00Z',
      receives: 5,
      reason: 'Error: no',
      kind: 'settle',
      ids: Object.values(ids),
    });
    expect(second).toMatchObject({
      kind: 'unknown',
      ids: [],
      reason: expect.stringContaining('moved by SQS'),
    });
  }
});

it('sends each back once, deletes it only then, and leaves what belongs nowhere', async () => {
  const { client, queues, dlqUrl, sendRaw } = await aPipeline(() => {});
  const weekly = { kind: 'weekly', agencyId: `agy_${'0'.repeat(20)}`, brandId: `brd_${'0'.repeat(20)}` };
  for (const body of ['{"kind":"sweep"}', JSON.stringify(weekly), 'nonsense'])
    await sendRaw(body, 'publish-dlq');
  const target = (body: string) => {
    const name = queueFor(body);
    return name && queues.queueUrl(name);
  };
  expect(await redriveDeadLetters(client, dlqUrl, target, 0)).toEqual({ sent: 2, left: 1 });
  expect(await listDeadLetters(client, queues.queueUrl('measure'), 0)).toMatchObject([{ kind: 'sweep' }]);
  expect(await listDeadLetters(client, queues.queueUrl('report'), 0)).toMatchObject([
    { kind: 'weekly', ids: [weekly.agencyId, weekly.brandId] },
  ]);
  expect(await listDeadLetters(client, dlqUrl, 0)).toMatchObject([{ kind: 'unknown' }]);

  const nowhere = await redriveDeadLetters(client, dlqUrl, () => queues.queueUrl('no-such-queue'), 0);
  expect(nowhere).toMatchObject({ sent: 0, left: 1, fault: expect.any(Error) });
  expect(await listDeadLetters(client, dlqUrl, 0)).toHaveLength(1);
});

it('reads what EventBridge Scheduler could not send: the request that it wanted to make, with our message in it', async () => {
  const { client, queues } = await aPipeline(() => {});
  const dlqUrl = queues.queueUrl('schedule-dlq');
  const wake = {
    kind: 'wake',
    agencyId: `agy_${'0'.repeat(20)}`,
    postId: `post_${'0'.repeat(20)}`,
    at: 1,
    tries: 0,
  };
  const refused = {
    MessageBody: JSON.stringify(wake),
    QueueUrl: 'https://sqs.eu-central-1.amazonaws.com/1/publish',
  };
  await client.send(
    new SendMessageCommand({
      QueueUrl: dlqUrl,
      MessageBody: JSON.stringify(refused),
      MessageAttributes: {
        ERROR_CODE: { DataType: 'String', StringValue: 'AccessDenied' },
        ERROR_MESSAGE: { DataType: 'String', StringValue: 'not authorized' },
      },
    }),
  );
  expect(await listDeadLetters(client, dlqUrl, 0)).toMatchObject([
    {
      kind: 'wake',
      ids: [wake.agencyId, wake.postId],
      receives: 0,
      reason: 'EventBridge Scheduler: AccessDenied not authorized',
    },
  ]);
  const target = (body: string) => (queueFor(body) === 'publish' ? queues.queueUrl('measure') : undefined);
  expect(await redriveDeadLetters(client, dlqUrl, target, 0)).toEqual({ sent: 1, left: 0 });
  const { Messages: [sent] = [] } = await client.send(
    new ReceiveMessageCommand({ QueueUrl: queues.queueUrl('measure') }),
  );
  expect(JSON.parse(sent?.Body ?? '')).toEqual(wake);
});

it('names the kind of every message that travels in a queue', async () => {
  const { client, queues, sendRaw } = await aPipeline(() => {});
  const kinds = [publishMessage, measureMessage, reportMessage].flatMap(({ options }) =>
    options.map(({ shape }) => shape.kind.value),
  );
  for (const kind of kinds) await sendRaw(JSON.stringify({ kind }), 'measure-dlq');
  const letters = await listDeadLetters(client, queues.queueUrl('measure-dlq'), 0);
  expect(letters.map(({ kind }) => kind).sort()).toEqual([...kinds].sort());
});
