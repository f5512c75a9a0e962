import { createHash, randomBytes } from 'node:crypto';
import { EventBridgeClient, type PutEventsCommandInput } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { type CreateScheduleCommandInput, SchedulerClient } from '@aws-sdk/client-scheduler';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { type SendMessageCommandInput, SQSClient } from '@aws-sdk/client-sqs';
import { nextRun } from '../../infra/local/next-run.ts';
import type { VirtualClock } from '../simulation/virtual-clock.ts';
import type { Meter } from './cost-meter.ts';

export type QueueName = 'publish' | 'measure' | 'report';
/** Takes a message that has become visible. */
export type Deliver = (queue: QueueName, body: string) => void;

/**
 * Clients whose calls end here, in virtual time, as AWS would do them, and are billed. A schedule fires within
 * its minute; a message comes alone, once, and is deleted.
 */
export function meteredAws(clock: VirtualClock, meter: Meter, pass: () => Promise<void>, deliver: Deliver) {
  const enqueue = (queue: QueueName, body: string, delaySeconds: number): void => {
    meter.bill(`SendMessage ${queue}`, 'sqs.request', chunks(body));
    clock.at(clock.now() + delaySeconds * 1_000 + QUEUE_MS, () => {
      meter.bill(`ReceiveMessage ${queue}`, 'sqs.request', chunks(body));
      meter.bill(`DeleteMessage ${queue}`, 'sqs.request', 1);
      deliver(queue, body);
    });
  };
  let fired = 0;
  const arm = (schedule: CreateScheduleCommandInput): void => {
    const { ScheduleExpression = '', ScheduleExpressionTimezone = 'UTC', Target } = schedule;
    const at = nextRun(ScheduleExpression, ScheduleExpressionTimezone, clock.now());
    if (at === undefined) return;
    fired += 1;
    // EventBridge promises the minute, not the second.
    clock.at(at + ((fired * 7_919) % 60_000), () => {
      meter.bill('schedule fires', 'scheduler.invocation', 1);
      enqueue(Target?.Arn as QueueName, Target?.Input ?? '', 0);
      arm(schedule);
    });
  };
  const answering = <Client extends object>(client: Client, answer: (input: never) => unknown): Client =>
    Object.defineProperty(client, 'send', {
      value: async ({ input }: { input: never }): Promise<unknown> => {
        meter.called();
        await pass();
        return answer(input);
      },
    });
  const config = { region: 'eu-central-1', credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' } };
  const dataKey = randomBytes(32);
  return {
    enqueue,
    sqs: answering(new SQSClient(config), (input: SendMessageCommandInput) => {
      enqueue(input.QueueUrl as QueueName, input.MessageBody ?? '', input.DelaySeconds ?? 0);
      return {};
    }),
    // Making and deleting schedules costs nothing; each firing does.
    scheduler: answering(new SchedulerClient(config), (input: CreateScheduleCommandInput) => {
      if (input.ScheduleExpression !== undefined) arm(input);
      return {};
    }),
    bus: answering(new EventBridgeClient(config), ({ Entries = [] }: PutEventsCommandInput) => {
      const events = Entries.reduce((sum, entry) => sum + Math.ceil((entry.Detail?.length ?? 0) / 65_536), 0);
      meter.bill('PutEvents', 'bus.event', events, Entries.length);
      return { FailedEntryCount: 0 };
    }),
    kms: answering(new KMSClient(config), () => {
      meter.bill('KMS', 'kms.request', 1);
      return { Plaintext: dataKey, CiphertextBlob: createHash('sha256').update(dataKey).digest() };
    }),
    ses: answering(new SESv2Client({ ...config, maxAttempts: 1 }), () => {
      meter.bill('SendEmail', 'ses.mail', 1);
      return { MessageId: 'sent' };
    }),
  };
}

/** From sending until a function has it. */
const QUEUE_MS = 50;
/** SQS bills each begun 64 KB. */
const chunks = (body: string): number => Math.ceil(Buffer.byteLength(body) / 65_536);
