import type { Log } from '../../shared/ports.ts';

export type Timer = { readonly stop: () => Promise<void> };

/** Runs `act` again and again; `waitMs` says how long until the next time. Runs never overlap; a failure is logged. */
export function repeat(name: string, waitMs: () => number, act: () => Promise<unknown>, log: Log): Timer {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> = Promise.resolve();
  let stopped = false;
  const next = (): void => {
    timer = setTimeout(() => {
      running = Promise.resolve()
        .then(act)
        .catch((error: unknown) => log.error('a repeated act failed', { name, error }))
        .finally(() => {
          if (!stopped) next();
        });
    }, waitMs());
  };
  next();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** Milliseconds to the next full hour. */
export function untilFullHour(now: number): number {
  const hour = 3_600_000;
  return hour - (now % hour);
}
