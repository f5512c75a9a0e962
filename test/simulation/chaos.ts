import type { Prng } from './prng.ts';

/** The parts of the world that may fail, each for itself. */
export type Part = 'store' | 'queue' | 'scheduler' | 'bus' | 'network';

/** What happens to one call to AWS. */
export type Fate =
  | 'fine'
  /** The machine dies before the request leaves it. */
  | 'crashBefore'
  /** The request has its effect; the machine dies before the answer reaches it. */
  | 'crashAfter'
  /** Refused, without an effect. */
  | 'refused'
  /** It had its effect, and the caller is told that it failed. */
  | 'answerLost'
  /** The SDK lost the first answer and repeats the request. */
  | 'repeated';

type Window = { readonly part: Part; readonly from: number; readonly until: number; readonly share: number };

/** How bad this seed's world is: drawn once, and over at `healAt`. */
export type Chaos = {
  readonly healAt: number;
  readonly fate: (part: Part, now: number) => Fate;
  /** One way, in ms. */
  readonly latency: (now: number) => number;
  /** Are there clocks that are wrong? */
  readonly skewed: boolean;
  /** By how many ms a machine's own clock is wrong. */
  readonly skew: () => number;
  /** By how many ms each copy of a message comes late. */
  readonly copies: (now: number) => readonly number[];
  readonly scheduleLate: (now: number) => number;
  readonly indexLag: (now: number) => number;
  /** For how long the machine stands still while this answer is under way, in ms. */
  readonly freeze: (now: number) => number;
  /** Is the part away right now? */
  readonly away: (part: Part, now: number) => boolean;
  /** Does the runtime end a machine that works on one message for over a minute, as Lambda does? */
  readonly minuteLimit: boolean;
  /** Probability of each odd answer of a network. */
  readonly oddAnswers: number;
  readonly crashes: { count: number };
};

const PARTS = ['store', 'queue', 'scheduler', 'bus', 'network'] as const;

export function drawChaos(prng: Prng, start: number, healAt: number): Chaos {
  const rate = (often: number, most: number): number => (prng.chance(often) ? prng.unit() * most : 0);
  const crash = rate(0.6, 0.02);
  const refused = rate(0.4, 0.04);
  const lost = rate(0.4, 0.03);
  const repeated = rate(0.4, 0.1);
  const frozen = rate(0.4, 0.02);
  const duplicates = rate(0.6, 0.5);
  const lateMessages = rate(0.4, 0.2);
  const skewed = prng.chance(0.5);
  const lags = prng.chance(0.7) ? 2_000 : 0;
  const slow = prng.chance(0.3);
  const oddAnswers = rate(0.7, 0.3);
  const minuteLimit = prng.chance(0.5);
  const windows = drawWindows(prng, start, healAt);
  const crashes = { count: 0 };
  const hit = (part: Part, now: number): boolean =>
    windows.some((one) => one.part === part && one.from <= now && now < one.until && prng.chance(one.share));

  return {
    healAt,
    minuteLimit,
    skewed,
    oddAnswers,
    crashes,
    away: hit,
    fate: (part, now) => {
      if (now >= healAt) return 'fine';
      if (prng.chance(crash)) return prng.chance(0.5) ? 'crashBefore' : 'crashAfter';
      if (hit(part, now) || prng.chance(refused)) return 'refused';
      if (prng.chance(lost)) return 'answerLost';
      return prng.chance(repeated) ? 'repeated' : 'fine';
    },
    latency: (now) => {
      if (slow && now < healAt && prng.chance(0.02)) return prng.int(100, 4_000);
      return prng.int(1, 8);
    },
    skew: () => {
      if (!skewed || prng.chance(0.3)) return 0;
      return prng.chance(0.2) ? prng.int(-3_000, 3_000) : prng.int(-300_000, 300_000);
    },
    copies: (now) => {
      if (now >= healAt || !prng.chance(duplicates)) return [prng.int(0, 20)];
      const late = (): number => (prng.chance(lateMessages) ? prng.int(0, 120_000) : prng.int(0, 1_500));
      return Array.from({ length: prng.int(1, 5) }, late);
    },
    scheduleLate: (now) => (now < healAt ? prng.int(0, 59_000) : 0),
    indexLag: (now) => (now < healAt ? prng.int(0, lags) : 0),
    freeze: (now) => {
      if (now >= healAt || !prng.chance(frozen)) return 0;
      return prng.chance(0.5) ? prng.int(1_000, 40_000) : prng.int(40_000, 150_000);
    },
  };
}

/** Times in which one part refuses some or all calls. */
function drawWindows(prng: Prng, start: number, healAt: number): Window[] {
  if (!prng.chance(0.4)) return [];
  return Array.from({ length: prng.int(1, 3) }, () => {
    const from = prng.int(start, healAt - 60_000);
    const until = Math.min(healAt, from + prng.int(5_000, 15 * 60_000));
    return { part: prng.pick(PARTS), from, until, share: prng.chance(0.5) ? 1 : 0.3 };
  });
}
