import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { CfnParameter, Duration, Fn, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Messaging } from './messaging.ts';
import { type FunctionSetting, NodeFunction } from './node-function.ts';
import type { Storage } from './storage.ts';

export type ReportingProps = {
  readonly setting: FunctionSetting;
  readonly storage: Storage;
  readonly messaging: Messaging;
  /** Base of the links in mails, no trailing slash. */
  readonly publicUrl: string;
};

/** Builds reports, and mails them and the alerts. */
export class Reporting extends Construct {
  readonly report: NodeFunction;

  constructor(scope: Construct, id: string, props: ReportingProps) {
    super(scope, id);
    const { setting, storage, messaging } = props;
    this.report = new NodeFunction(this, 'Report', {
      setting,
      name: 'report',
      description: 'Builds reports and sends mails',
      memoryMb: 256,
      timeout: Duration.seconds(60),
      feedsItself: true,
    });
    this.report.lambda.addEventSource(
      new SqsEventSource(messaging.queues.report.queue, {
        batchSize: 1,
        reportBatchItemFailures: true,
        // A new SES account sends 14 mails a second; all of Monday's 08:00 reports want to go at once.
        maxConcurrency: 5,
      }),
    );
    storage.bindTable(
      this.report,
      ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem'],
      ['calendar', 'attention'],
    );
    storage.bindKey(this.report);
    messaging.bindQueue(this.report, 'report');
    messaging.bindDeadLetters(this.report, 'report');
    messaging.bindSchedules(this.report, ['DeleteSchedule']);
    messaging.bindBus(this.report);
    this.report.set({ PUBLIC_URL: props.publicUrl });
    allowMail(this, this.report);
  }
}

/** The identity is verified in SES by whoever owns the domain; either the address itself or its domain may be. */
function allowMail(scope: Construct, report: NodeFunction): void {
  const from = new CfnParameter(scope, 'MailFrom', {
    description:
      'Address that reports and alerts come from; it or its domain must be a verified SES identity.',
    allowedPattern: '^[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+$',
    constraintDescription: 'must be one plain e-mail address, such as reports@agency.example',
  });
  from.overrideLogicalId('MailFrom');
  const address = from.valueAsString;
  const domain = Fn.select(1, Fn.split('@', address));
  report.set({ MAIL_FROM: address });
  report.allow({
    actions: ['ses:SendEmail'],
    resources: [address, domain].map((identity) =>
      Stack.of(scope).formatArn({ service: 'ses', resource: 'identity', resourceName: identity }),
    ),
    conditions: { StringEquals: { 'ses:FromAddress': address } },
  });
}
