import { systemClock } from '../../shared/adapters/aws/clock.ts';
import type { Clock } from '../../shared/ports.ts';
import type { Chaos, Part } from './chaos.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** One instance of a function: its own clock, its own memory, and it may die at every await. */
export type Machine = {
  readonly id: number;
  readonly clock: Clock;
  readonly alive: () => boolean;
  /** From here on nothing of what runs on this machine goes on. */
  readonly kill: (why: string) => void;
  /** A request to AWS. The effect happens there, whatever becomes of the machine meanwhile. */
  readonly call: <Answer>(part: Part, what: string, effect: () => Promise<Answer>) => Promise<Answer>;
  /** Goes on here at that time, if the machine lives and does not stand still then. */
  readonly resumeAt: (at: number, go: () => void) => void;
};

export type MachineWorld = {
  readonly clock: VirtualClock;
  readonly chaos: Chaos;
  readonly trace: (line: string) => void;
};

export function machine({ clock, chaos, trace }: MachineWorld, id: number): Machine {
  const skew = chaos.skew();
  const corrected = systemClock(() => clock.now() + skew);
  let alive = true;
  let frozenUntil = 0;
  const kill = (why: string): void => {
    if (!alive) return;
    alive = false;
    chaos.crashes.count += 1;
    trace(`m${id} dies: ${why}`);
  };
  const resumeAt = (at: number, go: () => void): void => {
    clock.at(Math.max(at, frozenUntil), () => {
      if (!alive) return;
      if (clock.now() < frozenUntil) resumeAt(frozenUntil, go);
      else go();
    });
  };

  return {
    id,
    alive: () => alive,
    kill,
    resumeAt,
    clock: {
      now: corrected.now,
      monotonic: clock.now,
      sleep: (ms) => new Promise((resolve) => resumeAt(clock.now() + Math.max(0, ms), resolve)),
    },
    call: (part, what, effect) =>
      new Promise((resolve, reject) => {
        const sentAt = clock.now();
        const fate = chaos.fate(part, sentAt);
        if (fate !== 'fine') trace(`m${id} ${what}: ${fate}`);
        if (fate === 'crashBefore') return kill(what);
        const answer = (settle: () => void): void => {
          const answeredAt = clock.now();
          const stop = chaos.freeze(answeredAt);
          if (stop > 0) {
            trace(`m${id} stands still for ${stop} ms in ${what}`);
            frozenUntil = Math.max(frozenUntil, answeredAt + stop);
          }
          resumeAt(answeredAt + chaos.latency(answeredAt), () => {
            if (fate === 'crashAfter') return kill(what);
            if (part === 'store') corrected.compare(dateHeader(answeredAt), clock.now() - sentAt);
            settle();
          });
        };
        clock.at(sentAt + chaos.latency(sentAt), () => {
          if (fate === 'refused') return answer(() => reject(throttled(what)));
          const done = fate === 'repeated' ? effect().then(effect) : effect();
          done.then(
            (value) => answer(() => (fate === 'answerLost' ? reject(timedOut(what)) : resolve(value))),
            (error: unknown) => answer(() => reject(error)),
          );
        });
      }),
  };
}

/** Most answers of a world come within the second of the one before, and telling a date costs more than an answer. */
let toldOf = { second: Number.NaN, header: '' };
function dateHeader(at: number): string {
  const second = Math.floor(at / 1_000);
  if (second !== toldOf.second) toldOf = { second, header: new Date(at).toUTCString() };
  return toldOf.header;
}

/** Faults look as the AWS SDK's do. */
const throttled = (what: string): Error =>
  Object.assign(new Error(`throttled: ${what}`), { name: 'ThrottlingException', $fault: 'server' });
const timedOut = (what: string): Error =>
  Object.assign(new Error(`no answer: ${what}`), { name: 'TimeoutError', $metadata: {} });
