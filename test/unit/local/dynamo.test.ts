import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, expect, it } from 'vitest';
import { createTableInput } from '../../../infra/local/create-table.ts';
import { DatabaseTaken, startDynamo } from '../../../infra/local/dynamo.ts';
import { clientConfig, temporaryFolder } from '../../support/laptop-engines.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
async function aPath(): Promise<string> {
  const folder = await temporaryFolder();
  ends.push(folder.remove);
  return join(folder.path, 'dynamodb');
}
const fail = (reason: Error): never => {
  throw reason;
};
const Key = { pk: { S: 'p' }, sk: { S: 's' } };

it('has the table at the first start, and its items at the next', async () => {
  const path = await aPath();
  const first = await startDynamo(path, 'table', fail);
  await new DynamoDBClient(clientConfig(first.url)).send(
    new PutItemCommand({ TableName: 'table', Item: { ...Key, text: { S: 'kept' } } }),
  );
  await first.stop();

  const second = await startDynamo(path, 'table', fail);
  ends.push(second.stop);
  const found = await new DynamoDBClient(clientConfig(second.url)).send(
    new GetItemCommand({ TableName: 'table', Key }),
  );
  expect(found.Item?.text).toEqual({ S: 'kept' });
});

it('belongs to one at a time', async () => {
  const path = await aPath();
  const first = await startDynamo(path, 'table', fail);
  ends.push(first.stop);
  await expect(startDynamo(path, 'table', fail)).rejects.toThrow(DatabaseTaken);
});

it('takes no request that was not made by an SDK', async () => {
  const dynamo = await startDynamo(await aPath(), 'table', fail);
  ends.push(dynamo.stop);
  expect((await fetch(dynamo.url, { method: 'POST', body: '{}' })).status).toBe(403);
});

it('gets over a crash in the middle of making the table', async () => {
  const path = await aPath();
  const dynalite = createRequire(import.meta.url)('dynalite') as (options: object) => Server;
  const server = dynalite({ path, createTableMs: 3_600_000 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new DynamoDBClient(
    clientConfig(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
  );
  await client.send(new CreateTableCommand(createTableInput('table')));
  client.destroy();
  await new Promise((resolve) => server.close(resolve));

  const dynamo = await startDynamo(path, 'table', fail);
  ends.push(dynamo.stop);
  await expect(
    new DynamoDBClient(clientConfig(dynamo.url)).send(new PutItemCommand({ TableName: 'table', Item: Key })),
  ).resolves.toBeDefined();
});
