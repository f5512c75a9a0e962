import { expect, test } from 'vitest';
import { resourcesOf, templateOf } from '../support/infra-stack.ts';

const template = templateOf();
const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);

test('lateness is read from the log line of every published delivery', () => {
  template.hasResourceProperties('AWS::Logs::MetricFilter', {
    FilterPattern: '{ ($.message = "delivery.settled") && ($.state = "published") }',
    MetricTransformations: [
      {
        MetricNamespace: 'Sendeplan/dev',
        MetricName: 'Lateness',
        MetricValue: '$.latenessMs',
        Unit: 'Milliseconds',
      },
    ],
  });
});

test('ends of deliveries are counted by state, in the logs of every function that ends them', () => {
  const filters = resourcesOf(template, 'AWS::Logs::MetricFilter')
    .map(([, { Properties }]) => Properties)
    .filter(({ FilterPattern }) => String(FilterPattern).includes('($.state = "uncertain")'));
  expect(filters.map(({ LogGroupName }) => (LogGroupName as { Ref: string }).Ref)).toEqual([
    expect.stringMatching(/Api/),
    expect.stringMatching(/Publish/),
    expect.stringMatching(/Rescue/),
  ]);
  for (const { MetricTransformations } of filters) {
    expect(MetricTransformations).toMatchObject([
      { MetricName: 'Settled', Dimensions: [{ Value: '$.state' }] },
    ]);
  }
});

test.each([
  'Lateness',
  'Settled',
  'ApproximateAgeOfOldestMessage',
  'ApproximateNumberOfMessagesVisible',
  'Errors',
  '5xx',
])('the dashboard shows %s', (metric) => {
  const [[, dashboard] = []] = resourcesOf(template, 'AWS::CloudWatch::Dashboard');
  expect(JSON.stringify(dashboard?.Properties.DashboardBody)).toContain(`\\"${metric}\\"`);
});

test('every alarm says what to look at and goes to the one topic', () => {
  const [[topic] = []] = resourcesOf(template, 'AWS::SNS::Topic');
  for (const alarm of alarms) {
    expect(alarm.AlarmActions).toEqual([{ Ref: topic }]);
    expect(alarm.AlarmDescription).toMatch(/\w+ .+\.$/);
  }
});

test('half of the posts being late is an alarm, and so is rescue when it does not run', () => {
  expect(alarms).toContainEqual(
    expect.objectContaining({ MetricName: 'Lateness', ExtendedStatistic: 'p50', Threshold: 5_000 }),
  );
  expect(alarms).toContainEqual(
    expect.objectContaining({
      MetricName: 'Invocations',
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    }),
  );
});

test('the topic is encrypted, refuses calls without TLS and takes messages from alarms of this account', () => {
  template.hasResourceProperties('AWS::SNS::Topic', {
    KmsMasterKeyId: { 'Fn::GetAtt': [expectedKey(), 'Arn'] },
  });
  const [[, policy] = []] = resourcesOf(template, 'AWS::SNS::TopicPolicy');
  expect(policy?.Properties.PolicyDocument).toMatchObject({
    Statement: [
      { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      { Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' }, Action: 'sns:Publish' },
    ],
  });
});

test('alarms are mailed if an address was given at the deploy', () => {
  template.hasParameter('AlarmEmail', { Default: '' });
  const [[, subscription] = []] = Object.entries(template.findResources('AWS::SNS::Subscription'));
  expect(subscription).toMatchObject({
    Condition: expect.any(String),
    Properties: { Protocol: 'email', Endpoint: { Ref: 'AlarmEmail' } },
  });
});

test('a deploy without the address that mails come from is refused', () => {
  const [[, from] = []] = Object.entries(template.findParameters('MailFrom'));
  expect(from).not.toHaveProperty('Default');
  const pattern = new RegExp(from?.AllowedPattern);
  expect('reports@agency.example').toMatch(pattern);
  expect('Agency <reports@agency.example>').not.toMatch(pattern);
  expect('a@b@agency.example').not.toMatch(pattern);
});

function expectedKey(): string {
  return resourcesOf(template, 'AWS::KMS::Key').find(([id]) => id.startsWith('Alarms'))?.[0] ?? '';
}
