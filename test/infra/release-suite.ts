import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { resourcesOf, templateOf } from '../support/infra-stack.ts';

/**
 * What must outlive every upgrade. The ARNs of both queues, the dead-letter queue, the group and the role stand inside
 * each schedule that is armed; the rest holds data, or others listen to it. Of each the logical id and what
 * CloudFormation replaces a resource for: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
 */
const LASTING: readonly {
  readonly type: string;
  readonly id: RegExp;
  readonly replacedFor: readonly string[];
}[] = [
  {
    type: 'AWS::DynamoDB::Table',
    id: /^StorageTable/,
    replacedFor: ['TableName', 'KeySchema', 'LocalSecondaryIndexes', 'ImportSourceSpecification'],
  },
  { type: 'AWS::KMS::Key', id: /^StorageKey/, replacedFor: ['KeySpec', 'KeyUsage', 'MultiRegion', 'Origin'] },
  {
    type: 'AWS::S3::Bucket',
    id: /^StorageMedia/,
    replacedFor: ['BucketName', 'BucketNamePrefix', 'BucketNamespace', 'ObjectLockEnabled'],
  },
  { type: 'AWS::Events::EventBus', id: /^MessagingBus/, replacedFor: ['Name'] },
  {
    type: 'AWS::SQS::Queue',
    id: /^Messaging(PublishQueue|ReportQueue|ScheduleDlq)/,
    replacedFor: ['QueueName', 'FifoQueue'],
  },
  { type: 'AWS::Scheduler::ScheduleGroup', id: /^MessagingSchedules/, replacedFor: ['Name'] },
  { type: 'AWS::IAM::Role', id: /^MessagingSchedulerRole/, replacedFor: ['RoleName', 'Path'] },
];

const FILE = new URL('./release.json', import.meta.url);
const RENEW = 'RENEW_RELEASE=1 npx vitest run test/infra/stack.test.ts';

const template = templateOf();
const lasting = Object.fromEntries(
  LASTING.flatMap(({ type, id, replacedFor }) =>
    resourcesOf(template, type)
      .filter(([logicalId]) => id.test(logicalId))
      .map(([logicalId, { Properties = {}, DeletionPolicy = 'Delete' }]) => [
        logicalId,
        {
          type,
          deletionPolicy: DeletionPolicy,
          replacedFor: Object.fromEntries(replacedFor.map((name) => [name, Properties[name] ?? null])),
        },
      ]),
  ),
);
if (process.env.RENEW_RELEASE === '1') writeFileSync(FILE, `${JSON.stringify(lasting, null, 2)}\n`);

test('an upgrade from the last release replaces nothing that holds data or stands inside armed schedules', () => {
  const released = JSON.parse(readFileSync(FILE, 'utf8'));
  expect(
    lasting,
    `An upgrade would replace what must last: queued posts would be lost, or data left behind. Keep the logical ids and these properties. Only for a release that moves them by hand: ${RENEW}`,
  ).toEqual(released);
});

test('each kind of it is there', () => {
  const kinds = Object.values(lasting).map(({ type }) => type);
  expect(new Set(kinds)).toEqual(new Set(LASTING.map(({ type }) => type)));
  expect(kinds.filter((type) => type === 'AWS::SQS::Queue')).toHaveLength(3);
});

test('what holds data outlives its stack', () => {
  const kept = Object.values(lasting).filter(({ deletionPolicy }) => deletionPolicy === 'Retain');
  expect(kept.map(({ type }) => type).sort()).toEqual([
    'AWS::DynamoDB::Table',
    'AWS::KMS::Key',
    'AWS::S3::Bucket',
  ]);
});
