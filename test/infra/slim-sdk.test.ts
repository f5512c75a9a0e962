import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { expect, onTestFinished, test, vi } from 'vitest';
import { bundleOptions } from '../../infra/build.ts';
import type { OptionalClient } from '../../infra/functions.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

test('a slimmed client sends what it should, and tells the errors that come back by their names', async () => {
  const { seen, endpoint } = await aService(404, { __type: 'ResourceNotFoundException', Message: 'no such' });
  const { run } = await bundled<{ run: (endpoint: string) => Promise<string> }>(`
    import { DeleteScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
    export async function run(endpoint) {
      const credentials = { accessKeyId: 'a', secretAccessKey: 's' };
      const client = new SchedulerClient({ endpoint, region: 'eu-central-1', credentials, maxAttempts: 1 });
      const command = new DeleteScheduleCommand({ Name: 'post_1-x', GroupName: 'dev', ClientToken: 't' });
      const tell = ({ name, message, $fault, $metadata }) => [name, message, $fault, $metadata.httpStatusCode].join();
      return client.send(command).then(() => 'done', tell);
    }`);
  expect(await run(endpoint)).toBe('ResourceNotFoundException,no such,client,404');
  expect(seen).toEqual(['DELETE /schedules/post_1-x?clientToken=t&groupName=dev']);
});

test('every service is asked in its own way', async () => {
  const { seen, endpoint } = await aService(200, {});
  const { run } = await bundled<{ run: (endpoint: string) => Promise<void> }>(`
    import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
    import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
    import { DecryptCommand, KMSClient } from '@aws-sdk/client-kms';
    import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
    export async function run(endpoint) {
      const credentials = { accessKeyId: 'a', secretAccessKey: 's' };
      const config = { endpoint, region: 'eu-central-1', credentials, maxAttempts: 1 };
      await new DynamoDBClient(config).send(new GetItemCommand({ TableName: 't', Key: { pk: { S: 'p' } } }));
      await new EventBridgeClient(config).send(new PutEventsCommand({ Entries: [{ Source: 's', Time: new Date(0) }] }));
      await new KMSClient(config).send(new DecryptCommand({ CiphertextBlob: Buffer.from('x') }));
      await new SQSClient(config).send(new SendMessageCommand({ QueueUrl: endpoint + '/q', MessageBody: 'm' }))
        .catch(() => 'its answer lacks the MD5 of the message');
    }`);
  await run(endpoint);
  expect(seen).toEqual([
    'POST / DynamoDB_20120810.GetItem {"TableName":"t","Key":{"pk":{"S":"p"}}}',
    'POST / AWSEvents.PutEvents {"Entries":[{"Time":0,"Source":"s"}]}',
    'POST / TrentService.Decrypt {"CiphertextBlob":"eA=="}',
    expect.stringContaining('AmazonSQS.SendMessage'),
  ]);
});

test('an outage and a throttle are tried again', async () => {
  for (const [status, name] of [
    [500, 'InternalServerError'],
    [400, 'ThrottlingException'],
  ] as const) {
    const { seen, endpoint } = await aService(status, { __type: name });
    const { run } = await bundled<{ run: (endpoint: string) => Promise<string> }>(`
      import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
      export async function run(endpoint) {
        const credentials = { accessKeyId: 'a', secretAccessKey: 's' };
        const client = new DynamoDBClient({ endpoint, region: 'eu-central-1', credentials, maxAttempts: 2 });
        return client.send(new GetItemCommand({ TableName: 't', Key: { pk: { S: 'p' } } })).catch(({ name }) => name);
      }`);
    expect(await run(endpoint)).toBe(name);
    expect(seen).toHaveLength(2);
  }
});

test('who wants the class of an error is told by the bundler', async () => {
  const source = `import { ConflictException } from '@aws-sdk/client-scheduler'; export const it = ConflictException;`;
  const stdin = { contents: source, resolveDir: ROOT };
  const built = build({ ...bundleOptions([]), stdin, write: false, outfile: 'x.mjs', logLevel: 'silent' });
  await expect(built).rejects.toThrow('No matching export');
});

test('credentials are found in the environment, as Lambda gives them', async () => {
  const { seen, endpoint } = await aService(200, { MessageId: 'm-1' });
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'a').stubEnv('AWS_SECRET_ACCESS_KEY', 's');
  onTestFinished(() => void vi.unstubAllEnvs());
  const { run } = await bundled<{ run: (endpoint: string) => Promise<string> }>(`
    import { SendEmailCommand, SESv2Client } from '@aws-sdk/client-sesv2';
    export async function run(endpoint) {
      const client = new SESv2Client({ endpoint, region: 'eu-central-1', maxAttempts: 1 });
      return (await client.send(new SendEmailCommand({ Content: {} }))).MessageId;
    }`);
  expect(await run(endpoint)).toBe('m-1');
  expect(seen).toEqual(['POST /v2/email/outbound-emails']);
});

test('a client that a function goes without is as good as any until it is used, and then says why', async () => {
  const { make } = await bundled<{ make: () => unknown }>(
    `import { SESv2Client } from '@aws-sdk/client-sesv2';
     export const make = () => new SESv2Client({});`,
    ['@aws-sdk/client-sesv2'],
  );
  expect(make).toThrow('@aws-sdk/client-sesv2 is not part of this function, which has no rights to it');
});

/** Bundles a module as the functions are and imports it from a folder that has no packages. */
async function bundled<Module>(contents: string, without: readonly OptionalClient[] = []): Promise<Module> {
  const folder = await mkdtemp(join(tmpdir(), 'sendeplan-slim-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const outfile = join(folder, 'index.mjs');
  await build({ ...bundleOptions(without), stdin: { contents, resolveDir: ROOT }, outfile });
  return import(pathToFileURL(outfile).href);
}

/** Answers every request alike and notes what was asked. */
async function aService(status: number, body: object): Promise<{ seen: string[]; endpoint: string }> {
  const seen: string[] = [];
  const server = createServer(async (request, response) => {
    const target = request.headers['x-amz-target'];
    const sent = target === undefined ? [] : [target, await text(request)];
    seen.push([request.method, request.url, ...sent].join(' '));
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return { seen, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
