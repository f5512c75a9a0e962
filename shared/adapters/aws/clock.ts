import type { Clock } from '../../ports.ts';

/** A clock that can be told what another clock reads. */
export type CorrectedClock = Clock & {
  /**
   * Takes note of the `Date` header of an answer that took `roundTripMs`: the other clock stood in that second at
   * some time under way. A header that cannot be read tells nothing.
   */
  readonly compare: (dateHeader: string, roundTripMs: number) => void;
};

/** What every AWS SDK client offers of itself: enough to hang a watcher into its middleware. */
export type WatchableClient = {
  readonly middlewareStack: {
    add(middleware: Watcher, options: { step: 'deserialize'; name: string; override: boolean }): void;
  };
};

/**
 * The machine's clock, left alone as long as no header contradicts it. Each answer leaves an interval for the
 * difference between the clocks, and all of them together a narrow one; outside it the clock is corrected to its
 * lower end, so that a corrected clock is never ahead.
 */
export function systemClock(
  wallClock: () => number = Date.now,
  running: () => number = () => performance.now(),
): CorrectedClock {
  let correctionMs = 0;
  let known = ANYTHING;
  return {
    now: () => wallClock() + correctionMs,
    monotonic: unfrozen(wallClock, running),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms))),
    compare: (dateHeader, roundTripMs) => {
      const second = Date.parse(dateHeader);
      if (Number.isNaN(second)) return;
      const here = wallClock();
      const told = { low: second - here, high: second + 1_000 + Math.max(0, roundTripMs) - here };
      const both = { low: Math.max(known.low, told.low), high: Math.min(known.high, told.high) };
      // A contradiction: the machine's clock was set, or has drifted away from what was known of it.
      known = both.low <= both.high ? both : told;
      correctionMs = known.low <= 0 && known.high >= 0 ? 0 : Math.ceil(known.low);
    },
  };
}

/**
 * A clock that never goes back, and goes on while the process is frozen: between two calls of a function, or when a
 * laptop sleeps, the system's own one (`running`) may stand. What the wall clock is ahead by then counts as passed; so
 * does a wall clock that is set forward, and then a claim is only too old too early.
 */
function unfrozen(wallClock: () => number, running: () => number): () => number {
  const aheadBy = (): number => wallClock() - running();
  let known = aheadBy();
  let frozenMs = 0;
  return () => {
    const ahead = aheadBy();
    if (ahead - known > NOTICED_MS) frozenMs += ahead - known;
    if (Math.abs(ahead - known) > NOTICED_MS) known = ahead;
    return running() + frozenMs;
  };
}

/** More than the rounding of one of the clocks; shorter pauses add up to it. */
const NOTICED_MS = 500;

const ANYTHING = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

/** From now on every answer that this client gets, good or bad, is compared with the clock. */
export function watchClock(clock: CorrectedClock, client: WatchableClient): void {
  const watcher: Watcher = (next) => async (args) => {
    const startedAt = performance.now();
    const compare = (response: unknown): void => {
      const date = dateHeader(response);
      if (date) clock.compare(date, performance.now() - startedAt);
    };
    try {
      const result = await next(args);
      compare(result.response);
      return result;
    } catch (error) {
      compare((error as { $response?: unknown }).$response);
      throw error;
    }
  };
  client.middlewareStack.add(watcher, { step: 'deserialize', name: 'watchClock', override: true });
}

// biome-ignore lint/suspicious/noExplicitAny: the SDK types its middleware per client; this one fits them all
type Next = (args: any) => Promise<any>;
type Watcher = (next: Next) => Next;

function dateHeader(response: unknown): string | undefined {
  const headers = (response as { headers?: Record<string, string> } | undefined)?.headers;
  return headers?.date ?? headers?.Date;
}
