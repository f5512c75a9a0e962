import type { Clock } from '../../shared/ports.ts';

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
  const timers = timerHeap();
  const at = (when: number, fire: () => void): void => {
    order += 1;
    timers.push({ at: Math.max(now, when), order, fire });
  };
  return {
    now: () => now,
    monotonic: () => now - start,
    sleep: (ms) => new Promise((resolve) => at(now + Math.max(0, ms), resolve)),
    at,
    run: async (until) => {
      await rest();
      for (let timer = timers.first(); timer && timer.at <= until; timer = timers.first()) {
        timers.pop();
        now = timer.at;
        timer.fire();
        await rest();
      }
      now = until;
    },
  };
}

/**
 * Everything that can go on without time passing has gone on. Node empties the queue of promises before the next
 * tick, and nothing here waits for anything but promises.
 */
const rest = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

type Timer = { readonly at: number; readonly order: number; readonly fire: () => void };

/** A binary heap: the earliest timer first, of equal ones the older. */
function timerHeap() {
  const heap: Timer[] = [];
  const before = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
  return {
    first: (): Timer | undefined => heap[0],
    push(timer: Timer): void {
      let place = heap.length;
      while (place > 0) {
        const above = (place - 1) >> 1;
        const parent = heap[above];
        if (!parent || before(parent, timer)) break;
        heap[place] = parent;
        place = above;
      }
      heap[place] = timer;
    },
    pop(): void {
      const last = heap.pop();
      if (!last || heap.length === 0) return;
      let place = 0;
      for (;;) {
        const left = heap[2 * place + 1];
        const right = heap[2 * place + 2];
        const child = right && left && before(right, left) ? right : left;
        if (!child || before(last, child)) break;
        heap[place] = child;
        place = 2 * place + (child === right ? 2 : 1);
      }
      heap[place] = last;
    },
  };
}
