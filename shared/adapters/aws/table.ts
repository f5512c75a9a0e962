import {
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { TABLE_SCHEMA } from '../../table-schema.ts';
import {
  type Change,
  type Condition,
  type Found,
  type IndexName,
  type Item,
  type Key,
  type Path,
  type Query,
  remaining,
  type Table,
} from '../store/table.ts';
import { batchGet } from './batch-get.ts';
import { batchedGets } from './batched-gets.ts';
import { isError } from './is-error.ts';

/** The table in DynamoDB: conditional writes of single items, no transactions. */
export function dynamoTable(client: DynamoDBClient, tableName: string): Table {
  const TableName = tableName;
  const read = batchedGets(client, tableName);
  return {
    get: async (key) => (isPossible(key) ? read(key) : undefined),
    async getLately(keys) {
      const possible = keys.filter(isPossible);
      const found = await batchGet(client, TableName, possible, { consistent: false });
      const byKey = new Map(possible.map((key, index) => [key, found[index]]));
      return keys.map((key) => byKey.get(key));
    },
    async put(item, conditions) {
      const written = await unlessConditionFailed(
        client.send(new PutItemCommand({ TableName, Item: toAttributes(item), ...expressions(conditions) })),
      );
      return written !== undefined;
    },
    async update(key, change, conditions) {
      const written = await unlessConditionFailed(
        client.send(
          new UpdateItemCommand({
            TableName,
            Key: keyOf(key),
            ReturnValues: 'ALL_NEW',
            ...expressions(conditions, change),
          }),
        ),
      );
      return written?.Attributes && (unmarshall(written.Attributes) as Item);
    },
    async delete(key, conditions) {
      const written = await unlessConditionFailed(
        client.send(new DeleteItemCommand({ TableName, Key: keyOf(key), ...expressions(conditions) })),
      );
      return written !== undefined;
    },
    query: (request) =>
      page(client, { TableName, ConsistentRead: request.lately !== true }, 'pk', 'sk', request, (item) => ({
        row: item,
        sort: item.sk,
      })),
    queryIndex(name, request) {
      const { partitionKey, sortKey } = index(name);
      return page(client, { TableName, IndexName: name }, partitionKey, sortKey, request, (item) => {
        const sort = String(item[sortKey]);
        return { row: { pk: item.pk, sk: item.sk, sort }, sort };
      });
    },
  };
}

/** Reads on until the limit: DynamoDB ends a page at 1 MB. One more is asked for, to know whether there is more. */
async function page<Row>(
  client: DynamoDBClient,
  source: Pick<QueryCommandInput, 'TableName' | 'IndexName' | 'ConsistentRead'>,
  partitionKey: string,
  sortKey: string,
  request: Query,
  read: (item: Item) => { row: Row; sort: string },
): Promise<Found<Row>> {
  const range = remaining(request);
  if (!range || request.limit < 1) return { items: [] };
  const { low, high } = range;
  const sort =
    low === undefined ? '#s <= :high' : high === undefined ? '#s >= :low' : '#s BETWEEN :low AND :high';
  const bounded = low !== undefined || high !== undefined;
  const rows: { row: Row; sort: string }[] = [];
  let start: QueryCommandInput['ExclusiveStartKey'];
  do {
    const answer = await client.send(
      new QueryCommand({
        ...source,
        KeyConditionExpression: bounded ? `#p = :p AND ${sort}` : '#p = :p',
        ExpressionAttributeNames: { '#p': partitionKey, ...(bounded ? { '#s': sortKey } : {}) },
        ExpressionAttributeValues: toAttributes({ ':p': request.partition, ':low': low, ':high': high }),
        Limit: request.limit + 1 - rows.length,
        ExclusiveStartKey: start,
      }),
    );
    rows.push(...(answer.Items ?? []).map((item) => read(unmarshall(item) as Item)));
    start = answer.LastEvaluatedKey;
  } while (start && rows.length <= request.limit);
  const kept = rows.slice(0, request.limit);
  const last = rows.length > request.limit ? kept.at(-1) : undefined;
  return { items: kept.map(({ row }) => row), ...(last ? { next: last.sort } : {}) };
}

async function unlessConditionFailed<Answer>(sent: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await sent;
  } catch (error) {
    if (isError(error, 'ConditionalCheckFailedException')) return undefined;
    throw error;
  }
}

/** The expressions of one write; every name is a placeholder, since short names may be reserved words. */
function expressions(conditions: readonly Condition[] = [], change?: Change) {
  const names = new Map<string, string>();
  const values = new Map<string, unknown>();
  const name = (text: string): string => {
    const placeholder = names.get(text) ?? `#n${names.size}`;
    names.set(text, placeholder);
    return placeholder;
  };
  const at = (path: Path): string => path.map(name).join('.');
  const valued = (value: unknown): string => {
    const placeholder = `:v${values.size}`;
    values.set(placeholder, value);
    return placeholder;
  };
  const test = (condition: Condition): string => {
    const path = at(condition.path);
    switch (condition.is) {
      case 'present':
        return `attribute_exists(${path})`;
      case 'absent':
        return `attribute_not_exists(${path})`;
      case 'equal':
        return `${path} = ${valued(condition.value)}`;
      case 'in':
        return `${path} IN (${condition.values.map(valued).join(', ')})`;
    }
  };
  const where = conditions.map(test);
  const { set = [], remove = [], add = {} } = change ?? {};
  const clauses = [
    { verb: 'SET', parts: set.map(([path, value]) => `${at(path)} = ${valued(value)}`) },
    { verb: 'REMOVE', parts: remove.map(at) },
    { verb: 'ADD', parts: Object.entries(add).map(([text, value]) => `${name(text)} ${valued(value)}`) },
  ].filter(({ parts }) => parts.length > 0);
  return {
    ...(clauses.length === 0
      ? {}
      : { UpdateExpression: clauses.map(({ verb, parts }) => `${verb} ${parts.join(', ')}`).join(' ') }),
    ...(where.length === 0 ? {} : { ConditionExpression: where.join(' AND ') }),
    ...(names.size === 0
      ? {}
      : { ExpressionAttributeNames: Object.fromEntries([...names].map(([text, at]) => [at, text])) }),
    ...(values.size === 0 ? {} : { ExpressionAttributeValues: toAttributes(Object.fromEntries(values)) }),
  };
}

const index = (name: IndexName) => {
  const found = TABLE_SCHEMA.indexes.find((known) => known.name === name);
  if (!found) throw new RangeError(`The table has no index ${name}.`);
  return found;
};

/** DynamoDB refuses to look for keys that it could not hold; such an id is simply unknown. */
const isPossible = ({ pk, sk }: Key): boolean =>
  pk !== '' && sk !== '' && Buffer.byteLength(pk) <= 2_048 && Buffer.byteLength(sk) <= 1_024;
const toAttributes = (values: Record<string, unknown>) => marshall(values, { removeUndefinedValues: true });
const keyOf = ({ pk, sk }: Key) => marshall({ pk, sk });
