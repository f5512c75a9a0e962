import { randomBytes } from 'node:crypto';
import type { Context, SQSRecord } from 'aws-lambda';
import { ROUTE_FILES } from '../../functions/api/route-files.ts';
import { measureHandler } from '../../functions/measure.ts';
import { httpPipeline, type QueueHandler } from '../../functions/pipeline.ts';
import { publishHandler } from '../../functions/publish.ts';
import { reportHandler } from '../../functions/report.ts';
import { awsBus } from '../../shared/adapters/aws/bus.ts';
import { jsonLog } from '../../shared/adapters/aws/log.ts';
import { sesMailer } from '../../shared/adapters/aws/mailer.ts';
import { meteredLog } from '../../shared/adapters/aws/metered-log.ts';
import { awsQueue } from '../../shared/adapters/aws/queue.ts';
import { awsScheduler } from '../../shared/adapters/aws/scheduler.ts';
import { kmsVault } from '../../shared/adapters/aws/vault.ts';
import { memoryBudgets } from '../../shared/adapters/memory-budgets.ts';
import { cachedAgencies } from '../../shared/adapters/store/cached-agencies.ts';
import { sharedReads } from '../../shared/adapters/store/shared-reads.ts';
import { stores } from '../../shared/adapters/store/stores.ts';
import { mastodon } from '../../shared/channels/mastodon.ts';
import type { Deps } from '../../shared/ports.ts';
import { memoryTable } from '../simulation/memory-table.ts';
import { virtualClock } from '../simulation/virtual-clock.ts';
import { asFunction, heldToRights } from '../support/held-to-rights.ts';
import { httpEvent } from '../support/http-event.ts';
import { memoryBucket } from '../support/memory-bucket.ts';
import { meteredAws, type QueueName } from './cost-aws.ts';
import { meter } from './cost-meter.ts';
import { meteredNetworks } from './cost-networks.ts';
import { ACCESS_LOG_BYTES, TIMES } from './cost-prices.ts';
import { meteredTable } from './cost-table.ts';

/** A deployed stage in virtual time: real pipelines, use cases, stores and AWS adapters; what each call costs is counted. */
export function costWorld(start: number) {
  const clock = virtualClock(start);
  const used = meter();
  const pass = (): Promise<void> => clock.sleep(TIMES.awsMs);
  const kept = memoryTable();
  const faults: unknown[] = [];
  const write = (line: string): void => used.bill('log line', 'logs.byte', Buffer.byteLength(line));
  const log = meteredLog(jsonLog(write, { stamped: false }), { clock, stage: 'bench', write });
  const failed = (message: string, fields: object = {}): void =>
    void faults.push(new Error(`${message} ${JSON.stringify(fields)}`));
  const aws = meteredAws(clock, used, pass, (queue, body) => {
    consume(queue, body).catch((error: unknown) => faults.push(error));
  });
  const held = heldToRights((what) => failed(`on AWS refused: ${what}`));
  const table = stores(sharedReads(held.table(meteredTable(kept, used, pass))), clock.now);
  const deps: Deps = held.deps({
    ...table,
    agencies: cachedAgencies(table.agencies, clock.monotonic),
    clock,
    random: { bytes: (count) => randomBytes(count) },
    log: { ...log, error: failed },
    settings: {
      stage: 'bench',
      laptop: false,
      mailFrom: 'mail@a.example',
      publicUrl: 'https://api.a.example',
    },
    publishQueue: awsQueue(aws.sqs, 'publish'),
    measureQueue: awsQueue(aws.sqs, 'measure'),
    reportQueue: awsQueue(aws.sqs, 'report'),
    scheduler: awsScheduler(aws.scheduler, {
      group: 'bench',
      roleArn: 'role',
      publishQueueArn: 'publish',
      reportQueueArn: 'report',
      dlqArn: 'dlq',
    }),
    bus: awsBus(aws.bus, 'bench'),
    mailer: sesMailer(aws.ses, { from: 'mail@a.example' }),
    vault: kmsVault(aws.kms, 'bench'),
    http: meteredNetworks(clock, used),
    budgets: memoryBudgets(clock.now),
    bucket: memoryBucket(),
    provider: async (network) => (network === mastodon.id ? mastodon : undefined),
    providers: async () => [mastodon],
    deadLetters: () => ({ put: async ({ reason }) => failed(reason) }),
  });
  const ready = () => deps;
  const api = httpPipeline(ROUTE_FILES, ready);
  const handlers: Readonly<Record<QueueName, QueueHandler>> = {
    publish: publishHandler(ready),
    measure: measureHandler(ready),
    report: reportHandler(ready),
  };

  async function consume(queue: QueueName, body: string): Promise<void> {
    const record = { messageId: body, body, attributes: { ApproximateReceiveCount: '1' } } as SQSRecord;
    const { batchItemFailures } = await used.invoke(queue, clock.now, () =>
      asFunction(queue, () => handlers[queue]({ Records: [record] }, {} as Context)),
    );
    if (batchItemFailures.length > 0) failed(`${queue} failed`, { body });
  }
  return {
    deps,
    clock,
    used,
    enqueue: aws.enqueue,
    /** The stores without their price, for setting up. */
    plain: stores(kept, clock.now),
    /** One request over API Gateway to the API's function. @throws unless it is created */
    async post(path: string, key: string, body: unknown): Promise<void> {
      used.bill('HTTP request', 'api.request', 1);
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      const event = httpEvent('POST', path, { headers, body: JSON.stringify(body) });
      const answer = await used.invoke('api', clock.now, () =>
        asFunction('api', () => api(event, {} as Context)),
      );
      used.bill('access log', 'logs.byte', ACCESS_LOG_BYTES);
      const said = Buffer.byteLength(JSON.stringify(answer.headers)) + Buffer.byteLength(answer.body ?? '');
      used.bill('HTTP answer', 'egress.byte', said);
      if (answer.statusCode !== 201) throw new Error(`${answer.statusCode}: ${answer.body}`);
    },
    /** Begins something at an instant; what it throws is found by `run`. */
    begin: (at: number, act: () => Promise<unknown>): void =>
      clock.at(at, () => void act().catch((error: unknown) => faults.push(error))),
    /** Lets time pass until this is done. */
    async done<Answer>(act: Promise<Answer>): Promise<Answer> {
      let open = true;
      const over = (): void => {
        open = false;
      };
      act.then(over, over);
      while (open) await clock.run(clock.now() + 10);
      return act;
    },
    /** Lets time pass. @throws what has failed meanwhile */
    async run(until: number): Promise<void> {
      await clock.run(until);
      if (faults.length > 0) throw faults[0];
    },
  };
}
export type CostWorld = ReturnType<typeof costWorld>;
