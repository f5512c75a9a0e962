import { AUDIENCES, type Brand } from '../domain/brand.ts';
import type { StoredReport } from '../domain/report.ts';
import { type ReportWindow, weekReportId, windowFor } from '../domain/report-week.ts';
import { HOUR, type Instant, MINUTE } from '../domain/time.ts';
import type { Deps } from '../ports.ts';

/** A tick so late is no tick of this week's any more; a person can still ask for the report. */
const LATEST = 24 * HOUR;
/** Schedules fire within a minute, and their messages may wait a little: before this, none is missing. */
const MISSING_AFTER = 10 * MINUTE;

/**
 * The net below the schedule: sends the tick again when a brand's latest report is due and not yet asked for, or for
 * some of its readers only. EventBridge leaves out a tick whose local time does not exist on a day when the clocks go
 * forward.
 * @returns whether it was forgotten
 */
export async function remindOfReport(
  deps: Pick<Deps, 'reports' | 'reportQueue' | 'clock'>,
  brand: Brand,
): Promise<boolean> {
  const now = deps.clock.now();
  const window = windowFor(brand, now);
  if (!isReportDue(brand, window, now) || now - window.reportAt < MISSING_AFTER) return false;
  const stored = await storedWeek(deps, brand, window);
  if (stored?.asked?.length === AUDIENCES.length) return false;
  await deps.reportQueue.send(
    { kind: 'weekly', agencyId: brand.agencyId, brandId: brand.id },
    { group: brand.agencyId },
  );
  return true;
}

/** Due a little while ago, and the brand was there in its week already. */
export function isReportDue(brand: Brand, { reportAt, to }: ReportWindow, now: Instant): boolean {
  return now - reportAt <= LATEST && brand.createdAt < to;
}

export function storedWeek(
  deps: Pick<Deps, 'reports'>,
  { agencyId, id }: Brand,
  { week }: ReportWindow,
): Promise<StoredReport | undefined> {
  return deps.reports.get(agencyId, weekReportId(agencyId, id, week));
}
