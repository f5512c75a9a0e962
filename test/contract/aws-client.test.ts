import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { expect, onTestFinished, test } from 'vitest';
import { isAwsFault } from '../../functions/aws-fault.ts';
import { awsClient } from '../../shared/adapters/aws/aws-client.ts';
import { dynamoTable } from '../../shared/adapters/aws/table.ts';
import { clientConfig } from '../support/laptop-engines.ts';

/** A DynamoDB that answers each request in turn by one of these, the last one again and again. */
async function tableBehind(...answers: readonly RequestListener[]) {
  let requests = 0;
  const server = createServer((request, response) => {
    const answer = answers[Math.min(requests, answers.length - 1)];
    requests += 1;
    answer?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const client = awsClient(DynamoDBClient, clientConfig(`http://127.0.0.1:${port}`), { longestMs: 200 });
  return { table: dynamoTable(client, 'table'), requests: () => requests };
}

const silence: RequestListener = () => {};
const found: RequestListener = (_, response) =>
  response
    .writeHead(200, { 'content-type': 'application/x-amz-json-1.0' })
    .end(JSON.stringify({ Item: { pk: { S: 'a' }, sk: { S: 'b' } } }));

test('a call that gets no answer is made again', async () => {
  const { table, requests } = await tableBehind(silence, found);
  expect(await table.get({ pk: 'a', sk: 'b' })).toEqual({ pk: 'a', sk: 'b' });
  expect(requests()).toBe(2);
});

test('an AWS that answers nothing is a fault of its own, and not waited for without end', async () => {
  const { table, requests } = await tableBehind(silence);
  const fault = await table.get({ pk: 'a', sk: 'b' }).catch((error: unknown) => error);
  expect(isAwsFault(fault)).toBe(true);
  expect(requests()).toBeGreaterThan(2);
});
