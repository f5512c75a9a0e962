import { type DynamoDBClient, ScanCommand, type ScanCommandInput } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Scan } from '../store/brand-trace.ts';
import type { Item } from '../store/table.ts';

/** Every item of the table, page by page of 1 MB. Costs half a read unit for each 4 KB; only commands do this. */
export function dynamoScan(client: DynamoDBClient, tableName: string): Scan {
  return async function* scan() {
    let start: ScanCommandInput['ExclusiveStartKey'];
    do {
      const page = await client.send(new ScanCommand({ TableName: tableName, ExclusiveStartKey: start }));
      for (const item of page.Items ?? []) yield unmarshall(item) as Item;
      start = page.LastEvaluatedKey;
    } while (start);
  };
}
