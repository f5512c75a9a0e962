import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { METRICS } from '../../shared/metric-names.ts';
import { functionsOf, resourcesOf, templateOf } from '../support/infra-stack.ts';

const template = templateOf();
const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);

test('metrics come from the functions’ own lines: no filter reads their logs', () => {
  template.resourceCountIs('AWS::Logs::MetricFilter', 0);
});

test.each([
  ...Object.keys(METRICS),
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

test('every alarm has a name of its own, and stands in the runbook under it, with nothing else there', () => {
  const names = alarms.map(({ AlarmName }) => String(AlarmName));
  expect(new Set(names).size).toBe(alarms.length);
  const wanted = new Set(
    alarms.map((alarm) => /runbook\.md, ([\w-]+)\.$/.exec(String(alarm.AlarmDescription))?.[1]),
  );
  for (const name of names) {
    expect(
      [...wanted].some((heading) => `${name}-`.startsWith(`sendeplan-dev-${heading}-`)),
      name,
    ).toBe(true);
  }
  const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
  const headings = [...runbook.matchAll(/^### ([\w-]+)$/gm)].map(([, heading]) => heading);
  expect(headings.toSorted()).toEqual([...wanted].toSorted());
});

test('the runbook says of each alarm what it means, what to look at and what to do, with commands that exist', () => {
  const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
  const [, ...sections] = runbook.split(/^### /m);
  for (const section of sections) {
    for (const part of ['**Means**', '**Look**', '**Do**', '**Never**']) expect(section).toContain(part);
  }
  const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const named = [...runbook.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name ?? '');
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

test.each([
  ['Lateness', { ExtendedStatistic: 'p50', Threshold: 5_000, EvaluationPeriods: 3, Unit: 'Milliseconds' }],
  ['Lateness', { ExtendedStatistic: 'p99', Threshold: 60_000, EvaluationPeriods: 3, Unit: 'Milliseconds' }],
  ['Failed', { Statistic: 'Sum', Threshold: 5 }],
  ['Missed', { Statistic: 'Sum', Threshold: 5 }],
  ['Uncertain', { Statistic: 'Sum', Threshold: 1 }],
  ['ChannelsExpired', { Statistic: 'Sum', Threshold: 1 }],
  ['ReportsNotSent', { Statistic: 'Sum', Threshold: 1 }],
  ['AlertsNotSent', { Statistic: 'Sum', Threshold: 1 }],
  ['Rescued', { Statistic: 'Sum', Threshold: 20 }],
])('%s is an alarm at %o, and silence is none', (MetricName, rule) => {
  expect(alarms).toContainEqual(
    expect.objectContaining({
      Namespace: 'Sendeplan/dev',
      MetricName,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      Period: 300,
      ...rule,
    }),
  );
});

test('errors and throttles of each function, dead letters and stuck messages of each queue are alarms', () => {
  const raised = (MetricName: string) => alarms.filter((alarm) => alarm.MetricName === MetricName).length;
  expect(raised('Errors')).toBe(functionsOf(template).length);
  expect(raised('Throttles')).toBe(functionsOf(template).length);
  expect(raised('ApproximateNumberOfMessagesVisible')).toBe(4);
  expect(raised('ApproximateAgeOfOldestMessage')).toBe(3);
});

test('rescue that does not run is an alarm', () => {
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
