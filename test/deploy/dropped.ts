import {
  DescribeContinuousBackupsCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { TABLE_SCHEMA } from '../../shared/table-schema.ts';

/**
 * Sets what the endpoint's CloudFormation reads over, so that the stage is what the template says. That the template
 * says it is asserted in `test/infra`. @returns a line for each thing that had been dropped
 */
export async function mendDropped({
  tableName,
  queueUrl,
}: {
  tableName: string;
  queueUrl: string;
}): Promise<string[]> {
  const dynamo = new DynamoDBClient({});
  const dropped: string[] = [];
  const TableName = tableName;
  const ttl = await dynamo.send(new DescribeTimeToLiveCommand({ TableName }));
  if (ttl.TimeToLiveDescription?.TimeToLiveStatus !== 'ENABLED') {
    dropped.push('the time to live of the table');
    const TimeToLiveSpecification = { AttributeName: TABLE_SCHEMA.timeToLive, Enabled: true };
    await dynamo.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
  }
  const backups = await dynamo.send(new DescribeContinuousBackupsCommand({ TableName }));
  const recovery = backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  if (recovery?.PointInTimeRecoveryStatus !== 'ENABLED') {
    dropped.push('the point-in-time recovery of the table');
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
    await dynamo.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
  }
  const { Attributes } = await new SQSClient({}).send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['RedrivePolicy'] }),
  );
  if (!Attributes?.RedrivePolicy)
    throw new Error('the endpoint has dropped the redrive policy of the publish queue');
  return dropped;
}
