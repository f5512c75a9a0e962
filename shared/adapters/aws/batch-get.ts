import {
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Item, Key } from '../store/table.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const AT_ONCE = 100;
/** DynamoDB hands back what it had no capacity or no room (16 MB) for; the SDK does not ask for that again. */
const TRIES = 6;

/**
 * Items by their keys, in the order of the keys; consistent costs twice as much. Together they are no snapshot. Keys
 * must be possible ones.
 */
export async function batchGet(
  client: Pick<DynamoDBClient, 'send'>,
  tableName: string,
  keys: readonly Key[],
  { consistent }: { consistent: boolean },
): Promise<(Item | undefined)[]> {
  const found = new Map<string, Item>();
  const different = [...new Map(keys.map((key) => [idOf(key), key])).values()];
  for (let start = 0; start < different.length; start += AT_ONCE) {
    const some = different.slice(start, start + AT_ONCE);
    let left: Keys | undefined = some.map(({ pk, sk }) => marshall({ pk, sk }));
    for (let tries = 1; left !== undefined && left.length > 0; tries += 1) {
      if (tries > TRIES) throw unprocessed(left.length);
      if (tries > 1) await pause(25 * 2 ** tries);
      const answer: BatchGetItemCommandOutput = await client.send(
        new BatchGetItemCommand({
          RequestItems: { [tableName]: { Keys: left, ConsistentRead: consistent } },
        }),
      );
      for (const attributes of answer.Responses?.[tableName] ?? []) {
        const item = unmarshall(attributes) as Item;
        found.set(idOf(item), item);
      }
      left = answer.UnprocessedKeys?.[tableName]?.Keys;
    }
  }
  return keys.map((key) => found.get(idOf(key)));
}

type Keys = NonNullable<NonNullable<BatchGetItemCommand['input']['RequestItems']>[string]['Keys']>;

const idOf = ({ pk, sk }: Key): string => `${pk}\n${sk}`;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Named as the SDK names a refusal for want of capacity, so that it is taken for a fault of AWS. */
function unprocessed(keys: number): Error {
  const error = new Error(`DynamoDB did not get round to ${keys} keys of a batch.`);
  return Object.assign(error, { name: 'ProvisionedThroughputExceededException' });
}
