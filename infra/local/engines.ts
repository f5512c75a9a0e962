import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { serveStandIns } from './aws-stand-in.ts';
import { type BusStandIn, busStandIn } from './bus-stand-in.ts';
import { type Inbox, openInbox } from './inbox.ts';
import { kmsStandIn } from './kms-stand-in.ts';
import { localClient } from './local-clients.ts';
import { type Queues, startQueues } from './queues.ts';
import { schedulerStandIn } from './scheduler-stand-in.ts';
import { sesStandIn } from './ses-stand-in.ts';

/** Everything that AWS would be, but for the database. */
export type Engines = {
  readonly queues: Queues;
  /** Endpoint of EventBridge Scheduler, EventBridge, KMS and SES. */
  readonly standInsUrl: string;
  readonly inbox: Inbox;
  readonly bus: BusStandIn;
  readonly stop: () => Promise<void>;
};

export const BUS_NAME = 'sendeplan-local';
export const KEY_ID = 'local-key';

/** Starts them on free loopback ports, with what they keep in `home`. */
export async function startEngines(home: string): Promise<Engines> {
  await mkdir(home, { recursive: true });
  const queues = await startQueues();
  const sqs = new SQSClient(localClient(queues.url));
  const inbox = await openInbox(join(home, 'inbox'));
  const bus = await busStandIn(join(home, 'events.jsonl'), BUS_NAME, randomUUID);
  const kms = await kmsStandIn(join(home, 'kms.key'), KEY_ID);
  const scheduler = schedulerStandIn(async (queueArn, input) => {
    const QueueUrl = queues.queueUrl(queueArn.split(':').at(-1) ?? '');
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: input }));
  });
  const server = await serveStandIns([bus, kms, sesStandIn(inbox, randomUUID), scheduler]);
  return {
    queues,
    standInsUrl: server.url,
    inbox,
    bus,
    stop: async () => {
      scheduler.stop();
      await server.close();
      await queues.stop();
      await bus.close();
      sqs.destroy();
    },
  };
}
