import { Temporal } from 'temporal-polyfill';
import { type Brand, WEEKDAYS } from './brand.ts';
import { derivedId } from './ids.ts';
import { DAY, type Instant } from './time.ts';

/** What of a brand decides when its week ends and when it is told. */
export type ReportRhythm = {
  readonly timeZone: string;
  readonly report: Pick<Brand['report'], 'weekday' | 'time'>;
};
/** `from <= publishedAt < to`, named by the ISO week of its last day (`2026-W48`). */
export type ReportPeriod = { readonly week: string; readonly from: Instant; readonly to: Instant };
export type ReportWindow = ReportPeriod & { readonly reportAt: Instant };

/** The latest window whose report instant has come: cut off at the local midnight before that, seven local days long. */
export function windowFor(brand: ReportRhythm, now: Instant): ReportWindow {
  const today = localDate(brand, now);
  const behind = (today.dayOfWeek - isoWeekday(brand) + 7) % 7;
  const day = today.subtract({ days: behind });
  return windowOn(brand, reportInstant(brand, day) <= now ? day : day.subtract({ days: 7 }));
}

/** The window that a brand of this rhythm has in an ISO week; undefined when there is no such week. */
export function windowOfWeek(brand: ReportRhythm, week: string): ReportWindow | undefined {
  const match = /^(\d{4})-W(\d{2})$/.exec(week);
  if (!match) return undefined;
  const monday = Temporal.PlainDate.from({ year: Number(match[1]), month: 1, day: 4 });
  const firstDay = monday.subtract({ days: monday.dayOfWeek - 1 }).add({ weeks: Number(match[2]) - 1 });
  if (isoWeek(firstDay) !== week) return undefined;
  // The report's day is the day after the window's last one, so it lies between Tuesday and the next Monday.
  const ahead = (isoWeekday(brand) - 2 + 7) % 7;
  return windowOn(brand, firstDay.add({ days: 1 + ahead }));
}

/** From the last cut-off up to now. `since` is the end of the last weekly report there is, when it ends otherwise. */
export function provisionalWindow(brand: ReportRhythm, now: Instant, since?: Instant): ReportPeriod {
  const from = since ?? windowFor(brand, now).to;
  return { week: isoWeek(localDate(brand, Math.max(from, now - 1))), from, to: now };
}

/** The first report instant after `now`. */
export function nextReportAt(brand: ReportRhythm, now: Instant): Instant {
  const last = localDate(brand, windowFor(brand, now).reportAt);
  const next = reportInstant(brand, last.add({ days: 7 }));
  return next > now ? next : reportInstant(brand, last.add({ days: 14 }));
}

/** How many days back a report takes up what no report has told, so that no publication is forgotten. */
const LONGEST_CATCH_UP = 28 * DAY;

/**
 * Joins a window to its neighbours, so that every publication falls into exactly one report also after a brand
 * has changed its weekday or zone: it begins where the last report ended, and ends where the next began.
 * Undefined when nothing is left of it.
 */
export function joinWindow(
  window: ReportWindow,
  previous?: Pick<ReportPeriod, 'to'>,
  following?: Pick<ReportPeriod, 'from'>,
): ReportWindow | undefined {
  const joins = previous !== undefined && previous.to > window.from - LONGEST_CATCH_UP;
  const from = joins ? previous.to : window.from;
  const to = Math.min(window.to, following?.from ?? window.to);
  return from < to ? { ...window, from, to } : undefined;
}

/** The ISO week so many weeks after (or before) this one. */
export function shiftWeek(brand: ReportRhythm, week: string, weeks: number): string {
  const window = windowOfWeek(brand, week);
  if (!window) throw new RangeError(`there is no ISO week ${week}`);
  return isoWeek(localDate(brand, window.reportAt).add({ days: 7 * weeks - 1 }));
}

/** The local midnight so many local days after `at`. */
export function addLocalDays(brand: Pick<ReportRhythm, 'timeZone'>, at: Instant, days: number): Instant {
  return startOf(brand, localDate(brand, at).add({ days }));
}

/** The local day of an instant, `2026-11-29`. */
export function localDay(brand: Pick<ReportRhythm, 'timeZone'>, at: Instant): string {
  return localDate(brand, at).toString();
}

function windowOn(brand: ReportRhythm, reportDay: Temporal.PlainDate): ReportWindow {
  return {
    week: isoWeek(reportDay.subtract({ days: 1 })),
    from: startOf(brand, reportDay.subtract({ days: 7 })),
    to: startOf(brand, reportDay),
    reportAt: reportInstant(brand, reportDay),
  };
}

/** In a gap the report comes right after it, in an overlap at the first of the two: once, either way. */
function reportInstant(brand: ReportRhythm, day: Temporal.PlainDate): Instant {
  return day
    .toPlainDateTime(Temporal.PlainTime.from(brand.report.time))
    .toZonedDateTime(brand.timeZone, { disambiguation: 'compatible' }).epochMilliseconds;
}

function startOf({ timeZone }: Pick<ReportRhythm, 'timeZone'>, day: Temporal.PlainDate): Instant {
  return day.toZonedDateTime(timeZone).epochMilliseconds;
}

/** The one id of a brand's week: however often it is asked for, it is built once. */
export function weekReportId(agencyId: string, brandId: string, week: string): string {
  return derivedId('rep', agencyId, brandId, week);
}

function localDate({ timeZone }: Pick<ReportRhythm, 'timeZone'>, at: Instant): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate();
}

function isoWeekday(brand: ReportRhythm): number {
  return WEEKDAYS.indexOf(brand.report.weekday) + 1;
}

function isoWeek(day: Temporal.PlainDate): string {
  return `${day.yearOfWeek}-W${String(day.weekOfYear).padStart(2, '0')}`;
}
