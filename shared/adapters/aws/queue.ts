import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Queue } from '../../ports.ts';

/** SQS delays a message by at most 15 minutes. */
const LONGEST_DELAY_SECONDS = 900;

/**
 * One standard SQS queue. `group` becomes the message group of a fair queue: an agency with much to do does not
 * hold up the others. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
 */
export function awsQueue<Message>(client: SQSClient, queueUrl: string): Queue<Message> {
  return {
    send: async (message, { delaySeconds = 0, group } = {}) => {
      if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > LONGEST_DELAY_SECONDS) {
        throw new RangeError(
          `delaySeconds must be a whole number from 0 to ${LONGEST_DELAY_SECONDS}, got ${delaySeconds}`,
        );
      }
      await client.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: JSON.stringify(message).replace(NO_CHARACTERS, escaped),
          DelaySeconds: delaySeconds,
          ...(group !== undefined && { MessageGroupId: group }),
        }),
      );
    },
  };
}

/** SQS takes the characters of XML; what a network answers may hold others, and a parked outcome quotes it. */
const NO_CHARACTERS = /[\uFFFE\uFFFF]/g;
const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16)}`;
