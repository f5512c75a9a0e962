import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { STAGE } from './commands.ts';

/** Looks that the stack and its API are gone, and that its table with what was in it is there or not, as it should be. */
export async function expectGone(what: {
  readonly apiUrl: string;
  readonly tableName: string;
  readonly dataStays: boolean;
}): Promise<void> {
  const stack = await new CloudFormationClient({})
    .send(new DescribeStacksCommand({ StackName: `sendeplan-${STAGE}` }))
    .then(
      ({ Stacks }) => Stacks?.[0]?.StackStatus,
      () => 'DELETE_COMPLETE',
    );
  if (stack !== 'DELETE_COMPLETE') throw new Error(`the stack is ${stack}, not deleted`);
  const { status } = await fetch(`${what.apiUrl}/v1/health`);
  if (status === 200) throw new Error('the API still answers');
  const items = await itemsIn(what.tableName);
  if (what.dataStays !== items > 0) throw new Error(`the table ${what.tableName} has ${items} items`);
}

/** 0 as well when there is no table. */
async function itemsIn(TableName: string): Promise<number> {
  const dynamo = new DynamoDBClient({});
  try {
    const { Table } = await dynamo.send(new DescribeTableCommand({ TableName }));
    if (Table?.DeletionProtectionEnabled !== true)
      throw new Error(`the table ${TableName} is not protected any more`);
    return (await dynamo.send(new ScanCommand({ TableName }))).Count ?? 0;
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return 0;
    throw error;
  }
}
