import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule, type ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Duration } from 'aws-cdk-lib/core';
import { Aws } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

export type RecurringScheduleProps = {
  readonly group: ScheduleGroup;
  readonly description: string;
  /** `rate(…)` or `cron(…)`, in UTC. */
  readonly expression: string;
  readonly target: { readonly arn: string; readonly action: 'lambda:InvokeFunction' | 'sqs:SendMessage' };
  readonly input: Readonly<Record<string, unknown>>;
  /** How long a call that the target refused is repeated; after that it goes to `dlq`, if there is one. */
  readonly repeatFor: Duration;
  readonly attempts: number;
  readonly dlq?: IQueue;
};

/** Something that happens again and again, with a role that may do this one thing. */
export class RecurringSchedule extends Construct {
  constructor(scope: Construct, id: string, props: RecurringScheduleProps) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: {
            'aws:SourceAccount': Aws.ACCOUNT_ID,
            'aws:SourceArn': props.group.scheduleGroupArn,
          },
        },
      }),
    });
    role.addToPolicy(new PolicyStatement({ actions: [props.target.action], resources: [props.target.arn] }));
    if (props.dlq) {
      role.addToPolicy(
        new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [props.dlq.queueArn] }),
      );
    }
    const schedule = new CfnSchedule(this, 'Schedule', {
      groupName: props.group.scheduleGroupName,
      description: props.description,
      scheduleExpression: props.expression,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: props.target.arn,
        roleArn: role.roleArn,
        input: JSON.stringify(props.input),
        retryPolicy: {
          maximumRetryAttempts: props.attempts,
          maximumEventAgeInSeconds: props.repeatFor.toSeconds(),
        },
        ...(props.dlq ? { deadLetterConfig: { arn: props.dlq.queueArn } } : {}),
      },
    });
    // Scheduler checks at creation that it can take on the role and that the role may call the target.
    schedule.node.addDependency(role, props.group);
  }
}
