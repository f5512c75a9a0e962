import { randomUUID } from 'node:crypto';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { fairBuffer } from '../../infra/local/fair-buffer.ts';
import { type Handler, lambdaContext } from '../../infra/local/lambda.ts';
import type { Queue } from '../../shared/ports.ts';

export type TimedQueue<Message> = Queue<Message> & {
  /** Messages that were sent and are not acknowledged yet. */
  readonly open: () => number;
  /** From now on batches go to the handler of a function, `concurrency` at a time. */
  readonly consume: (handler: Handler<SQSEvent, SQSBatchResponse | undefined>) => void;
};

/**
 * A queue in this process, in real time: delays, batches, groups that take turns, as a standard SQS queue with fair
 * queueing and its event source have them. A failed message is counted as open for good: a bench has no faults.
 */
export function timedQueue<Message>(settings: {
  readonly batchSize: number;
  readonly concurrency: number;
}): TimedQueue<Message> {
  const visible = fairBuffer<string>();
  let open = 0;
  let running = 0;
  let handler: Handler<SQSEvent, SQSBatchResponse | undefined> | undefined;

  let planned = false;
  /** One call begins per turn of the event loop: fifty at once would all connect, and only then all send. */
  const dispatch = (): void => {
    if (planned) return;
    planned = true;
    setImmediate(() => {
      planned = false;
      if (!handler || running >= settings.concurrency || visible.size === 0) return;
      const records = visible.take(settings.batchSize).map(recordOf);
      running += 1;
      void handler({ Records: records }, lambdaContext('bench')).then((answer) => {
        running -= 1;
        open -= records.length - (answer?.batchItemFailures.length ?? 0);
        dispatch();
      });
      dispatch();
    });
  };
  return {
    open: () => open,
    consume: (taken) => {
      handler = taken;
      dispatch();
    },
    send: async (message, { delaySeconds = 0, group = '' } = {}) => {
      open += 1;
      const body = JSON.stringify(message);
      setTimeout(() => {
        visible.add(group, body);
        dispatch();
      }, delaySeconds * 1_000);
    },
  };
}

const recordOf = (body: string): SQSRecord => ({
  messageId: randomUUID(),
  receiptHandle: '',
  body,
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: '0',
    SenderId: 'bench',
    ApproximateFirstReceiveTimestamp: '0',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:eu-central-1:000000000000:publish',
  awsRegion: 'eu-central-1',
});
