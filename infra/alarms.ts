import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnSubscription, Topic } from 'aws-cdk-lib/aws-sns';
import { ArnFormat, CfnCondition, CfnParameter, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

export type AlarmRule = {
  /** Its heading in docs/runbook.md. */
  readonly name: string;
  /** Whose it is, where there are several of a name. */
  readonly of?: string;
  readonly metric: IMetric;
  /** Says what is wrong and where to look, for the person who gets the mail. */
  readonly description: string;
  /** Default 1. */
  readonly threshold?: number;
  /** Default: at or above the threshold. */
  readonly below?: boolean;
  /** Periods of the metric that must all breach. Default 1. */
  readonly periods?: number;
  /** Default false: no data is no alarm. */
  readonly silenceIsBad?: boolean;
};

/** The one topic that every alarm of the stack goes to. */
export class Alarms extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { masterKey: topicKey(this), enforceSSL: true });
    // A policy of its own replaces SNS' default one, which would have let this account's alarms publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AllowAlarms',
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { ArnLike: { 'aws:SourceArn': alarmArns(this) } },
      }),
    );
    subscribe(this, this.topic);
  }

  /** Makes an alarm in `scope` and connects it to the topic. */
  raise(scope: Construct, id: string, rule: AlarmRule): Alarm {
    const { name, of } = rule;
    const alarm = new Alarm(scope, id, {
      alarmName: [Stack.of(scope).stackName, name, ...(of === undefined ? [] : [of])].join('-'),
      metric: rule.metric,
      alarmDescription: `${rule.description} What to do: docs/runbook.md, ${name}.`,
      threshold: rule.threshold ?? 1,
      evaluationPeriods: rule.periods ?? 1,
      comparisonOperator: rule.below
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: rule.silenceIsBad ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    return alarm;
  }
}

/**
 * A key of its own: CloudWatch cannot use the AWS managed key of SNS, and must not be able to use the key of the
 * agencies' credentials. https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
 */
function topicKey(scope: Construct): Key {
  const key = new Key(scope, 'Key', {
    description: 'Encrypts the alarm topic of Sendeplan',
    enableKeyRotation: true,
    // Nothing is kept in the topic that would be lost with it.
    removalPolicy: RemovalPolicy.DESTROY,
  });
  key.addToResourcePolicy(
    new PolicyStatement({
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
    }),
  );
  return key;
}

/** A parameter and not a context value: CloudFormation remembers it, so a later deploy cannot drop it by forgetting. */
function subscribe(scope: Construct, topic: Topic): void {
  const address = new CfnParameter(scope, 'Email', {
    description: 'Address that gets the alarms; empty for none. It must confirm the subscription once.',
    default: '',
  });
  address.overrideLogicalId('AlarmEmail');
  const wanted = new CfnCondition(scope, 'EmailWanted', {
    expression: Fn.conditionNot(Fn.conditionEquals(address.valueAsString, '')),
  });
  const subscription = new CfnSubscription(scope, 'Subscription', {
    protocol: 'email',
    topicArn: topic.topicArn,
    endpoint: address.valueAsString,
  });
  subscription.cfnOptions.condition = wanted;
}

function alarmArns(scope: Construct): string {
  return Stack.of(scope).formatArn({
    service: 'cloudwatch',
    resource: 'alarm',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
