/** USD on demand, eu-central-1 and arm64, no free tier. https://aws.amazon.com/pricing/ of each service, 2026-11. */
export const PRICES = {
  'api.request': { service: 'apiGateway', usd: 1 / 1e6 },
  'lambda.request': { service: 'lambda', usd: 0.2 / 1e6 },
  'lambda.gb-second': { service: 'lambda', usd: 0.000_013_333_4 },
  'dynamodb.write-unit': { service: 'dynamodb', usd: 0.625 / 1e6 },
  'dynamodb.read-unit': { service: 'dynamodb', usd: 0.125 / 1e6 },
  'scheduler.invocation': { service: 'scheduler', usd: 1 / 1e6 },
  'sqs.request': { service: 'sqs', usd: 0.4 / 1e6 },
  'ses.mail': { service: 'ses', usd: 0.1 / 1e3 },
  'bus.event': { service: 'eventBridge', usd: 1 / 1e6 },
  'kms.request': { service: 'kms', usd: 0.03 / 1e4 },
  'logs.byte': { service: 'logs', usd: 0.5 / 1e9 },
  'egress.byte': { service: 'egress', usd: 0.09 / 1e9 },
} as const;
export type Billed = keyof typeof PRICES;
export type Service = (typeof PRICES)[Billed]['service'];

/** Memory that `infra/` gives each function, MB. A test compares them. */
export const MEMORY_MB = { api: 512, publish: 128, measure: 256, report: 256, rescue: 256 } as const;
export type Metered = keyof typeof MEMORY_MB;

/** What a call takes, where it is not measured here. */
export const TIMES = {
  /** A network answers. */
  networkMs: 300,
  /** DynamoDB, SQS, EventBridge, KMS within the region: what is waited for. */
  awsMs: 6,
  /** CPU of one call by the SDK or to a network, on a whole core; a function has as much of one as it has memory. */
  callCpuMs: 1.25,
  /** CPU of our own code in one invocation, on a whole core. */
  ownCpuMs: 2,
};
/** Memory at which a function has one core: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const CORE_MB = 1_769;

/** What TLS sends out for each connection: hello, key share, finished, record headers. */
export const HANDSHAKE_BYTES = 900;
/** One line of the access log that `infra/api.ts` describes, with values as long as those of a request that makes a post. */
export const ACCESS_LOG_BYTES = 176;

/** One invocation's GB-seconds: what it waited for, and its CPU at its share of a core. Billed by the millisecond. */
export function gbSeconds(name: Metered, { waitedMs, calls }: { waitedMs: number; calls: number }): number {
  const memory = MEMORY_MB[name];
  const cpuMs = (TIMES.ownCpuMs + calls * TIMES.callCpuMs) * Math.max(1, CORE_MB / memory);
  return (memory / 1_024) * (Math.ceil(waitedMs + cpuMs) / 1_000);
}
