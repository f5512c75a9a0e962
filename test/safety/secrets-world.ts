import { join } from 'node:path';
import type { Context } from 'aws-lambda';
import { startDynamo } from '../../infra/local/dynamo.ts';
import { startEngines } from '../../infra/local/engines.ts';
import { setEnvironment, TABLE_NAME } from '../../infra/local/environment.ts';
import { startWork } from '../../infra/local/work.ts';
import type { AnyProvider, Deps } from '../../shared/ports.ts';
import { httpEvent } from '../support/http-event.ts';
import { temporaryFolder } from '../support/laptop-engines.ts';
import type { Place } from './canaries.ts';
import { wireTap } from './wire-tap.ts';

export type SecretsWorld = Awaited<ReturnType<typeof secretsWorld>>;
export type Answer = { readonly status: number; readonly body: Json; readonly text: string };
// biome-ignore lint/suspicious/noExplicitAny: what came over HTTP has no type
type Json = any;

/**
 * The product on the embedded engines, with the AWS adapters, the real HTTP client and a network of the test's own, and
 * a tap on every wire to an engine. Sets the environment of its process, so there is one in a process.
 */
export async function secretsWorld(options: { providers: readonly AnyProvider[]; deps?: Partial<Deps> }) {
  const folder = await temporaryFolder();
  const dynamo = await startDynamo(join(folder.path, 'dynamodb'), TABLE_NAME, () => {});
  const engines = await startEngines(folder.path);
  const table = await wireTap(dynamo.url);
  const queue = await wireTap(engines.queues.url);
  const standIns = await wireTap(engines.standInsUrl);
  const queues = {
    ...engines.queues,
    url: queue.url,
    queueUrl: (name: string) => engines.queues.queueUrl(name).replace(engines.queues.url, queue.url),
  };
  setEnvironment(
    { ...engines, queues, standInsUrl: standIns.url },
    {
      home: folder.path,
      dynamoUrl: table.url,
      apiUrl: 'https://api.agency.example',
      inboxUrl: 'http://127.0.0.1:9/inbox',
      sandboxUrl: 'http://127.0.0.1:9/sandbox',
    },
  );
  // Imported only now: they read the environment that has just been set.
  const { deps: built } = await import('../../functions/runtime.ts');
  const { httpPipeline } = await import('../../functions/pipeline.ts');
  const { ROUTE_FILES } = await import('../../functions/api/route-files.ts');
  const { publishHandler } = await import('../../functions/publish.ts');
  const { measureHandler } = await import('../../functions/measure.ts');
  const { reportHandler } = await import('../../functions/report.ts');
  const { rescueHandler } = await import('../../functions/rescue.ts');
  const output = tapOutput();
  const all = [...options.providers, ...(await built().providers())];
  const deps: Deps = {
    ...built(),
    provider: async (network) => all.find(({ id }) => id === network),
    providers: async () => all,
    ...options.deps,
  };
  const ready = () => deps;
  const api = httpPipeline(ROUTE_FILES, ready);
  const handlers = {
    publish: publishHandler(ready),
    measure: measureHandler(ready),
    report: reportHandler(ready),
    rescue: rescueHandler(ready),
  };
  const work = startWork(queues, handlers, deps.log);
  const answers: string[] = [];

  const ask = async (
    method: string,
    path: string,
    { body, key, headers = {}, shows = [] }: AskOptions = {},
  ): Promise<Answer> => {
    const event = httpEvent(method, path, {
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      headers: { ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), ...headers },
    });
    const { statusCode = 0, body: text = '', headers: told } = await api(event, {} as Context);
    const type = String(told?.['content-type'] ?? '');
    const json = type.includes('json') && text !== '' ? JSON.parse(text) : undefined;
    const kept =
      json === undefined ? text : JSON.stringify(json, (name, value) => (shows.includes(name) ? '' : value));
    answers.push(`${method} ${path.split('?')[0]} ${statusCode} ${JSON.stringify(told)} ${kept}`);
    return { status: statusCode, body: json, text };
  };

  return {
    deps,
    ask,
    sendRaw: (name: 'publish' | 'measure' | 'report', message: unknown) =>
      ({ publish: deps.publishQueue, measure: deps.measureQueue, report: deps.reportQueue })[name].send(
        message as never,
      ),
    /** Plain data keys that KMS has handed out. */
    dataKeys: () => standIns.answered.flatMap((text) => /"Plaintext":"([^"]+)"/.exec(text)?.[1] ?? []),
    /** Everything that was sent to an engine, lies in one, was logged or answered. */
    places: async (): Promise<Place[]> => [
      { name: 'table, every write and read', text: table.sent.join('\n') },
      { name: 'table, as it lies', text: await scanned(dynamo.url) },
      { name: 'queues and dead letters', text: queue.sent.join('\n') },
      { name: 'dead letters, as they lie', text: await deadLetters(queues.queueUrl, queue.url) },
      { name: 'events, schedules, keys, mails', text: standIns.sent.join('\n') },
      { name: 'events, as they lie', text: JSON.stringify(engines.bus.newest()) },
      { name: 'mails, as they lie', text: JSON.stringify(engines.inbox.list()) },
      { name: 'log', text: output.lines.join('\n') },
      { name: 'answers', text: answers.join('\n') },
    ],
    stop: async (): Promise<void> => {
      output.stop();
      await work.stop();
      await engines.stop();
      await dynamo.stop();
      await Promise.all([table, queue, standIns].map((tap) => tap.close()));
      await folder.remove();
    },
  };
}

/** Everything that this process prints, the log with it, until `stop`. */
function tapOutput(): { readonly lines: readonly string[]; stop(): void } {
  const lines: string[] = [];
  const streams = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write }));
  for (const { stream } of streams) {
    stream.write = (chunk: string | Uint8Array): boolean => {
      lines.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
      return true;
    };
  }
  return {
    lines,
    stop: () => {
      for (const { stream, write } of streams) stream.write = write;
    },
  };
}

type AskOptions = {
  readonly body?: unknown;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Fields that are secrets and shown on purpose, once. */
  readonly shows?: readonly string[];
};

async function scanned(endpoint: string): Promise<string> {
  const { DynamoDBClient, paginateScan } = await import('@aws-sdk/client-dynamodb');
  const client = new DynamoDBClient({ endpoint });
  const pages: string[] = [];
  for await (const { Items } of paginateScan({ client }, { TableName: TABLE_NAME })) {
    // Bytes as DynamoDB sends them.
    pages.push(
      JSON.stringify(Items, (_, value) =>
        value?.type === 'Buffer'
          ? Buffer.from(value).toString('base64')
          : value instanceof Uint8Array
            ? Buffer.from(value).toString('base64')
            : value,
      ),
    );
  }
  client.destroy();
  return pages.join('\n');
}

async function deadLetters(queueUrl: (name: string) => string, endpoint: string): Promise<string> {
  const { ReceiveMessageCommand, SQSClient } = await import('@aws-sdk/client-sqs');
  const client = new SQSClient({ endpoint });
  const found: string[] = [];
  for (const name of ['publish-dlq', 'measure-dlq', 'report-dlq', 'schedule-dlq']) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl(name),
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
      }),
    );
    found.push(...Messages.map((message) => JSON.stringify(message)));
  }
  client.destroy();
  return found.join('\n');
}
