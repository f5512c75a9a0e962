import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { CfnParameter, Duration, Stack, Validations } from 'aws-cdk-lib/core';
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
      ['calendar'],
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

/**
 * Mails go from the one address only. Whose identity that is, the address, its domain or one above it, is chosen in
 * SES by whoever owns the domain. SES asks for the right on more than the sender's identity: on the configuration set
 * that an identity may have as its default, and in the sandbox on the recipient's identity.
 */
function allowMail(scope: Construct, report: NodeFunction): void {
  const from = new CfnParameter(scope, 'MailFrom', {
    description:
      'Address that reports and alerts come from; it or its domain must be a verified SES identity.',
    allowedPattern: '^[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)+$',
    constraintDescription: 'must be one plain e-mail address, such as reports@agency.example',
  });
  from.overrideLogicalId('MailFrom');
  const address = from.valueAsString;
  report.set({ MAIL_FROM: address });
  // SES may hold a mail with attachments for a raw one.
  const actions = ['ses:SendEmail', 'ses:SendRawEmail'];
  const resources = (kind: string) => [
    Stack.of(scope).formatArn({ service: 'ses', resource: kind, resourceName: '*' }),
  ];
  report.allow({
    actions,
    resources: resources('identity'),
    conditions: { StringEquals: { 'ses:FromAddress': address } },
  });
  report.allow({ actions, resources: resources('configuration-set') });
  for (const [kind, reason] of Object.entries(WHOSE)) {
    Validations.of(report).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:${kind}/*]`,
      reason,
    });
  }
}

const WHOSE = {
  identity: 'The condition on the sender allows one address only, whichever identity stands for it.',
  'configuration-set':
    'Which one is the default of the identity is chosen in SES; alone it lets nobody send.',
};
