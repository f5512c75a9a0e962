import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { MAX_RECEIVES } from '../shared/domain/messages.ts';
import type { Alarms } from './alarms.ts';

export type QueueWithDlqProps = {
  readonly alarms: Alarms;
  /** Word for alarms and the dashboard. */
  readonly label: string;
};

/**
 * A queue that is never without its dead-letter queue and alarms. Encrypted with the key that SQS owns: messages
 * carry ids and instants only, and a key of our own would cost a call for each batch.
 */
export class QueueWithDlq extends Construct {
  readonly queue: Queue;
  readonly dlq: Queue;

  constructor(scope: Construct, id: string, props: QueueWithDlqProps) {
    super(scope, id);
    this.dlq = deadLetterQueue(this, 'Dlq', props);
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: VISIBILITY,
      deadLetterQueue: { queue: this.dlq, maxReceiveCount: MAX_RECEIVES },
    });
    props.alarms.raise(this, 'OldMessages', {
      name: 'queue-stuck',
      of: props.label,
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5) }),
      threshold: OLD.toSeconds(),
      description: `The ${props.label} queue is not being worked off: its oldest message is over ${OLD.toMinutes()} minutes old.`,
    });
  }
}

/** A queue for what could not be delivered, with the alarm that somebody must look at it. */
export function deadLetterQueue(scope: Construct, id: string, props: QueueWithDlqProps): Queue {
  const dlq = new Queue(scope, id, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  props.alarms.raise(scope, `${id}NotEmpty`, {
    name: 'dead-letters',
    of: props.label,
    metric: dlq.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(1),
      statistic: 'Maximum',
    }),
    description: `The ${props.label} dead-letter queue holds messages that failed for good. See why with npm run dlq -- list, mend the cause, and send them back with redrive.`,
  });
  return dlq;
}

/**
 * Longer than a claim's lease (75 s), which is longer than a function may run (60 s): so a message comes again when
 * its claim can be taken over. The usual rule of six times the function's timeout would make a crash cost 6 minutes.
 */
const VISIBILITY = Duration.seconds(90);
/** Messages wait up to 15 minutes on purpose, by their delay. */
const OLD = Duration.minutes(30);
