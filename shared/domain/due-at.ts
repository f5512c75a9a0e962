import { type Finding, finding } from './finding.ts';
import type { DueAtInput } from './post.ts';
import { DAY, type Instant, MINUTE, toRfc3339 } from './time.ts';
import { land, toLocal, type WallClock } from './wall-clock.ts';

const PAST_TOLERANCE = MINUTE;
const MAX_DAYS = 400;

export type DueAt = { readonly at: Instant; readonly wall?: WallClock };

/**
 * Turns what the author said into an instant, or says what is wrong with it. `path` is where it stood; `promised`
 * holds instants that the post already has, which may be past.
 */
export function readDueAt(
  input: DueAtInput,
  brandZone: string,
  now: Instant,
  path: string,
  promised: ReadonlySet<Instant> = new Set(),
): { due: DueAt } | { finding: Finding } {
  const read =
    input === 'now'
      ? { due: { at: now } }
      : typeof input === 'string'
        ? instant(input, path)
        : wallClock(input, brandZone, path);
  if ('finding' in read) return read;
  const { at } = read.due;
  if (promised.has(at)) return read;
  if (at < now - PAST_TOLERANCE)
    return { finding: finding('error', 'time_past', path, { at: toRfc3339(at) }) };
  if (at > now + MAX_DAYS * DAY)
    return { finding: finding('error', 'time_too_far', path, { days: MAX_DAYS }) };
  return read;
}

function instant(text: string, path: string): { due: DueAt } | { finding: Finding } {
  const at = Date.parse(text);
  return Number.isNaN(at) ? { finding: finding('error', 'time_invalid', path) } : { due: { at } };
}

function wallClock(
  input: Exclude<DueAtInput, string>,
  brandZone: string,
  path: string,
): { due: DueAt } | { finding: Finding } {
  const wall: WallClock = { local: input.local, timeZone: input.timeZone ?? brandZone };
  const landing = land(wall);
  const said = (at: Instant): string => toLocal(at, wall.timeZone);
  switch (landing.kind) {
    case 'exact':
      return { due: { at: landing.at, wall } };
    case 'invalid':
      return { finding: finding('error', 'time_invalid', `${path}/local`) };
    case 'gap':
      return {
        finding: finding('error', 'time_gap', `${path}/local`, {
          ...wall,
          before: said(landing.before),
          after: said(landing.after),
        }),
      };
    case 'overlap':
      if (input.disambiguation) return { due: { at: landing[input.disambiguation], wall } };
      return {
        finding: finding('error', 'time_overlap', `${path}/local`, {
          ...wall,
          earlier: said(landing.earlier),
          later: said(landing.later),
        }),
      };
  }
}
