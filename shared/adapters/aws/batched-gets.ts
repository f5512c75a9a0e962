import { BatchGetItemCommand, type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Item, Key } from '../store/table.ts';

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const MOST_KEYS = 100;

type Asked = { readonly key: Key; readonly answer: PromiseWithResolvers<Item | undefined> };

/**
 * Consistent reads of single items. What is asked for in one turn of the event loop goes in one request: a call
 * costs about a millisecond of CPU, whatever it brings. It is billed as the same reads one by one, and each key is
 * read as consistently; together they are no snapshot.
 */
export function batchedGets(client: DynamoDBClient, TableName: string) {
  let asked: Map<string, Asked> | undefined;

  const single = async (key: Key): Promise<Item | undefined> => {
    const command = new GetItemCommand({ TableName, Key: marshall(key), ConsistentRead: true });
    const { Item } = await client.send(command);
    return Item && (unmarshall(Item) as Item);
  };

  /** What DynamoDB leaves out of its answer, because it is too much or throttled, is asked for one by one. */
  const together = async (batch: readonly Asked[]): Promise<void> => {
    const Keys = batch.map(({ key }) => marshall(key));
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys, ConsistentRead: true } } }),
    );
    const found = new Map(
      Responses?.[TableName]?.map((one) => unmarshall(one) as Item).map((item) => [nameOf(item), item]),
    );
    const left = new Set(UnprocessedKeys?.[TableName]?.Keys?.map((one) => nameOf(unmarshall(one) as Item)));
    for (const { key, answer } of batch) {
      answer.resolve(left.has(nameOf(key)) ? single(key) : found.get(nameOf(key)));
    }
  };

  const send = (batch: readonly Asked[]): void => {
    const [first, ...more] = batch;
    if (first && more.length === 0) first.answer.resolve(single(first.key));
    else {
      together(batch).catch((error) => {
        for (const { answer } of batch) answer.reject(error);
      });
    }
  };

  return ({ pk, sk }: Key): Promise<Item | undefined> => {
    if (asked === undefined) {
      const turn = new Map<string, Asked>();
      asked = turn;
      setImmediate(() => {
        asked = undefined;
        const all = [...turn.values()];
        for (let at = 0; at < all.length; at += MOST_KEYS) send(all.slice(at, at + MOST_KEYS));
      });
    }
    const key = { pk, sk };
    const known = asked.get(nameOf(key)) ?? { key, answer: Promise.withResolvers<Item | undefined>() };
    asked.set(nameOf(key), known);
    return known.answer.promise;
  };
}

const nameOf = ({ pk, sk }: Key): string => `${pk}\n${sk}`;
