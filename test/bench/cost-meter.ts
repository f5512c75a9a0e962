import { AsyncLocalStorage } from 'node:async_hooks';
import { type Billed, gbSeconds, type Metered, PRICES, type Service } from './cost-prices.ts';

export type Line = {
  readonly call: string;
  readonly service: Service;
  readonly count: number;
  readonly usd: number;
};

export type Meter = ReturnType<typeof meter>;

/** Counts calls and what is billed for them. `of` names the call; the same call may be billed for several things. */
export function meter() {
  const lines = new Map<string, { call: string; billed: Billed; count: number; usd: number }>();
  const invocation = new AsyncLocalStorage<{ calls: number; gathers: boolean }>();

  const bill = (call: string, billed: Billed, amount: number, times = 1): void => {
    const line = lines.get(`${call} ${billed}`) ?? { call, billed, count: 0, usd: 0 };
    line.count += times;
    line.usd += amount * PRICES[billed].usd;
    lines.set(`${call} ${billed}`, line);
  };
  return {
    bill,
    /** One more call that the function under way makes: it costs CPU. */
    called: (): void => {
      const under = invocation.getStore();
      if (under) under.calls += 1;
    },
    /** The same; what is asked for in one turn goes in one call (`adapters/aws/batched-gets.ts`). */
    calledTogether: (): void => {
      const under = invocation.getStore();
      if (!under || under.gathers) return;
      under.calls += 1;
      under.gathers = true;
      process.nextTick(() => {
        under.gathers = false;
      });
    },
    /** Runs one invocation of a function and bills it. */
    async invoke<Answer>(name: Metered, now: () => number, run: () => Promise<Answer>): Promise<Answer> {
      const under = { calls: 0, gathers: false };
      const startedAt = now();
      try {
        return await invocation.run(under, run);
      } finally {
        bill(`invoke ${name}`, 'lambda.request', 1);
        bill(
          `run ${name}`,
          'lambda.gb-second',
          gbSeconds(name, { waitedMs: now() - startedAt, calls: under.calls }),
        );
      }
    },
    lines: (): Line[] =>
      [...lines.values()].map(({ call, billed, count, usd }) => ({
        call,
        service: PRICES[billed].service,
        count,
        usd,
      })),
    /** From now on it counts from zero. */
    reset: (): void => lines.clear(),
  };
}
