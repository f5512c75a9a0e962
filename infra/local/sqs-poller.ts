import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Log } from '../../shared/ports.ts';
import { fairBuffer } from './fair-buffer.ts';
import { type Handler, lambdaContext } from './lambda.ts';
import { LOCAL_REGION } from './local-clients.ts';

export type PollerSettings = {
  readonly name: string;
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly batchSize: number;
  /** How many calls of the handler run at a time. */
  readonly concurrency: number;
  /** The engine never ends a long poll early, so short ones are asked, this far apart. */
  readonly pauseMs: number;
};
export type Poller = {
  /** Takes no more messages, and resolves when the calls under way have ended. */
  readonly stop: () => Promise<void>;
};

/** Taken at a time; more than one call's batch, so that groups can take turns. */
const BUFFER = 500;
const RECEIVE = 10;
/** Messages that waited here longer are left to come again, with time to be worked on before they turn visible. */
const STALE_MS = 20_000;

type Waiting = { readonly message: Message; readonly receivedAt: number };

/** What an event source mapping does: takes messages, calls the handler with them, deletes those that did not fail. */
export function startPoller(
  client: SQSClient,
  handler: Handler<SQSEvent, SQSBatchResponse | undefined>,
  settings: PollerSettings,
  log: Log,
): Poller {
  const buffer = fairBuffer<Waiting>();
  const running = new Set<Promise<void>>();
  let stopped = false;

  const receive = async (): Promise<number> => {
    const answer = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: settings.queueUrl,
        MaxNumberOfMessages: RECEIVE,
        WaitTimeSeconds: 0,
        // The engine knows only the older name of this parameter.
        AttributeNames: ['All'],
      }),
    );
    const messages = answer.Messages ?? [];
    const receivedAt = performance.now();
    for (const message of messages) {
      buffer.add(message.Attributes?.MessageGroupId ?? '', { message, receivedAt });
    }
    return messages.length;
  };

  const dispatch = (): void => {
    while (running.size < settings.concurrency && buffer.size > 0) {
      const fresh = buffer
        .take(settings.batchSize)
        .filter(({ receivedAt }) => performance.now() - receivedAt < STALE_MS)
        .map(({ message }) => message);
      if (fresh.length === 0) continue;
      const call = handleBatch(client, handler, settings, fresh)
        .catch((error: unknown) => log.error('a batch failed', { queue: settings.name, error }))
        .finally(() => {
          running.delete(call);
          if (!stopped) dispatch();
        });
      running.add(call);
    }
  };

  const poll = async (): Promise<void> => {
    while (!stopped) {
      let received = 0;
      try {
        if (buffer.size < BUFFER) received = await receive();
      } catch (error) {
        if (!stopped) log.error('a queue cannot be read', { queue: settings.name, error });
      }
      if (!stopped) dispatch();
      if (received < RECEIVE) await sleep(settings.pauseMs);
    }
  };

  const polling = poll();
  return {
    stop: async () => {
      stopped = true;
      await polling;
      await Promise.all(running);
    },
  };
}

async function handleBatch(
  client: SQSClient,
  handler: Handler<SQSEvent, SQSBatchResponse | undefined>,
  settings: PollerSettings,
  messages: readonly Message[],
): Promise<void> {
  const Records = messages.map((message) => toRecord(message, settings.queueArn));
  const answer = await handler({ Records }, lambdaContext(settings.name));
  const failed = new Set(answer?.batchItemFailures.map((failure) => failure.itemIdentifier));
  // As Lambda has it: an identifier that is none makes the whole batch fail.
  const known = new Set(Records.map((record) => record.messageId));
  if ([...failed].some((id) => !known.has(id)))
    throw new Error('the handler named a message that is not in its batch');
  const done = messages.filter((message) => !failed.has(message.MessageId ?? ''));
  if (done.length === 0) return;
  await client.send(
    new DeleteMessageBatchCommand({
      QueueUrl: settings.queueUrl,
      Entries: done.map((message, index) => ({ Id: String(index), ReceiptHandle: message.ReceiptHandle })),
    }),
  );
}

function toRecord(message: Message, queueArn: string): SQSRecord {
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: 'local',
      ApproximateFirstReceiveTimestamp: '0',
      ...message.Attributes,
    },
    messageAttributes: {},
    md5OfBody: message.MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: LOCAL_REGION,
  };
}
