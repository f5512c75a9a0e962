import { type CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import {
  DeleteTableCommand,
  type DynamoDBClient,
  UpdateTableCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { type KMSClient, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import type { AwsCall } from '../aws-call.ts';

/** What outlives its stack: see storage.ts. */
export type StageData = { readonly table: string; readonly key: string; readonly bucket: string };

/** The names of a stack's data, to be asked for as long as the stack is there. */
export async function stageData(client: CloudFormationClient, StackName: string): Promise<StageData> {
  const found = new Map<string, string>();
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListStackResourcesCommand({ StackName, NextToken }));
    for (const {
      ResourceType = '',
      LogicalResourceId = '',
      PhysicalResourceId = '',
    } of page.StackResourceSummaries ?? []) {
      if (LogicalResourceId.startsWith('Storage')) found.set(ResourceType, PhysicalResourceId);
    }
    NextToken = page.NextToken;
  } while (NextToken);
  const name = (type: string): string => {
    const physical = found.get(type);
    if (!physical) throw new Error(`The stack ${StackName} has no ${type} of its own.`);
    return physical;
  };
  return {
    table: name('AWS::DynamoDB::Table'),
    key: name('AWS::KMS::Key'),
    bucket: name('AWS::S3::Bucket'),
  };
}

export type DataClients = {
  readonly dynamo: DynamoDBClient;
  readonly kms: KMSClient;
  readonly call: AwsCall;
};

/** Days in which a key that was meant to stay can still be saved; the most that KMS allows. */
const KEY_GRACE_DAYS = 30;

/** Deletes table, files and key for good, each named when it is gone. May be run again after a fault. */
export async function deleteStageData(
  { table, key, bucket }: StageData,
  { dynamo, kms, call }: DataClients,
  tell: (line: string) => void,
): Promise<void> {
  await dynamo.send(new UpdateTableCommand({ TableName: table, DeletionProtectionEnabled: false }));
  await waitUntilTableExists({ client: dynamo, maxWaitTime: 300 }, { TableName: table });
  await dynamo.send(new DeleteTableCommand({ TableName: table }));
  tell(`table ${table}: deleted; AWS keeps its last backup for 35 days`);
  const files = await emptyBucket(call, bucket);
  await call({ service: 's3', method: 'DELETE', path: `/${bucket}` });
  tell(`bucket ${bucket}: ${files} files deleted, and the bucket`);
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId: key, PendingWindowInDays: KEY_GRACE_DAYS }));
  tell(`key ${key}: deleted in ${KEY_GRACE_DAYS} days, unless aws kms cancel-key-deletion saves it`);
}

/** Deletes every file; the bucket keeps no versions. @returns how many there were */
export async function emptyBucket(call: AwsCall, bucket: string): Promise<number> {
  let count = 0;
  for (;;) {
    const page = await call({
      service: 's3',
      path: `/${bucket}`,
      query: { 'list-type': '2', 'max-keys': '100' },
    });
    // Names of files are ours: letters, digits and a few signs that XML leaves alone.
    const names = [...page.matchAll(/<Key>([^<]+)<\/Key>/g)].map((match) => match[1] ?? '');
    if (names.length === 0) return count;
    await Promise.all(
      names.map((name) => call({ service: 's3', method: 'DELETE', path: `/${bucket}/${name}` })),
    );
    count += names.length;
  }
}
