import type { Context, SQSRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type QueueOptions, queuePipeline, schedulePipeline } from '../../../functions/pipeline.ts';
import type { DeadLetters, Deps } from '../../../shared/ports.ts';

const message = z.object({ id: z.string() });
type Message = z.infer<typeof message>;
const context = {} as Context;
const almostOver = { getRemainingTimeInMillis: () => 10 } as Context;

function world() {
  const errors: { message: string; fields?: Readonly<Record<string, unknown>> }[] = [];
  const log: Deps['log'] = {
    info: () => {},
    warn: () => {},
    error: (text, fields) =>
      void errors.push(fields === undefined ? { message: text } : { message: text, fields }),
  };
  const clock = { now: () => Date.UTC(2026, 10, 30, 8) };
  const deps = { log, clock, random: { bytes: () => new Uint8Array([7]) } } as unknown as Deps;
  return { deps, errors };
}

const aRecord = (messageId: string, body: string, receives = 1) =>
  ({
    messageId,
    body,
    attributes: { ApproximateReceiveCount: String(receives), MessageGroupId: 'agy_1' },
  }) as unknown as SQSRecord;

function pipeline(
  handle: (message: Message, deps: Deps, receives: number) => Promise<void>,
  options: Partial<QueueOptions<Message>> = {},
) {
  const { deps, errors } = world();
  const handler = queuePipeline(message, handle, { deps: () => deps, ...options });
  return { errors, run: (...Records: SQSRecord[]) => handler({ Records }, context) };
}

const throttled = () =>
  Object.assign(new Error('slow down'), { name: 'ThrottlingException', $fault: 'client' });

describe('the queue pipeline', () => {
  it('has the log write its metrics once, when all records have ended, also those that failed', async () => {
    const ended: string[] = [];
    const { deps } = world();
    const log = { ...deps.log, flush: () => void ended.push('flushed') };
    const handle = async ({ id }: Message): Promise<void> => {
      ended.push(id);
      if (id === 'b') throw new Error('broken');
    };
    const handler = queuePipeline(message, handle, { deps: () => ({ ...deps, log }) });
    const Records = ['a', 'b'].map((id) => aRecord(`m-${id}`, JSON.stringify({ id })));
    await handler({ Records }, context);
    expect(ended).toEqual(['a', 'b', 'flushed']);
  });

  it('gives no answer while it works, also when its time is up: Lambda would freeze the work and let it go on later', async () => {
    const ended: string[] = [];
    const { deps } = world();
    const handler = queuePipeline(
      message,
      async ({ id }) => {
        await new Promise((resolve) => setTimeout(resolve, 30));
        ended.push(id);
      },
      { deps: () => deps },
    );
    const Records = [aRecord('m-1', '{"id":"a"}')];
    expect(await handler({ Records }, almostOver)).toEqual({ batchItemFailures: [] });
    expect(ended).toEqual(['a']);
  });

  it('acknowledges what was handled and returns only what failed', async () => {
    const handled: string[] = [];
    const { run, errors } = pipeline(async ({ id }) => {
      if (id === 'b') throw new Error('broken');
      handled.push(id);
    });
    const records = ['a', 'b', 'c'].map((id) => aRecord(`m-${id}`, JSON.stringify({ id })));
    expect(await run(...records)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-b' }] });
    expect(handled).toEqual(['a', 'c']);
    expect(errors).toMatchObject([
      { message: 'message failed', fields: { messageId: 'm-b', error: { message: 'broken' } } },
    ]);
  });

  it('lets a message that cannot be read fail alone, and says why', async () => {
    const { run, errors } = pipeline(async () => {});
    const result = await run(
      aRecord('m-1', '{'),
      aRecord('m-2', '{"id":5}', 4),
      aRecord('m-3', '{"id":"x"}'),
    );
    expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-1' }, { itemIdentifier: 'm-2' }] });
    expect(errors.map(({ fields }) => fields)).toMatchObject([
      { messageId: 'm-1', error: { name: 'SyntaxError' } },
      { messageId: 'm-2', tries: '4', error: { name: 'ZodError' } },
    ]);
  });

  it('tells how often a message was received', async () => {
    const seen: number[] = [];
    const { run } = pipeline(async (_, __, receives) => void seen.push(receives));
    await run(aRecord('m-1', '{"id":"a"}'), aRecord('m-2', '{"id":"b"}', 3));
    expect(seen).toEqual([1, 3]);
  });

  it('sends a message again after 30 to 60 s when AWS itself failed, told how, and acknowledges it', async () => {
    const again: unknown[] = [];
    const fault = new Error('could not write', { cause: throttled() });
    const { run } = pipeline(
      async () => {
        throw fault;
      },
      { resend: async (sent, _, delaySeconds, error) => void again.push([sent, delaySeconds, error]) },
    );
    expect(await run(aRecord('m-1', '{"id":"a"}', 2))).toEqual({ batchItemFailures: [] });
    expect(again).toEqual([[{ id: 'a' }, 37, fault]]);
  });

  it('lets the message fail when it could not be sent again either', async () => {
    const { run } = pipeline(
      async () => {
        throw throttled();
      },
      {
        resend: async () => {
          throw new Error('the queue is away, too');
        },
      },
    );
    expect(await run(aRecord('m-1', '{"id":"a"}'))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm-1' }],
    });
  });

  it('does not send a message again that fails by a bug', async () => {
    const again: unknown[] = [];
    const { run } = pipeline(
      async () => {
        throw new TypeError('undefined is not a function');
      },
      { resend: async (sent) => void again.push(sent) },
    );
    expect(await run(aRecord('m-1', '{"id":"a"}'))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm-1' }],
    });
    expect(again).toEqual([]);
  });

  it('returns every message when nothing could be built', async () => {
    const { run } = pipeline(async () => {}, {
      deps: () => {
        throw new Error('no environment');
      },
    });
    const result = await run(aRecord('m-1', '{"id":"a"}'), aRecord('m-2', '{"id":"b"}'));
    expect(result.batchItemFailures).toHaveLength(2);
  });
});

describe('a message that has failed for good', () => {
  const letters = () => {
    const put: Parameters<DeadLetters['put']>[0][] = [];
    return {
      put,
      deadLetters: () => ({ put: async (letter: (typeof put)[number]) => void put.push(letter) }),
    };
  };
  const broken = async () => {
    throw new TypeError('undefined is not a function');
  };

  it('is put aside with the reason at its last receive, and acknowledged', async () => {
    const { put, deadLetters } = letters();
    const { run, errors } = pipeline(broken, { deadLetters });
    expect(await run(aRecord('m-1', '{"id":"a"}', 5))).toEqual({ batchItemFailures: [] });
    expect(put).toEqual([
      {
        body: '{"id":"a"}',
        group: 'agy_1',
        reason: 'TypeError: undefined is not a function',
        receives: 5,
        failedAt: Date.UTC(2026, 10, 30, 8),
      },
    ]);
    expect(errors).toMatchObject([
      { message: 'message put aside', fields: { messageId: 'm-1', receives: 5 } },
    ]);
  });

  it('fails like before until then', async () => {
    const { put, deadLetters } = letters();
    const { run } = pipeline(broken, { deadLetters });
    for (const receives of [1, 2, 3, 4]) {
      const { batchItemFailures } = await run(aRecord('m-1', '{"id":"a"}', receives));
      expect(batchItemFailures).toHaveLength(1);
    }
    expect(put).toEqual([]);
  });

  it('is put aside at once when it cannot be read, and its neighbours are handled', async () => {
    const { put, deadLetters } = letters();
    const handled: string[] = [];
    const { run } = pipeline(async ({ id }) => void handled.push(id), { deadLetters });
    const records = [aRecord('m-1', '{secret'), aRecord('m-2', '{"id":5}'), aRecord('m-3', '{"id":"x"}')];
    expect(await run(...records)).toEqual({ batchItemFailures: [] });
    expect(handled).toEqual(['x']);
    expect(put.map(({ reason, receives }) => [reason, receives])).toEqual([
      ['SyntaxError: not JSON', 1],
      ['not as expected: /id invalid_type', 1],
    ]);
  });

  it('is left to SQS when it cannot be put aside', async () => {
    const put = async () => {
      throw throttled();
    };
    const { run, errors } = pipeline(broken, { deadLetters: () => ({ put }) });
    expect(await run(aRecord('m-1', '{"id":"a"}', 5))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm-1' }],
    });
    expect(errors).toMatchObject([
      { message: 'a dead letter could not be put aside', fields: { error: { message: 'slow down' } } },
      { message: 'message failed', fields: { error: { message: 'undefined is not a function' } } },
    ]);
  });

  it('is not what AWS failed: that is sent again at the last receive, too', async () => {
    const { put, deadLetters } = letters();
    const again: unknown[] = [];
    const { run } = pipeline(
      async () => {
        throw throttled();
      },
      { deadLetters, resend: async (sent) => void again.push(sent) },
    );
    expect(await run(aRecord('m-1', '{"id":"a"}', 5))).toEqual({ batchItemFailures: [] });
    expect([put, again]).toEqual([[], [{ id: 'a' }]]);
  });
});

describe('the schedule pipeline', () => {
  it('logs a fault and throws it on', async () => {
    const { deps, errors } = world();
    const handler = schedulePipeline(
      async () => {
        throw new Error('no table');
      },
      () => deps,
    );
    await expect(handler({}, context)).rejects.toThrow('no table');
    expect(errors).toMatchObject([
      { message: 'scheduled run failed', fields: { error: { message: 'no table' } } },
    ]);
  });

  it('gives no answer while it works, also when its time is up', async () => {
    let ended = false;
    const handler = schedulePipeline(
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 30));
        ended = true;
      },
      () => world().deps,
    );
    await handler({}, almostOver).catch(() => {});
    expect(ended).toBe(true);
  });
});
