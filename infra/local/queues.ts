import { createRequestHandler } from 'local-aws-sqs';
import { MAX_RECEIVES } from '../../shared/domain/messages.ts';
import { LOCAL_REGION } from './local-clients.ts';
import { isFromSdk, LOOPBACK, type LoopbackServer, listen } from './loopback.ts';

export const QUEUES = ['publish', 'measure', 'report'] as const;
export type QueueName = (typeof QUEUES)[number];

export type Queues = {
  readonly url: string;
  /** URL of a queue, or of its dead-letter queue `<name>-dlq`; `schedule-dlq` has no queue of its own. */
  readonly queueUrl: (name: string) => string;
  readonly queueArn: (name: string) => string;
  readonly stop: () => Promise<void>;
};

const ACCOUNT = '000000000000';
/** As on a deployed stage: longer than a claim's lease. */
const VISIBILITY_SECONDS = 90;

/** The SQS engine with our queues. It keeps messages in memory only: due work is told from the table at every start. */
export async function startQueues(visibilitySeconds = VISIBILITY_SECONDS): Promise<Queues> {
  const queueArn = (name: string): string => `arn:aws:sqs:${LOCAL_REGION}:${ACCOUNT}:${name}`;
  const deadLetters = [...QUEUES, 'schedule'].map((name) => ({ QueueName: `${name}-dlq` }));
  const live = QUEUES.map((name) => ({
    QueueName: name,
    Attributes: {
      VisibilityTimeout: visibilitySeconds,
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: queueArn(`${name}-dlq`),
        maxReceiveCount: MAX_RECEIVES,
      }),
    },
  }));
  const { service, requestHandler } = createRequestHandler({
    port: 0,
    hostname: LOOPBACK,
    region: LOCAL_REGION,
    accountId: ACCOUNT,
    queues: [...deadLetters, ...live],
  });
  const server: LoopbackServer = await listen((request, response) => {
    if (!isFromSdk(request)) response.writeHead(403).end();
    else void requestHandler(request, response);
  });
  service.PORT = server.port;
  return {
    url: server.url,
    queueUrl: (name) => `${server.url}/${ACCOUNT}/${name}`,
    queueArn,
    stop: async () => {
      await server.close();
      service.resetAll();
    },
  };
}
