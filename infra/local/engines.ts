import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { serveStandIns } from './aws-stand-in.ts';
import { type BusStandIn, busStandIn } from './bus-stand-in.ts';
import { type Inbox, openInbox } from './inbox.ts';
import { kmsStandIn } from './kms-stand-in.ts';
import { LOCAL_KEYS, localClient } from './local-clients.ts';
import { type Queues, startQueues } from './queues.ts';
import { serveS3 } from './s3-stand-in.ts';
import { schedulerStandIn } from './scheduler-stand-in.ts';
import { sesStandIn } from './ses-stand-in.ts';

/** Everything that AWS would be, but for the database. */
export type Engines = {
  readonly queues: Queues;
  /** Endpoint of EventBridge Scheduler, EventBridge, KMS and SES. */
  readonly standInsUrl: string;
  /** Endpoint of S3. */
  readonly s3Url: string;
  readonly inbox: Inbox;
  readonly bus: BusStandIn;
  readonly stop: () => Promise<void>;
};

export const BUS_NAME = 'sendeplan-local';
export const KEY_ID = 'local-key';
export const MEDIA_BUCKET = 'sendeplan-media';

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
  const s3 = await serveS3({
    folder: join(home, 'media'),
    bucket: MEDIA_BUCKET,
    keys: LOCAL_KEYS,
    now: Date.now,
  });
  return {
    queues,
    standInsUrl: server.url,
    s3Url: s3.url,
    inbox,
    bus,
    stop: async () => {
      scheduler.stop();
      await server.close();
      await s3.close();
      await queues.stop();
      await bus.close();
      sqs.destroy();
    },
  };
}
