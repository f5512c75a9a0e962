import { expect, test } from 'vitest';
import { TABLE_SCHEMA } from '../../shared/table-schema.ts';
import { resourcesOf, templateOf } from '../support/infra-stack.ts';

const template = templateOf();

test('the table can be restored to any second, cannot be deleted and outlives the stack', () => {
  const [[, table] = []] = resourcesOf(template, 'AWS::DynamoDB::Table');
  expect(table?.DeletionPolicy).toBe('Retain');
  expect(table?.Properties).toMatchObject({
    BillingMode: 'PAY_PER_REQUEST',
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    DeletionProtectionEnabled: true,
    TimeToLiveSpecification: { AttributeName: TABLE_SCHEMA.timeToLive, Enabled: true },
    KeySchema: [
      { AttributeName: TABLE_SCHEMA.partitionKey, KeyType: 'HASH' },
      { AttributeName: TABLE_SCHEMA.sortKey, KeyType: 'RANGE' },
    ],
  });
});

test('the bucket of uploads is private, encrypted, reached by TLS only, and outlives the stack', () => {
  const [[id, bucket] = []] = resourcesOf(template, 'AWS::S3::Bucket');
  expect(bucket?.DeletionPolicy).toBe('Retain');
  expect(bucket?.Properties).toMatchObject({
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  });
  const [[, policy] = []] = resourcesOf(template, 'AWS::S3::BucketPolicy');
  expect(policy?.Properties).toMatchObject({
    Bucket: { Ref: id },
    PolicyDocument: {
      Statement: expect.arrayContaining([
        expect.objectContaining({
          Effect: 'Deny',
          Action: 's3:*',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      ]),
    },
  });
});

test('no upload expires, but pieces of one that was given up do; pages of other origins cannot upload', () => {
  const [[, bucket] = []] = resourcesOf(template, 'AWS::S3::Bucket');
  expect(bucket?.Properties.LifecycleConfiguration).toEqual({
    Rules: [{ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: 'Enabled' }],
  });
  expect(bucket?.Properties).not.toHaveProperty('CorsConfiguration');
});

test('every index of the schema is there and holds keys only', () => {
  const [[, table] = []] = resourcesOf(template, 'AWS::DynamoDB::Table');
  expect(table?.Properties.GlobalSecondaryIndexes).toEqual(
    TABLE_SCHEMA.indexes.map(({ name, partitionKey, sortKey }) => ({
      IndexName: name,
      KeySchema: [
        { AttributeName: partitionKey, KeyType: 'HASH' },
        { AttributeName: sortKey, KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    })),
  );
});

test('every key rotates, and the one of the credentials outlives the stack', () => {
  const keys = resourcesOf(template, 'AWS::KMS::Key');
  expect(keys.map(([, { Properties }]) => Properties.EnableKeyRotation)).toEqual([true, true]);
  const [, credentials] = keys.find(([id]) => id.startsWith('Storage')) ?? [];
  expect(credentials?.DeletionPolicy).toBe('Retain');
});

test('only alarms, and nobody else from outside the account, may use the key of the alarm topic', () => {
  const services = resourcesOf(template, 'AWS::KMS::Key').map(([id, { Properties }]) => [
    id.replace(/Key.*$/, ''),
    [...JSON.stringify(Properties.KeyPolicy).matchAll(/"Service":"([^"]+)"/g)].map((found) => found[1]),
  ]);
  expect(Object.fromEntries(services)).toEqual({ Alarms: ['cloudwatch.amazonaws.com'], Storage: [] });
});

test('tells what the command line needs to make an agency and to read dead letters, and where the API is', () => {
  const urls = ['Publish', 'Measure', 'Report'].flatMap((name) => [`${name}QueueUrl`, `${name}DlqUrl`]);
  expect(Object.keys(template.findOutputs('*')).sort()).toEqual(
    [
      'ApiUrl',
      'BusName',
      'KeyId',
      'MediaBucketName',
      'ScheduleGroupName',
      'TableName',
      ...urls,
      'ScheduleDlqUrl',
    ].sort(),
  );
});
