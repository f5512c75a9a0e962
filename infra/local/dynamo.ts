import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { createTableInput } from './create-table.ts';
import type { DynamoReady, DynamoSettings } from './dynamo-worker.ts';
import { localClient } from './local-clients.ts';
import { LOOPBACK } from './loopback.ts';

export type Dynamo = {
  readonly url: string;
  /** Closes the database and ends its thread. */
  readonly stop: () => Promise<void>;
};

/** The database does not open: most likely another process has it, for it takes a lock that ends with its process. */
export class DatabaseTaken extends Error {}

/**
 * Opens the DynamoDB engine on a folder, with the table in it. The engine's own lock keeps the folder for one
 * process: the kernel takes it back when that process ends, however it ends. `onDeath` hears of an end not asked for.
 */
export async function startDynamo(
  path: string,
  tableName: string,
  onDeath: (reason: Error) => void,
): Promise<Dynamo> {
  const dynamo = await openEngine(path, onDeath);
  const status = await settledStatus(dynamo.url, tableName);
  if (status === 'ACTIVE') return dynamo;
  await dynamo.stop();
  if (status !== 'CREATING') throw new Error(`the table ${tableName} in ${path} is ${status}`);
  // A crash came between creating the table and its becoming active: nothing can ever have been written to it.
  await rm(path, { recursive: true });
  return startDynamo(path, tableName, onDeath);
}

async function openEngine(path: string, onDeath: (reason: Error) => void): Promise<Dynamo> {
  const worker = new Worker(new URL('./dynamo-worker.ts', import.meta.url), {
    workerData: { path } satisfies DynamoSettings,
  });
  let state: 'opening' | 'open' | 'stopping' = 'opening';
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const failed = new Promise<never>((_, reject) => {
    worker.once('error', (error) => {
      if (state === 'open') onDeath(error);
      reject(new DatabaseTaken(`the database in ${path} cannot be opened`, { cause: error }));
    });
  });
  failed.catch(() => {});

  const ready = new Promise<DynamoReady>((resolve) => worker.once('message', resolve));
  const { port } = await Promise.race([ready, failed]);
  const url = `http://${LOOPBACK}:${port}`;
  await Promise.race([answers(url), failed]);
  state = 'open';
  return {
    url,
    stop: async () => {
      state = 'stopping';
      worker.postMessage('stop');
      await ended;
    },
  };
}

/** The engine opens its files at the first request. When it cannot, its thread ends and the request hangs or fails. */
async function answers(url: string): Promise<void> {
  const client = new DynamoDBClient({ ...localClient(url), maxAttempts: 1 });
  try {
    await client.send(new ListTablesCommand({}));
  } catch (error) {
    // The thread's own end says more, and comes in a moment.
    await sleep(500);
    throw new DatabaseTaken('the database does not answer', { cause: error });
  } finally {
    client.destroy();
  }
}

/** Makes the table if there is none, and gives it a moment to become active. */
async function settledStatus(url: string, name: string): Promise<string | undefined> {
  const client = new DynamoDBClient(localClient(url));
  try {
    let status: string | undefined;
    for (let look = 0; look < 60 && status !== 'ACTIVE'; look += 1) {
      if (look > 0) await sleep(50);
      status = await tableStatus(client, name);
      if (status === undefined) await client.send(new CreateTableCommand(createTableInput(name)));
    }
    return status;
  } finally {
    client.destroy();
  }
}

async function tableStatus(client: DynamoDBClient, name: string): Promise<string | undefined> {
  try {
    const answer = await client.send(new DescribeTableCommand({ TableName: name }));
    return answer.Table?.TableStatus;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}
