import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { MAX_RECEIVES, measureMessage, publishMessage, reportMessage } from '../shared/domain/messages.ts';

/** What may be shown of a dead letter: never its content. */
export type DeadLetterLine = {
  readonly id: string;
  /** RFC 3339. */
  readonly at: string;
  readonly receives: number;
  readonly reason: string;
  /** Kind of the message; `unknown` when nothing of ours can be read. */
  readonly kind: string;
  readonly ids: readonly string[];
};

/** Taken in one run at most. */
export const MOST = 1_000;
const BATCH = 10;
/** Hidden from others so long; when this process dies, they are seen again after it. */
const HIDDEN_SECONDS = 300;

/** What lies in a dead-letter queue. All of it is left there. */
export async function listDeadLetters(
  client: SQSClient,
  dlqUrl: string,
  waitSeconds = 1,
): Promise<DeadLetterLine[]> {
  const messages = await take(client, dlqUrl, waitSeconds);
  await leave(client, dlqUrl, messages);
  return messages.map(lineOf).sort((a, b) => a.at.localeCompare(b.at));
}

/**
 * Sends back what lies in a dead-letter queue, and deletes each message only after that. All are taken before the
 * first is sent: one that fails again at once cannot go round in a circle.
 * @param queueUrlOf where a body goes; undefined leaves it where it is
 */
export async function redriveDeadLetters(
  client: SQSClient,
  dlqUrl: string,
  queueUrlOf: (body: string) => string | undefined,
  waitSeconds = 1,
): Promise<{ sent: number; left: number; fault?: unknown }> {
  const waiting = await take(client, dlqUrl, waitSeconds);
  const left: Message[] = [];
  let sent = 0;
  let fault: unknown;
  while (waiting.length > 0) {
    const batch = waiting.splice(0, BATCH);
    const results = await Promise.allSettled(batch.map((one) => sendBack(client, dlqUrl, queueUrlOf, one)));
    for (const [index, result] of results.entries()) {
      const message = batch[index];
      if (result.status === 'rejected') fault ??= result.reason;
      if (result.status === 'fulfilled' && result.value) sent += 1;
      else if (message) left.push(message);
    }
  }
  await leave(client, dlqUrl, left);
  return { sent, left: left.length, ...(fault === undefined ? {} : { fault }) };
}

/** Which queue understands a body. The dead letters of schedules were meant for any of them. */
export function queueFor(body: string): 'publish' | 'measure' | 'report' | undefined {
  const json = parsed(body);
  if (publishMessage.safeParse(json).success) return 'publish';
  if (measureMessage.safeParse(json).success) return 'measure';
  return reportMessage.safeParse(json).success ? 'report' : undefined;
}

async function sendBack(
  client: SQSClient,
  dlqUrl: string,
  queueUrlOf: (body: string) => string | undefined,
  message: Message,
): Promise<boolean> {
  const { ReceiptHandle, Attributes } = message;
  const body = bodyOf(message);
  const QueueUrl = queueUrlOf(body);
  if (QueueUrl === undefined) return false;
  const group = Attributes?.MessageGroupId ?? agencyOf(body);
  await client.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody: body,
      ...(group === undefined ? {} : { MessageGroupId: group }),
    }),
  );
  await client.send(new DeleteMessageCommand({ QueueUrl: dlqUrl, ReceiptHandle }));
  return true;
}

/**
 * Everything in the queue, up to `MOST`, hidden from others for now. SQS asks only some of its servers when it need
 * not wait, so the queue counts as empty only when it has nothing after a wait.
 */
async function take(client: SQSClient, QueueUrl: string, waitSeconds: number): Promise<Message[]> {
  const taken = new Map<string, Message>();
  let WaitTimeSeconds = 0;
  for (let round = 0; round < MOST && taken.size < MOST; round += 1) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: BATCH,
        VisibilityTimeout: HIDDEN_SECONDS,
        WaitTimeSeconds,
        // The laptop's engine knows only the older name of this parameter.
        AttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0 && WaitTimeSeconds === waitSeconds) break;
    WaitTimeSeconds = Messages.length === 0 ? waitSeconds : 0;
    for (const message of Messages) taken.set(message.MessageId ?? '', message);
  }
  return [...taken.values()];
}

/** Makes them visible again. */
async function leave(client: SQSClient, QueueUrl: string, messages: readonly Message[]): Promise<void> {
  for (let start = 0; start < messages.length; start += BATCH) {
    const Entries = messages.slice(start, start + BATCH).map(({ ReceiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle,
      VisibilityTimeout: 0,
    }));
    await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
  }
}

/** What was meant for a queue of ours. EventBridge Scheduler puts aside the whole request that was refused. */
function bodyOf({ Body = '' }: Message): string {
  const { MessageBody } = parsed(Body);
  return typeof MessageBody === 'string' ? MessageBody : Body;
}

/**
 * Ours say themselves when and why. What SQS moved by itself says nothing: its function crashed or ran out of time.
 * Those of EventBridge Scheduler have attributes and a body of their own:
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
 */
function lineOf(message: Message): DeadLetterLine {
  const { MessageId = '', Attributes, MessageAttributes } = message;
  const told = (name: string): string | undefined => MessageAttributes?.[name]?.StringValue;
  const code = told('ERROR_CODE');
  const reason =
    told('reason') ??
    (code === undefined
      ? 'moved by SQS: its function crashed or ran out of time'
      : `EventBridge Scheduler: ${code} ${told('ERROR_MESSAGE') ?? ''}`);
  const json = parsed(bodyOf(message));
  return {
    id: MessageId,
    at: told('failedAt') ?? new Date(Number(Attributes?.SentTimestamp ?? 0)).toISOString(),
    receives: Number(told('receives') ?? (code === undefined ? MAX_RECEIVES : 0)),
    reason: reason.replace(/\p{Cc}+/gu, ' ').trim(),
    kind: KINDS.find((kind) => kind === json.kind) ?? 'unknown',
    ids: ['agencyId', 'brandId', 'postId', 'channelId', 'reportId'].flatMap((name) => idsIn(json[name])),
  };
}

const KINDS: readonly string[] = [publishMessage, measureMessage, reportMessage].flatMap(({ options }) =>
  options.map(({ shape }) => shape.kind.value),
);

/** Only what looks like an id of ours: whatever else stands there is content. */
const idsIn = (value: unknown): string[] =>
  typeof value === 'string' && /^[a-z]{3,4}_[0-9A-Za-z]{1,40}$/.test(value) ? [value] : [];

const agencyOf = (body: string): string | undefined => idsIn(parsed(body).agencyId)[0];

function parsed(body: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(body);
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
