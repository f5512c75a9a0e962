import type { Clock } from '../../ports.ts';

/** A clock that can be told what another clock reads. */
export type CorrectedClock = Clock & {
  /**
   * Takes note of the `Date` header of an answer that took `roundTripMs`. An answer that took over a second, or a
   * header that cannot be read, tells nothing.
   */
  readonly compare: (dateHeader: string, roundTripMs: number) => void;
};

/** What every AWS SDK client offers of itself: enough to hang a watcher into its middleware. */
export type WatchableClient = {
  readonly middlewareStack: {
    add(middleware: Watcher, options: { step: 'deserialize'; name: string; override: boolean }): void;
  };
};

/** Differences up to this many milliseconds are left alone: a `Date` header knows only whole seconds. */
const TOLERANCE_MS = 2_000;
const SLOWEST_MS = 1_000;

/** The machine's clock, corrected by the last comparison when it is more than two seconds off. */
export function systemClock(wallClock: () => number = Date.now): CorrectedClock {
  let correctionMs = 0;
  return {
    now: () => wallClock() + correctionMs,
    monotonic: () => performance.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms))),
    compare: (dateHeader, roundTripMs) => {
      const second = Date.parse(dateHeader);
      if (Number.isNaN(second) || roundTripMs > SLOWEST_MS) return;
      const readThere = second + 500 + roundTripMs / 2;
      const differenceMs = Math.round(readThere - wallClock());
      correctionMs = Math.abs(differenceMs) > TOLERANCE_MS ? differenceMs : 0;
    },
  };
}

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
