import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { toRfc3339 } from '../../domain/time.ts';
import type { DeadLetters } from '../../ports.ts';

/** One dead-letter queue. What is known of the failure goes along as message attributes; the body stays as it was. */
export function awsDeadLetters(client: SQSClient, queueUrl: string): DeadLetters {
  return {
    put: async ({ body, group, reason, receives, failedAt }) => {
      await client.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: body,
          MessageAttributes: {
            reason: { DataType: 'String', StringValue: reason },
            receives: { DataType: 'Number', StringValue: String(receives) },
            failedAt: { DataType: 'String', StringValue: toRfc3339(failedAt) },
          },
          // Sent back, it must wait in its agency's turn again.
          ...(group !== undefined && { MessageGroupId: group }),
        }),
      );
    },
  };
}
