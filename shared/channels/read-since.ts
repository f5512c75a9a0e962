import type { Instant } from '../domain/time.ts';

/** One page of a list, as a network gives it; `next` asks for the one that follows, absent at the end. */
export type ListPage<Entry> = { readonly entries: readonly Entry[]; readonly next?: string | undefined };

/** A look is made under a claim, which does not last for more. */
const MOST_PAGES = 5;

/**
 * Reads a list of which nobody promises the order until all is known that came at `from` or later: to its end, or as
 * far as it has stood newest first down to an entry from before. `whole`: all of that is among the entries.
 */
export async function readSince<Entry, Failure extends { readonly kind: string }>(
  read: (next: string | undefined) => Promise<ListPage<Entry> | Failure>,
  timeOf: (entry: Entry) => Instant,
  from: Instant,
): Promise<{ readonly entries: readonly Entry[]; readonly whole: boolean } | Failure> {
  const entries: Entry[] = [];
  let next: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = await read(next);
    if ('kind' in page) return page;
    entries.push(...page.entries);
    next = page.next;
    if (next === undefined || goesBackTo(from, entries.map(timeOf))) return { entries, whole: true };
  }
  return { entries, whole: false };
}

/** Equal times alone are no order. */
function goesBackTo(from: Instant, times: readonly Instant[]): boolean {
  const [first = from, last = from] = [times[0], times.at(-1)];
  return last < from && last < first && times.every((time, n) => time <= (times[n - 1] ?? time));
}
