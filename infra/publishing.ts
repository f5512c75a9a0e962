import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Messaging } from './messaging.ts';
import { type FunctionSetting, NodeFunction } from './node-function.ts';
import { RecurringSchedule } from './recurring-schedule.ts';
import type { Storage } from './storage.ts';

export type PublishingProps = {
  readonly setting: FunctionSetting;
  readonly storage: Storage;
  readonly messaging: Messaging;
};

/** Publishes what is due, and the net that re-sends the wakes of what did not move. */
export class Publishing extends Construct {
  readonly publish: NodeFunction;
  readonly rescue: NodeFunction;

  constructor(scope: Construct, id: string, props: PublishingProps) {
    super(scope, id);
    this.publish = publishFunction(this, props);
    this.rescue = rescueFunction(this, props);
  }
}

function publishFunction(scope: Construct, { setting, storage, messaging }: PublishingProps): NodeFunction {
  const publish = new NodeFunction(scope, 'Publish', {
    setting,
    name: 'publish',
    description: 'Publishes the deliveries of a post that are due',
    // It mostly waits, for the second and for networks, and waiting is paid by memory. Loaded it takes 80 MB.
    memoryMb: 128,
    // Less than a claim's lease of 75 s.
    timeout: Duration.seconds(60),
    feedsItself: true,
  });
  publish.lambda.addEventSource(
    new SqsEventSource(messaging.queues.publish.queue, {
      // A batch shares a fourteenth of a CPU and ends with its slowest network, so it is small.
      batchSize: 5,
      reportBatchItemFailures: true,
      // Leaves most of an account's 1,000 concurrent calls to the API and to others.
      maxConcurrency: 200,
    }),
  );
  // The calendar tells whose a publication is that was found after an unclear answer.
  storage.bindTable(publish, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'], ['calendar']);
  storage.bindKey(publish);
  storage.bindBucket(publish, ['GetObject']);
  messaging.bindQueue(publish, 'publish');
  messaging.bindDeadLetters(publish, 'publish');
  // Where a renewed credential is parked that the table did not take.
  messaging.bindQueue(publish, 'measure');
  messaging.bindQueue(publish, 'report');
  messaging.bindSchedules(publish, ['CreateSchedule']);
  messaging.bindBus(publish);
  return publish;
}

function rescueFunction(scope: Construct, { setting, storage, messaging }: PublishingProps): NodeFunction {
  const rescue = new NodeFunction(scope, 'Rescue', {
    setting,
    name: 'rescue',
    description: 'Every minute: re-sends the wakes of what should have moved and did not',
    memoryMb: 256,
    // It stops by itself after 50 s and must end before the next one begins.
    timeout: Duration.seconds(58),
  });
  // The next minute's call is the repetition.
  rescue.lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.seconds(60) });
  storage.bindTable(rescue, ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'], ['wake']);
  messaging.bindQueue(rescue, 'publish');
  messaging.bindQueue(rescue, 'report');
  messaging.bindSchedules(rescue, ['CreateSchedule']);
  messaging.bindBus(rescue);
  new RecurringSchedule(scope, 'EveryMinute', {
    group: messaging.systemGroup,
    description: 'Starts rescue',
    expression: 'rate(1 minute)',
    target: { arn: rescue.lambda.functionArn, action: 'lambda:InvokeFunction' },
    input: {},
    repeatFor: Duration.seconds(60),
    attempts: 0,
  });
  setting.alarms.raise(scope, 'RescueSilent', {
    name: 'rescue-silent',
    metric: rescue.lambda.metricInvocations({ period: Duration.minutes(5) }),
    below: true,
    silenceIsBad: true,
    description:
      'Rescue has not run for 5 minutes, so nothing catches posts that get stuck. Look at its schedule.',
  });
  return rescue;
}
