import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { publishHandler } from '../../functions/publish.ts';
import { serveStandIns } from '../../infra/local/aws-stand-in.ts';
import { startDynamo } from '../../infra/local/dynamo.ts';
import { kmsStandIn } from '../../infra/local/kms-stand-in.ts';
import { awsClient } from '../../shared/adapters/aws/aws-client.ts';
import { systemClock } from '../../shared/adapters/aws/clock.ts';
import { jsonLog } from '../../shared/adapters/aws/log.ts';
import { systemRandom } from '../../shared/adapters/aws/random.ts';
import { dynamoTable } from '../../shared/adapters/aws/table.ts';
import { kmsVault } from '../../shared/adapters/aws/vault.ts';
import { memoryBudgets } from '../../shared/adapters/memory-budgets.ts';
import { cachedAgencies } from '../../shared/adapters/store/cached-agencies.ts';
import { sharedReads } from '../../shared/adapters/store/shared-reads.ts';
import { stores } from '../../shared/adapters/store/stores.ts';
import type { Table } from '../../shared/adapters/store/table.ts';
import { createHttp } from '../../shared/channels/http.ts';
import { providersFor } from '../../shared/channels/index.ts';
import type { PublishMessage } from '../../shared/domain/messages.ts';
import { postInput } from '../../shared/domain/post.ts';
import type { AnyProvider, Deps } from '../../shared/ports.ts';
import { createPost } from '../../shared/usecases/create-post.ts';
import { memoryTable } from '../simulation/memory-table.ts';
import { aBrand, aChannel, anActor, anAgency, anId } from '../support/builders.ts';
import { clientConfig, temporaryFolder } from '../support/laptop-engines.ts';
import { timedQueue } from './timed-queue.ts';

/** Who holds the state: a map in this process, or the laptop's DynamoDB engine on disk, in a thread of its own. */
export type State = 'memory' | 'dynalite';

/**
 * The publish path as `functions/runtime.ts` puts it together, from the queue's batch to the network: real use cases,
 * clock, vault, HTTP, provider. Only queue and scheduler are in this process, and nothing is told on a bus.
 */
export async function publishingWorld(state: State, load: { batchSize: number; concurrency: number }) {
  const folder = await temporaryFolder();
  const ends: (() => Promise<unknown>)[] = [folder.remove];
  const table = await tableFor(state, join(folder.path, 'dynamodb'), ends);
  const kms = await serveStandIns([await kmsStandIn(join(folder.path, 'kms.key'), 'bench')]);
  ends.push(kms.close);

  const clock = systemClock();
  const kept = stores(sharedReads(table));
  const publishQueue = timedQueue<PublishMessage>(load);
  const networks: Readonly<Record<string, AnyProvider>> = await providersFor();
  const deps: Deps = {
    ...kept,
    agencies: cachedAgencies(kept.agencies, clock.monotonic),
    clock,
    random: systemRandom(),
    log: jsonLog(() => undefined),
    settings: { stage: 'bench', laptop: true, mailFrom: 'mail@sendeplan.example', publicUrl: '' },
    publishQueue,
    vault: kmsVault(awsClient(KMSClient, clientConfig(kms.url)), 'bench'),
    http: createHttp({ allowLoopback: true }),
    budgets: memoryBudgets(clock.now),
    provider: async (network) => networks[network],
    providers: async () => Object.values(networks),
    scheduler: unused('scheduler'),
    measureQueue: unused('measureQueue'),
    reportQueue: unused('reportQueue'),
    bus: unused('bus'),
    mailer: unused('mailer'),
    bucket: unused('bucket'),
    deadLetters: () => unused('deadLetters'),
  };
  publishQueue.consume(publishHandler(() => deps));

  return {
    deps,
    open: publishQueue.open,
    tenant: (name: string, siteUrl: string) => tenant(deps, name, siteUrl),
    stop: async (): Promise<void> => {
      for (const end of ends.reverse()) await end();
    },
  };
}

async function tableFor(state: State, path: string, ends: (() => Promise<unknown>)[]): Promise<Table> {
  if (state === 'memory') return memoryTable();
  const dynamo = await startDynamo(path, 'bench', (reason) => {
    throw reason;
  });
  ends.push(dynamo.stop);
  return dynamoTable(awsClient(DynamoDBClient, clientConfig(dynamo.url)), 'bench');
}

/** An agency with a brand and one WordPress channel. `queue` queues one post on it, through the use case. */
async function tenant(deps: Deps, name: string, siteUrl: string) {
  const id = anId('agy', name);
  const agency = anAgency({ id, name, dataKey: await deps.vault.newDataKey(id) });
  const brand = aBrand({ id: anId('brd', name), agencyId: id });
  const credential = { siteUrl, username: 'eva', applicationPassword: 'abcd EFGH 1234 ijkl MNOP 5678' };
  const channelId = anId('chn', name);
  const channel = aChannel({
    id: channelId,
    agencyId: id,
    brandId: brand.id,
    network: 'wordpress',
    credential: await deps.vault.seal(agency, channelId, 'credential', JSON.stringify(credential)),
  });
  await deps.agencies.create(agency);
  await deps.brands.create(brand);
  await deps.channels.create(channel);
  return {
    queue: async (title: string, dueAt: number): Promise<void> => {
      const body = {
        content: { text: title, options: { title } },
        channels: [channel.id],
        dueAt: new Date(dueAt).toISOString(),
      };
      await createPost(deps, { agency, actor: anActor(), brand, input: postInput.parse(body), body });
    },
  };
}

/** A part that this path must not touch: whoever does is told so. */
function unused<Part extends object>(name: string): Part {
  return new Proxy({} as Part, {
    get: (_, property) => {
      throw new Error(`the bench has no ${name}.${String(property)}`);
    },
  });
}
