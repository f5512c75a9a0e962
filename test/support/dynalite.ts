import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTableInput } from '../../infra/local/create-table.ts';

/** An in-memory DynamoDB engine on a free loopback port. `freshTable` gives an empty table of our schema. */
export async function startDynalite() {
  const dynalite = createRequire(import.meta.url)('dynalite') as (options: object) => Server;
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  let tables = 0;
  return {
    client,
    async freshTable(): Promise<string> {
      tables += 1;
      const name = `table-${tables}`;
      await client.send(new CreateTableCommand(createTableInput(name)));
      const describe = new DescribeTableCommand({ TableName: name });
      // the engine changes the state in a timer of its own, even at 0 ms
      while ((await client.send(describe)).Table?.TableStatus !== 'ACTIVE') await sleep(1);
      return name;
    },
    async stop(): Promise<void> {
      client.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
