import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Messaging } from './messaging.ts';
import { type FunctionSetting, NodeFunction } from './node-function.ts';
import { RecurringSchedule } from './recurring-schedule.ts';
import type { Storage } from './storage.ts';

export type MeasuringProps = {
  readonly setting: FunctionSetting;
  readonly storage: Storage;
  readonly messaging: Messaging;
};

/** Collects the metrics of what was published, by an hourly sweep over all brands; renews credentials before they end. */
export class Measuring extends Construct {
  readonly measure: NodeFunction;

  constructor(scope: Construct, id: string, props: MeasuringProps) {
    super(scope, id);
    const { setting, storage, messaging } = props;
    const { queue } = messaging.queues.measure;
    this.measure = new NodeFunction(this, 'Measure', {
      setting,
      name: 'measure',
      description: 'Collects metrics, brand by brand, and renews credentials',
      memoryMb: 256,
      timeout: Duration.seconds(60),
      feedsItself: true,
    });
    this.measure.lambda.addEventSource(
      // One message a call: its brands, up to ten, ask several networks each, and have the whole timeout for it.
      new SqsEventSource(queue, { batchSize: 1, reportBatchItemFailures: true, maxConcurrency: 20 }),
    );
    storage.bindTable(
      this.measure,
      ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem'],
      ['calendar', 'wake'],
    );
    storage.bindKey(this.measure);
    messaging.bindQueue(this.measure, 'measure');
    messaging.bindDeadLetters(this.measure, 'measure');
    messaging.bindQueue(this.measure, 'report');
    messaging.bindBus(this.measure);
    new RecurringSchedule(this, 'Hourly', {
      group: messaging.systemGroup,
      description: 'Starts the sweep for metrics',
      // Not at the full hour, when most posts go out.
      expression: 'cron(20 * * * ? *)',
      target: { arn: queue.queueArn, action: 'sqs:SendMessage' },
      input: { kind: 'sweep' },
      repeatFor: Duration.minutes(30),
      attempts: 10,
      dlq: messaging.scheduleDlq,
    });
    new RecurringSchedule(this, 'EveryTenMinutes', {
      group: messaging.systemGroup,
      description: "Starts the renewal of channels' credentials",
      expression: 'rate(10 minutes)',
      target: { arn: queue.queueArn, action: 'sqs:SendMessage' },
      input: { kind: 'renew' },
      // The next one does the same work.
      repeatFor: Duration.minutes(5),
      attempts: 3,
    });
  }
}
