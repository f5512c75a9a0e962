import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, expect, test } from 'vitest';
import { batchedGets } from '../../shared/adapters/aws/batched-gets.ts';
import { dynamoTable } from '../../shared/adapters/aws/table.ts';
import type { Key } from '../../shared/adapters/store/table.ts';
import { startDynalite } from '../support/dynalite.ts';

const engine = await startDynalite();
afterAll(() => engine.stop());

type Sent = { readonly constructor: { readonly name: string }; readonly input: unknown };

/** The engine's client; `sent` are the names of its calls. `answer` may answer in the engine's place. */
function counted(answer: (command: Sent) => unknown = () => undefined) {
  const sent: string[] = [];
  const send = async (command: Sent) => {
    sent.push(command.constructor.name);
    return (await answer(command)) ?? engine.client.send(command as never);
  };
  return { sent, client: { send } as unknown as DynamoDBClient };
}

const key = (n: number): Key => ({ pk: `p${n % 3}`, sk: `s${n}` });

test('what is asked for in one turn goes in as few requests as may be, and each gets its own', async () => {
  const name = await engine.freshTable();
  const table = dynamoTable(engine.client, name);
  await Promise.all(Array.from({ length: 120 }, (_, n) => table.put({ ...key(n), n })));
  const { sent, client } = counted();
  const get = batchedGets(client, name);
  const found = await Promise.all(Array.from({ length: 150 }, (_, n) => get(key(n))));
  expect(found.map((item) => item?.n)).toEqual(
    Array.from({ length: 150 }, (_, n) => (n < 120 ? n : undefined)),
  );
  expect(sent).toEqual(['BatchGetItemCommand', 'BatchGetItemCommand']);
});

test('one alone is a plain read, and so is the same one twice; the next turn reads anew', async () => {
  const name = await engine.freshTable();
  const table = dynamoTable(engine.client, name);
  const { sent, client } = counted();
  const get = batchedGets(client, name);
  expect(await Promise.all([get(key(1)), get(key(1))])).toEqual([undefined, undefined]);
  await table.put({ ...key(1), n: 1 });
  expect(await get(key(1))).toEqual({ ...key(1), n: 1 });
  expect(sent).toEqual(['GetItemCommand', 'GetItemCommand']);
});

test('when the request fails, all that it was for fail with its error, and the next turn is free of it', async () => {
  const name = await engine.freshTable();
  const fault = new Error('throttled');
  let isAway = true;
  const { client } = counted(() => {
    if (isAway) throw fault;
    return undefined;
  });
  const get = batchedGets(client, name);
  const settled = await Promise.allSettled([get(key(1)), get(key(2))]);
  expect(settled).toEqual([1, 2].map(() => ({ status: 'rejected', reason: fault })));
  isAway = false;
  expect(await get(key(1))).toBeUndefined();
});
