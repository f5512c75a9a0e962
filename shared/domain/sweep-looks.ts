import { AGES, type Age } from './metrics.ts';
import { HOUR, type Instant } from './time.ts';

/** A sweep takes over where the one before it ended. */
export type SweepSpan = { readonly since: Instant; readonly at: Instant };
type Range = { readonly from: Instant; readonly to: Instant };
/** Publications of `from <= publishedAt < to` come of this age in a span. */
export type Look = Range & { readonly age: Age };

/**
 * What a sweep looks for: for each age the publications that have come of it since it was last collected, as long as
 * they still count. Spans that follow on each other leave no gap and name no publication twice.
 */
export function looksIn({ since, at }: SweepSpan): Look[] {
  return AGES.flatMap(({ age, afterMs, untilMs, everyMs }) => {
    // The first age counts for as long as a sweep takes to come again, so it is not kept waiting for a full hour.
    const begun = (instant: Instant): Instant => (age === '1h' ? instant : lastFull(instant, everyMs));
    const from = Math.max(begun(since), at - (untilMs - afterMs));
    const to = begun(at);
    return from < to ? [{ age, from: from - afterMs, to: to - afterMs }] : [];
  });
}

/** Has one of these full times, counted in UTC, passed in a span? */
export const passes = ({ since, at }: SweepSpan, everyMs: number): boolean =>
  lastFull(since, everyMs) < lastFull(at, everyMs);

const lastFull = (instant: Instant, everyMs: number): Instant => Math.floor(instant / everyMs) * everyMs;

/** Ranges that lie near each other as one: a query costs more than the entries between them. */
export function joined(ranges: readonly Range[]): Range[] {
  const all: Range[] = [];
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = all.at(-1);
    if (last && from - last.to < NEAR) all.splice(-1, 1, { from: last.from, to: Math.max(last.to, to) });
    else all.push({ from, to });
  }
  return all;
}

/** Brands with many posts should not read a day of entries for nothing; those of a few hours fit into one read. */
const NEAR = 20 * HOUR;
