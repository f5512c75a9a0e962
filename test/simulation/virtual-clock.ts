import type { Clock } from '../../shared/ports.ts';

type Timer = { readonly at: number; readonly order: number; readonly fire: () => void };

/** Time that moves only when `run` moves it: from timer to timer, never backwards. */
export type VirtualClock = Clock & {
  /** Calls `fire` at `at`, or as soon as time moves when that is past. */
  readonly at: (at: number, fire: () => void) => void;
  /** Runs every timer up to `until` in order, letting each one's work come to rest before the next. */
  readonly run: (until: number) => Promise<void>;
};

export function virtualClock(start: number): VirtualClock {
  let now = start;
  let order = 0;
  const timers: Timer[] = [];
  const at = (when: number, fire: () => void): void => {
    order += 1;
    timers.push({ at: Math.max(now, when), order, fire });
    timers.sort((a, b) => a.at - b.at || a.order - b.order);
  };
  return {
    now: () => now,
    monotonic: () => now - start,
    sleep: (ms) => new Promise((resolve) => at(now + Math.max(0, ms), resolve)),
    at,
    run: async (until) => {
      await rest();
      for (let timer = timers[0]; timer && timer.at <= until; timer = timers[0]) {
        timers.shift();
        now = timer.at;
        timer.fire();
        await rest();
      }
      now = until;
    },
  };
}

/** Everything that can go on without time passing has gone on. The stores here are in memory: a few turns do. */
async function rest(): Promise<void> {
  for (let turns = 0; turns < 4; turns++) await new Promise((resolve) => setImmediate(resolve));
}
