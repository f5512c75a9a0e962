import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SQSClient } from '@aws-sdk/client-sqs';
import { awsClient } from '../shared/adapters/aws/aws-client.ts';
import { s3Bucket } from '../shared/adapters/aws/bucket.ts';
import { awsBus } from '../shared/adapters/aws/bus.ts';
import { systemClock, watchClock } from '../shared/adapters/aws/clock.ts';
import { awsDeadLetters } from '../shared/adapters/aws/dead-letters.ts';
import { inboxLookUp } from '../shared/adapters/aws/inbox-look-up.ts';
import { jsonLog } from '../shared/adapters/aws/log.ts';
import { sesClient, sesMailer } from '../shared/adapters/aws/mailer.ts';
import { meteredLog } from '../shared/adapters/aws/metered-log.ts';
import { awsQueue } from '../shared/adapters/aws/queue.ts';
import { systemRandom } from '../shared/adapters/aws/random.ts';
import { awsScheduler } from '../shared/adapters/aws/scheduler.ts';
import { dynamoTable } from '../shared/adapters/aws/table.ts';
import { kmsVault } from '../shared/adapters/aws/vault.ts';
import { memoryBudgets } from '../shared/adapters/memory-budgets.ts';
import { cachedAgencies } from '../shared/adapters/store/cached-agencies.ts';
import { sharedReads } from '../shared/adapters/store/shared-reads.ts';
import { stores } from '../shared/adapters/store/stores.ts';
import { createHttp } from '../shared/channels/http.ts';
import { networksFor, providersFor } from '../shared/channels/index.ts';
import { type Env, type EnvKey, envSchema } from '../shared/env.ts';
import type { Deps, Settings } from '../shared/ports.ts';

/** The composition root: the only place that builds adapters. Nothing is built before something asks for it. */
export function deps(): Deps {
  built ??= lazy(build(readEnv(process.env)));
  return built;
}

let built: Deps | undefined;

type Builders = { readonly [Name in keyof Deps]: () => Deps[Name] };

function build(env: EnvReader): Builders {
  const clock = systemClock();
  const dynamo = awsClient(DynamoDBClient, {});
  watchClock(clock, dynamo);
  const sqs = once(() => awsClient(SQSClient, {}));
  const entities = once(() => stores(sharedReads(dynamoTable(dynamo, env('TABLE_NAME')))));
  const settings = once((): Settings => settingsOf(env));
  const networks = once(() => networksFor({ ...optional('sandboxUrl', settings().sandboxUrl) }));
  return {
    clock: () => clock,
    random: systemRandom,
    // The laptop has nobody who would read metrics out of its lines.
    log: () =>
      settings().laptop
        ? jsonLog()
        : meteredLog(jsonLog(undefined, { stamped: false }), { clock, stage: settings().stage }),
    settings,
    agencies: () => cachedAgencies(entities().agencies, clock.monotonic),
    brands: () => entities().brands,
    channels: () => entities().channels,
    apps: () => entities().apps,
    logins: () => entities().logins,
    posts: () => entities().posts,
    holds: () => entities().holds,
    reports: () => entities().reports,
    mails: () => entities().mails,
    media: () => entities().media,
    bucket: () => s3Bucket({ bucket: env('MEDIA_BUCKET'), clock, ...wayTo(dynamo), ...s3EndpointOf(env) }),
    alerts: () => entities().alerts,
    audit: () => entities().audit,
    scheduler: () =>
      awsScheduler(awsClient(SchedulerClient, {}), {
        group: env('SCHEDULE_GROUP'),
        roleArn: env('SCHEDULER_ROLE_ARN'),
        publishQueueArn: env('PUBLISH_QUEUE_ARN'),
        reportQueueArn: env('REPORT_QUEUE_ARN'),
        dlqArn: env('SCHEDULE_DLQ_ARN'),
      }),
    publishQueue: () => awsQueue(sqs(), env('PUBLISH_QUEUE_URL')),
    measureQueue: () => awsQueue(sqs(), env('MEASURE_QUEUE_URL')),
    reportQueue: () => awsQueue(sqs(), env('REPORT_QUEUE_URL')),
    deadLetters: () => (queue) => awsDeadLetters(sqs(), env(DLQ_URL_KEYS[queue])),
    bus: () => awsBus(awsClient(EventBridgeClient, {}), env('BUS_NAME')),
    mailer: () => sesMailer(sesClient(), { from: env('MAIL_FROM'), ...lookUpOf(env) }),
    vault: () => kmsVault(awsClient(KMSClient, {}), env('KEY_ID'), clock.monotonic),
    budgets: () => memoryBudgets(clock.now),
    http: () => createHttp({ allowLoopback: settings().laptop || env.maybe('TEST_STAGE') === '1' }),
    provider: () => (network) => networks()[network]?.() ?? Promise.resolve(undefined),
    providers: () => async () => Object.values(await providersFor(networks())),
  };
}

const DLQ_URL_KEYS = {
  publish: 'PUBLISH_DLQ_URL',
  measure: 'MEASURE_DLQ_URL',
  report: 'REPORT_DLQ_URL',
} as const;

function settingsOf(env: EnvReader): Settings {
  return {
    stage: env('STAGE'),
    laptop: env.maybe('LAPTOP') === '1',
    mailFrom: env.maybe('MAIL_FROM') ?? '',
    publicUrl: env.maybe('PUBLIC_URL') ?? '',
    ...optional('sandboxUrl', env.maybe('SANDBOX_URL')),
  };
}

/** Region and credentials as the SDK finds them for its own clients. */
const wayTo = ({ config }: DynamoDBClient) => ({ region: config.region, credentials: config.credentials });

function s3EndpointOf(env: EnvReader) {
  return optional('endpoint', env.maybe('AWS_ENDPOINT_URL_S3') ?? env.maybe('AWS_ENDPOINT_URL'));
}

/** The laptop's SES is its inbox, which can be asked; AWS's cannot. */
function lookUpOf(env: EnvReader) {
  const inbox = env.maybe('INBOX_URL');
  return inbox === undefined ? {} : { lookUp: inboxLookUp(inbox) };
}

/** Reads one variable; a missing or malformed one is an error that names it, and only for those who need it. */
type EnvReader = {
  <Key extends EnvKey>(key: Key): NonNullable<Env[Key]>;
  maybe<Key extends EnvKey>(key: Key): Env[Key] | undefined;
};

function readEnv(source: Record<string, string | undefined>): EnvReader {
  const maybe = <Key extends EnvKey>(key: Key): Env[Key] | undefined => {
    if (source[key] === undefined) return undefined;
    const read = envSchema.shape[key].safeParse(source[key]);
    if (!read.success) throw new Error(`environment variable ${key}: ${read.error.issues[0]?.message}`);
    return read.data as Env[Key];
  };
  const needed = <Key extends EnvKey>(key: Key): NonNullable<Env[Key]> => {
    const value = maybe(key);
    if (value === undefined) throw new Error(`environment variable ${key} is missing`);
    return value as NonNullable<Env[Key]>;
  };
  return Object.assign(needed, { maybe });
}

/** Properties that are built when first read, so that a function needs no more environment than it uses. */
function lazy(builders: Builders): Deps {
  const target = {};
  for (const [name, make] of Object.entries(builders)) {
    Object.defineProperty(target, name, { enumerable: true, get: once(make as () => unknown) });
  }
  return target as Deps;
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

const optional = <Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } =>
  value === undefined ? {} : ({ [key]: value } as { [K in Key]?: Value });
