import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { MeasureMessage } from '../../shared/domain/messages.ts';
import type { Log } from '../../shared/ports.ts';
import { type Handler, lambdaContext } from './lambda.ts';
import { localClient } from './local-clients.ts';
import { QUEUES, type QueueName, type Queues } from './queues.ts';
import { startPoller } from './sqs-poller.ts';
import { repeat, untilFullHour } from './timers.ts';

type QueueHandler = Handler<SQSEvent, SQSBatchResponse | undefined>;
export type WorkHandlers = Readonly<Record<QueueName, QueueHandler>> & {
  readonly rescue: Handler<unknown, void>;
};
export type Work = { readonly stop: () => Promise<void> };

/** As on a deployed stage, with fewer calls at a time. Only posts have a second to keep; asking costs a laptop its battery. */
const LOADS: Readonly<Record<QueueName, { batchSize: number; concurrency: number; pauseMs: number }>> = {
  publish: { batchSize: 5, concurrency: 40, pauseMs: 100 },
  measure: { batchSize: 1, concurrency: 4, pauseMs: 500 },
  report: { batchSize: 1, concurrency: 4, pauseMs: 500 },
};
const RESCUE_EVERY_MS = 5_000;
const RENEW_EVERY_MS = 600_000;
const FIRST_AFTER_MS = 10_000;
/** Calls under way get so long to end when the laptop is stopped; what they had claimed is taken up at the next start. */
const PATIENCE_MS = 5_000;

/**
 * Calls the functions: with the queues' messages, rescue every 5 s, a sweep for metrics at every full hour, the renewal
 * of credentials every ten minutes.
 */
export function startWork(queues: Queues, handlers: WorkHandlers, log: Log): Work {
  const sqs = new SQSClient(localClient(queues.url));
  const pollers = QUEUES.map((name) =>
    startPoller(
      sqs,
      handlers[name],
      { name, queueUrl: queues.queueUrl(name), queueArn: queues.queueArn(name), ...LOADS[name] },
      log,
    ),
  );
  const measure = (message: MeasureMessage) => () =>
    sqs.send(
      new SendMessageCommand({ QueueUrl: queues.queueUrl('measure'), MessageBody: JSON.stringify(message) }),
    );
  const timers = [
    repeat(
      'rescue',
      () => RESCUE_EVERY_MS,
      () => handlers.rescue({}, lambdaContext('rescue')),
      log,
    ),
    repeat(
      'sweep',
      soonThen(() => untilFullHour(Date.now())),
      measure({ kind: 'sweep' }),
      log,
    ),
    repeat(
      'renew',
      soonThen(() => RENEW_EVERY_MS),
      measure({ kind: 'renew' }),
      log,
    ),
  ];
  return {
    stop: async () => {
      const ended = Promise.all([...timers, ...pollers].map((part) => part.stop()));
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref())]);
      sqs.destroy();
    },
  };
}

/** What was due while the laptop was off is not left for later. */
function soonThen(waitMs: () => number): () => number {
  let first = true;
  return () => {
    const wait = first ? FIRST_AFTER_MS : waitMs();
    first = false;
    return wait;
  };
}
