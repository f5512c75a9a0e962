import { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Aws, CfnOutput, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { EnvKey } from '../shared/env.ts';
import type { Alarms } from './alarms.ts';
import type { NodeFunction } from './node-function.ts';
import { deadLetterQueue, QueueWithDlq } from './queue-with-dlq.ts';

export type QueueName = 'publish' | 'measure' | 'report';
export type ScheduleAction = 'CreateSchedule' | 'UpdateSchedule' | 'DeleteSchedule';

/** What travels between the functions and to the outside: queues, the schedules that feed them, the event bus. */
export class Messaging extends Construct {
  readonly queues: Readonly<Record<QueueName, QueueWithDlq>>;
  /** For what EventBridge Scheduler could not put into a queue. */
  readonly scheduleDlq: Queue;
  /** Schedules of posts and brands: functions make and delete them. */
  readonly group: ScheduleGroup;
  /** Schedules of the system itself, which no function may touch. */
  readonly systemGroup: ScheduleGroup;
  readonly bus: EventBus;
  private readonly schedulerRole: Role;

  constructor(scope: Construct, id: string, props: { readonly alarms: Alarms }) {
    super(scope, id);
    const { alarms } = props;
    this.queues = {
      publish: new QueueWithDlq(this, 'Publish', { alarms, label: 'publish' }),
      measure: new QueueWithDlq(this, 'Measure', { alarms, label: 'measure' }),
      report: new QueueWithDlq(this, 'Report', { alarms, label: 'report' }),
    };
    this.scheduleDlq = deadLetterQueue(this, 'ScheduleDlq', { alarms, label: 'schedule' });
    Validations.of(this.scheduleDlq).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is a dead-letter queue itself: that of EventBridge Scheduler, which the rule cannot see.',
    });
    const { stackName } = Stack.of(this);
    // Left behind, they would fire at queues that are gone, and keep their names from the next deploy.
    const removalPolicy = RemovalPolicy.DESTROY;
    this.group = new ScheduleGroup(this, 'Schedules', { scheduleGroupName: stackName, removalPolicy });
    this.systemGroup = new ScheduleGroup(this, 'SystemSchedules', {
      scheduleGroupName: `${stackName}-system`,
      removalPolicy,
    });
    this.schedulerRole = schedulerRole(this, this.group, [
      this.queues.publish.queue,
      this.queues.report.queue,
      this.scheduleDlq,
    ]);
    this.bus = new EventBus(this, 'Bus');
    this.tellUrls();
    new CfnOutput(this, 'ScheduleGroupName', { value: this.group.scheduleGroupName }).overrideLogicalId(
      'ScheduleGroupName',
    );
    new CfnOutput(this, 'BusName', { value: this.bus.eventBusName }).overrideLogicalId('BusName');
  }

  bindQueue(to: NodeFunction, name: QueueName): void {
    const { queue } = this.queues[name];
    to.set({ [QUEUE_URL_KEYS[name]]: queue.queueUrl });
    to.allow({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] });
  }

  /** Lets the function that works a queue off put aside with the reason what has failed for good. */
  bindDeadLetters(to: NodeFunction, name: QueueName): void {
    const { dlq } = this.queues[name];
    to.set({ [DLQ_URL_KEYS[name]]: dlq.queueUrl });
    to.allow({ actions: ['sqs:SendMessage'], resources: [dlq.queueArn] });
  }

  /** Lets it act on the schedules of posts and brands, which deliver to the publish and report queues. */
  bindSchedules(to: NodeFunction, actions: readonly ScheduleAction[]): void {
    const stack = Stack.of(this);
    const schedules = `${stack.stackName}/*`;
    to.set({
      SCHEDULE_GROUP: this.group.scheduleGroupName,
      SCHEDULER_ROLE_ARN: this.schedulerRole.roleArn,
      SCHEDULE_DLQ_ARN: this.scheduleDlq.queueArn,
      PUBLISH_QUEUE_ARN: this.queues.publish.queue.queueArn,
      REPORT_QUEUE_ARN: this.queues.report.queue.queueArn,
    });
    to.allow({
      actions: actions.map((action) => `scheduler:${action}`),
      resources: [stack.formatArn({ service: 'scheduler', resource: 'schedule', resourceName: schedules })],
    });
    Validations.of(to).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/${schedules}]`,
      reason:
        'Schedules are made at run time and named after posts and brands; the group holds nothing else.',
    });
    if (!actions.some((action) => action === 'CreateSchedule' || action === 'UpdateSchedule')) return;
    to.allow({
      actions: ['iam:PassRole'],
      resources: [this.schedulerRole.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
    });
  }

  bindBus(to: NodeFunction): void {
    to.set({ BUS_NAME: this.bus.eventBusName });
    to.allow({ actions: ['events:PutEvents'], resources: [this.bus.eventBusArn] });
  }

  /** Outputs for `npm run dlq`: `PublishQueueUrl`, `PublishDlqUrl` and so on, and `ScheduleDlqUrl`. */
  private tellUrls(): void {
    const tell = (name: string, queue: Queue): void =>
      new CfnOutput(this, name, { value: queue.queueUrl }).overrideLogicalId(name);
    for (const [name, { queue, dlq }] of Object.entries(this.queues)) {
      const word = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
      tell(`${word}QueueUrl`, queue);
      tell(`${word}DlqUrl`, dlq);
    }
    tell('ScheduleDlqUrl', this.scheduleDlq);
  }
}

const QUEUE_URL_KEYS = {
  publish: 'PUBLISH_QUEUE_URL',
  measure: 'MEASURE_QUEUE_URL',
  report: 'REPORT_QUEUE_URL',
} as const satisfies Record<QueueName, EnvKey>;

const DLQ_URL_KEYS = {
  publish: 'PUBLISH_DLQ_URL',
  measure: 'MEASURE_DLQ_URL',
  report: 'REPORT_DLQ_URL',
} as const satisfies Record<QueueName, EnvKey>;

/** The group's ARN, and no schedule's, is what the confused-deputy condition must name:
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html */
function schedulerRole(scope: Construct, group: ScheduleGroup, targets: readonly Queue[]): Role {
  const role = new Role(scope, 'SchedulerRole', {
    description: 'EventBridge Scheduler puts wakes and weekly reports into their queues',
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID, 'aws:SourceArn': group.scheduleGroupArn },
      },
    }),
  });
  role.addToPolicy(
    new PolicyStatement({ actions: ['sqs:SendMessage'], resources: targets.map((queue) => queue.queueArn) }),
  );
  return role;
}
