import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';

/** A handler as the functions export it. */
export type Handler<Event, Result> = (event: Event, context: Context) => Promise<Result>;

const TIMEOUT_MS = 60_000;

/** What Lambda tells a call about itself. Nothing ends a call that takes too long here. */
export function lambdaContext(functionName: string): Context {
  const startedAt = performance.now();
  const nothing = (): void => {};
  return {
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:${functionName}`,
    memoryLimitInMB: '128',
    awsRequestId: randomUUID(),
    logGroupName: functionName,
    logStreamName: 'laptop',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => TIMEOUT_MS - (performance.now() - startedAt),
    done: nothing,
    fail: nothing,
    succeed: nothing,
  };
}
