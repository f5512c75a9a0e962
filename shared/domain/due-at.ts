import { type Finding, finding, type Rule } from './finding.ts';
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
  const [, local = '', offset] = /^(.{16}(?::\d{2})?)(.*)$/.exec(input.local) ?? [];
  const wall: WallClock = { local, timeZone: input.timeZone ?? brandZone };
  const landing = land(wall);
  const said = (at: Instant): string => toLocal(at, wall.timeZone);
  const wrong = (rule: Rule, params: Finding['params'] = {}) => ({
    finding: finding('error', rule, `${path}/local`, params),
  });
  if (landing.kind === 'invalid') return wrong('time_invalid');
  if (landing.kind === 'gap') {
    return wrong('time_gap', { ...wall, before: said(landing.before), after: said(landing.after) });
  }
  const possible = landing.kind === 'exact' ? [landing.at] : [landing.earlier, landing.later];
  const meant = possible.filter(
    (at) =>
      (!offset || said(at).endsWith(offset === 'Z' ? '+00:00' : offset)) &&
      (landing.kind === 'exact' || !input.disambiguation || landing[input.disambiguation] === at),
  );
  const [at, another] = meant;
  if (at === undefined) {
    const { timeZone } = wall;
    return wrong('time_offset', { local: input.local, timeZone, said: possible.map(said).join(', ') });
  }
  if (another !== undefined)
    return wrong('time_overlap', { ...wall, earlier: said(at), later: said(another) });
  return { due: { at, wall } };
}
