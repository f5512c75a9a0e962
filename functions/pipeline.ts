import middy from '@middy/core';
import partialBatchFailure from '@middy/sqs-partial-batch-failure';
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
  SQSBatchResponse,
  SQSEvent,
  SQSRecord,
} from 'aws-lambda';
import type { ZodType } from 'zod';
import { AppError } from '../shared/domain/app-error.ts';
import { MAX_RECEIVES } from '../shared/domain/messages.ts';
import type { DeadLetters, Deps, Log } from '../shared/ports.ts';
import { readEvent, toResult } from './api/http-event.ts';
import { awayProblem, internalProblem, problem } from './api/problem.ts';
import type { ApiAnswer } from './api/route.ts';
import type { RouteFile } from './api/router.ts';
import { type Reading, serve } from './api/serve.ts';
import { isAwsFault } from './aws-fault.ts';
import { putAside, reasonFor } from './dead-letter.ts';

export type LambdaHandler<Event, Result> = (event: Event, context: Context) => Promise<Result>;
export type HttpHandler = LambdaHandler<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>;
export type QueueHandler = LambdaHandler<SQSEvent, SQSBatchResponse>;

/** For API Gateway's HTTP API, payload 2.0: a refusal becomes a problem, everything else a bare 500. */
export function httpPipeline(files: readonly RouteFile[], deps: () => Deps): HttpHandler {
  const answer = serve(files);
  const loggable = withoutTokens(files);
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .use({
      onError: function answerProblem({ event, error }) {
        const reading = readEvent(event);
        const result = toResult(problemOf(error, reading, loggable(reading.path), deps), reading);
        flushed(deps);
        return result;
      },
    })
    .handler(async (event) => {
      const reading = readEvent(event);
      const result = toResult(await answer(reading, deps()), reading);
      flushed(deps);
      return result;
    });
}

export type QueueOptions<Message> = {
  readonly deps: () => Deps;
  /**
   * Puts the message back with this delay when AWS itself failed, as `error` says; the record is then acknowledged, so
   * that an outage does not count towards the dead-letter queue. Without it such a message fails like any other.
   */
  readonly resend?: (message: Message, deps: Deps, delaySeconds: number, error: unknown) => Promise<void>;
  /** Takes what cannot be read, at once, and what has failed at its last receive. Without it SQS does, in its time. */
  readonly deadLetters?: (deps: Deps) => DeadLetters;
};

/**
 * For SQS: each record is parsed and handled in a promise of its own, and fails alone. `receives` counts how often
 * the queue has handed it out, this time included.
 */
export function queuePipeline<Message>(
  schema: ZodType<Message>,
  handle: (message: Message, deps: Deps, receives: number) => Promise<void>,
  options: QueueOptions<Message>,
): QueueHandler {
  const settle = async (record: SQSRecord): Promise<void> => {
    const ready = options.deps();
    const { messageId } = record;
    const receives = Number(record.attributes?.ApproximateReceiveCount ?? 1);
    let message: Message | undefined;
    try {
      message = schema.parse(JSON.parse(record.body));
      await handleOrResend(message, ready, { messageId, receives });
    } catch (error) {
      const isLast = message === undefined || receives >= MAX_RECEIVES;
      if (!isLast || options.deadLetters === undefined) throw error;
      await putAside(options.deadLetters(ready), record, { error, receives }, ready).catch(
        (away: unknown) => {
          ready.log.error('a dead letter could not be put aside', { messageId, error: whole(away) });
          throw error;
        },
      );
      ready.log.error('message put aside', {
        messageId,
        ...idsOf(message),
        receives,
        reason: reasonFor(error),
      });
    }
  };
  const handleOrResend = async (
    message: Message,
    ready: Deps,
    { messageId, receives }: { messageId: string; receives: number },
  ): Promise<void> => {
    try {
      await handle(message, ready, receives);
    } catch (error) {
      if (options.resend === undefined || !isAwsFault(error)) throw error;
      ready.log.warn('AWS failed, message sent again', { messageId, ...idsOf(message), error: whole(error) });
      await options.resend(message, ready, resendDelay(ready), error);
    }
  };
  const logger = (reason: unknown, record: SQSRecord) => {
    const tries = record.attributes?.ApproximateReceiveCount;
    logError(options.deps, 'message failed', { messageId: record.messageId, tries, error: whole(reason) });
  };
  return middy<SQSEvent>(UNTIL_LAMBDA_ENDS_IT)
    .use(partialBatchFailure({ logger }))
    .handler(async (event: SQSEvent) => {
      const settled = await Promise.allSettled(event.Records.map(settle));
      flushed(options.deps);
      return settled;
    });
}

/**
 * Middy would answer for a call whose time is almost up. Lambda then keeps the process, freezes it, and what was under
 * way goes on in some later call, when others have taken it over; and nobody counts a call that ran out of time. Lambda
 * ends both together, and says so. Somebody waits for the API: there, an answer is worth more.
 */
const UNTIL_LAMBDA_ENDS_IT = { timeoutEarlyInMillis: 0 };

/** For a recurring schedule: a fault is logged and thrown, so that it is counted and an alarm hears of it. */
export function schedulePipeline(
  handle: (deps: Deps) => Promise<void>,
  deps: () => Deps,
): LambdaHandler<unknown, void> {
  return middy<unknown, void>(UNTIL_LAMBDA_ENDS_IT)
    .onError(({ error }) => logError(deps, 'scheduled run failed', { error: whole(error) }))
    .handler(async () => {
      try {
        await handle(deps());
      } finally {
        flushed(deps);
      }
    });
}

/** A path as the log may have it: whoever has a link's token may do what it is for, and may see whom it was sent to. */
function withoutTokens(files: readonly RouteFile[]): (path: string) => string {
  const open = files
    .flatMap(({ paths }) => paths)
    .flatMap((path) => (path.includes('{token}') ? [path.slice(0, path.indexOf('{token}'))] : []));
  return (path) => {
    const before = open.find((one) => path.startsWith(one));
    return before === undefined ? path : `${before}…`;
  };
}

function problemOf(error: unknown, reading: Reading, path: string, deps: () => Deps): ApiAnswer {
  if (error instanceof AppError) return problem(error, reading);
  const { requestId, method } = reading;
  logError(deps, 'request failed', { requestId, method, path, error: whole(error) });
  return isAwsFault(error) ? awayProblem(requestId, reading) : internalProblem(requestId, reading);
}

/** 30–60 s, spread, so that an outage does not end in one burst. */
function resendDelay(deps: Pick<Deps, 'random'>): number {
  const [byte = 0] = deps.random.bytes(1);
  return 30 + (byte % 31);
}

/** Which agency, brand, post or channel a message is about. */
function idsOf(message: unknown): Readonly<Record<string, unknown>> {
  if (typeof message !== 'object' || message === null) return {};
  return Object.fromEntries(Object.entries(message).filter(([name]) => /^(kind|\w+Id)$/.test(name)));
}

/** The metrics of this call; without a composition root there are none. */
function flushed(deps: () => Deps): void {
  try {
    deps().log.flush?.();
  } catch {
    // That it could not be built is told already.
  }
}

/** When even the composition root fails there is no log, and the reason must not be lost. */
function logError(deps: () => Deps, message: string, fields: Record<string, unknown>): void {
  let log: Pick<Log, 'error'>;
  try {
    log = deps().log;
  } catch {
    log = {
      error: (text, more) => console.error(JSON.stringify({ level: 'error', message: text, ...more })),
    };
  }
  log.error(message, fields);
}

/** Everything that is known of a fault, as data. */
function whole(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack, cause } = error;
  return { name, message, stack, ...(cause === undefined ? {} : { cause: whole(cause) }) };
}
