import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Item, Key } from '../store/table.ts';
import { batchGet } from './batch-get.ts';

type Asked = { readonly key: Key; readonly answer: PromiseWithResolvers<Item | undefined> };

/**
 * Consistent reads of single items. What is asked for in one turn of the event loop goes in one request: a call
 * costs about a millisecond of CPU, whatever it brings. It is billed as the same reads one by one, and each key is
 * read as consistently.
 */
export function batchedGets(client: DynamoDBClient, tableName: string) {
  let asked: Map<string, Asked> | undefined;

  const alone = async ({ key, answer }: Asked): Promise<void> => {
    const command = new GetItemCommand({ TableName: tableName, Key: marshall(key), ConsistentRead: true });
    const { Item } = await client.send(command);
    answer.resolve(Item && (unmarshall(Item) as Item));
  };
  const together = async (batch: readonly Asked[]): Promise<void> => {
    const keys = batch.map(({ key }) => key);
    const found = await batchGet(client, tableName, keys, { consistent: true });
    for (const [index, { answer }] of batch.entries()) answer.resolve(found[index]);
  };
  const send = (): void => {
    const batch = [...(asked?.values() ?? [])];
    asked = undefined;
    const [first, ...more] = batch;
    if (first === undefined) return;
    (more.length === 0 ? alone(first) : together(batch)).catch((error) => {
      for (const { answer } of batch) answer.reject(error);
    });
  };

  return ({ pk, sk }: Key): Promise<Item | undefined> => {
    if (asked === undefined) {
      asked = new Map();
      setImmediate(send);
    }
    const id = `${pk}\n${sk}`;
    const known = asked.get(id) ?? { key: { pk, sk }, answer: Promise.withResolvers<Item | undefined>() };
    asked.set(id, known);
    return known.answer.promise;
  };
}
