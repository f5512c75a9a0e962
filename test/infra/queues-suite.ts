import { describe, expect, test } from 'vitest';
import { measureMessage } from '../../shared/domain/messages.ts';
import { functionsOf, type Resource, resourcesOf, templateOf } from '../support/infra-stack.ts';

const template = templateOf();
const queues = resourcesOf(template, 'AWS::SQS::Queue');
const targetOf = ({ Properties }: Resource) =>
  Properties.RedrivePolicy as
    | { deadLetterTargetArn: { 'Fn::GetAtt': [string, string] }; maxReceiveCount: number }
    | undefined;
const working = queues.filter(([, queue]) => targetOf(queue) !== undefined);
const schedules = resourcesOf(template, 'AWS::Scheduler::Schedule').map(([, { Properties }]) => Properties);
const dead = queues.filter(([, queue]) => targetOf(queue) === undefined);

test('there are three queues to work off, and four for dead letters: theirs and that of the schedules', () => {
  expect(working.map(([id]) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual([
    'MessagingPublishQueue',
    'MessagingMeasureQueue',
    'MessagingReportQueue',
  ]);
  expect(dead).toHaveLength(4);
});

describe.each(working)('%s', (id, queue) => {
  test('gives a message five tries before it becomes a dead letter', () => {
    const { maxReceiveCount, deadLetterTargetArn } = targetOf(queue) ?? {};
    expect(maxReceiveCount).toBe(5);
    expect(dead.map(([deadId]) => deadId)).toContain(deadLetterTargetArn?.['Fn::GetAtt'][0]);
  });

  test('shows a message again only after the lease of a claim (75 s), which its function (60 s) cannot outlive', () => {
    const [, source] =
      resourcesOf(template, 'AWS::Lambda::EventSourceMapping').find(([, { Properties }]) =>
        JSON.stringify(Properties.EventSourceArn).includes(`"${id}"`),
      ) ?? [];
    const reader = source?.Properties.FunctionName as { Ref: string } | undefined;
    const timeout = functionsOf(template).find((each) => each.id === reader?.Ref)?.properties.Timeout;
    expect([timeout, queue.Properties.VisibilityTimeout]).toEqual([60, 90]);
    expect(source?.Properties).toMatchObject({ FunctionResponseTypes: ['ReportBatchItemFailures'] });
    expect(source?.Properties.ScalingConfig).toHaveProperty('MaximumConcurrency');
  });

  test('has an alarm for messages that nobody works off', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ApproximateAgeOfOldestMessage',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [id, 'QueueName'] } }],
    });
  });
});

describe.each(dead)('%s', (id, queue) => {
  test('keeps its messages for 14 days', () => {
    expect(queue.Properties.MessageRetentionPeriod).toBe(14 * 24 * 3_600);
  });

  test('raises an alarm at the first message', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [id, 'QueueName'] } }],
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    });
  });
});

test('every queue is encrypted and refuses calls without TLS', () => {
  const policies = resourcesOf(template, 'AWS::SQS::QueuePolicy').map(([, policy]) => JSON.stringify(policy));
  for (const [id, queue] of queues) {
    expect(queue.Properties.SqsManagedSseEnabled, id).toBe(true);
    const policy = policies.find((text) => text.includes(`"Queues":[{"Ref":"${id}"}]`));
    expect(policy, id).toContain('"Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny"');
  }
});

test('rescue starts every minute, never catches up, and ends before the next', () => {
  const [rescue] = schedules;
  expect(rescue).toMatchObject({
    ScheduleExpression: 'rate(1 minute)',
    Target: { RetryPolicy: { MaximumRetryAttempts: 0 } },
  });
  expect(functionsOf(template).find(({ name }) => name === 'rescue')?.properties.Timeout).toBeLessThan(60);
});

test('the sweep starts every hour by a message that measure understands, and does not get lost', () => {
  const [, sweep] = schedules;
  expect(sweep).toMatchObject({ ScheduleExpression: 'cron(20 * * * ? *)', Target: { DeadLetterConfig: {} } });
  const target = sweep?.Target as { Input: string } | undefined;
  expect(measureMessage.parse(JSON.parse(target?.Input ?? ''))).toEqual({ kind: 'sweep' });
});

test('the renewal of credentials starts every ten minutes by a message that measure understands', () => {
  const [, , renew] = schedules;
  expect(renew).toMatchObject({ ScheduleExpression: 'rate(10 minutes)' });
  const target = renew?.Target as { Input: string } | undefined;
  expect(measureMessage.parse(JSON.parse(target?.Input ?? ''))).toEqual({ kind: 'renew' });
});
