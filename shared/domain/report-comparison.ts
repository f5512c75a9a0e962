import type { Comparison, Resonances, WeekFigures } from './report.ts';

const NO_WEEK: Resonances = { counted: 0, interactions: 0, mean: null };
/** Below these a percentage says more about chance than about the posts. */
const LEAST_POSTS = 3;
const LEAST_BASE = 20;

/** Interactions per publication; a week without a counted publication has no mean, not a mean of 0. */
export function resonances(values: readonly number[]): Resonances {
  return ofSums(values.length, sum(values));
}

/** A past period beside this one. Null when nothing was counted then. */
export function compare(now: Resonances, before: Resonances): Comparison | null {
  if (before.mean === null) return null;
  return { ...before, change: change(now, before) };
}

/**
 * This week beside the mean of the (up to four) weeks before it, newest first. Null with fewer than two weeks:
 * that would be last week again.
 */
export function compareFourWeeks(
  now: Resonances,
  weeks: readonly (WeekFigures | undefined)[],
): (Comparison & { weeks: number }) | null {
  const told = weeks.slice(0, 4).filter((week) => week !== undefined && week.counted > 0);
  if (told.length < 2) return null;
  const all = told.reduce<Resonances>(
    (so, week) => ofSums(so.counted + (week?.counted ?? 0), so.interactions + (week?.interactions ?? 0)),
    NO_WEEK,
  );
  const compared = compare(now, all);
  return compared && { ...compared, weeks: told.length };
}

export function figuresOf(week: WeekFigures | undefined): Resonances {
  return week ? ofSums(week.counted, week.interactions) : NO_WEEK;
}

/** The middle value, or the mean of the two middle ones; undefined for no values. */
export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  const high = sorted[Math.ceil((sorted.length - 1) / 2)];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function change(now: Resonances, before: Resonances): number | null {
  if (now.counted < LEAST_POSTS || before.counted < LEAST_POSTS) return null;
  if (before.interactions < LEAST_BASE || now.mean === null || before.mean === null) return null;
  return now.mean / before.mean - 1;
}

function ofSums(counted: number, interactions: number): Resonances {
  return { counted, interactions, mean: counted === 0 ? null : interactions / counted };
}
