import { SYSTEM } from '../domain/agency.ts';
import { AppError } from '../domain/app-error.ts';
import type { Brand } from '../domain/brand.ts';
import type { StoredReport } from '../domain/report.ts';
import { nextReportAt, type ReportWindow, windowFor } from '../domain/report-week.ts';
import { HOUR, type Instant, MINUTE, SECOND } from '../domain/time.ts';
import type { Deps } from '../ports.ts';
import { buildWeek, weekReportId } from './build-report.ts';
import { askToSend } from './request-report.ts';

/** A tick so late is no tick of this week's any more; a person can still ask for the report. */
const LATEST = 24 * HOUR;
/** The scheduler's clock and ours may differ by so much. */
const EARLIEST = 2 * MINUTE;
/** Schedules fire within a minute, and their messages may wait a little: before this, none is missing. */
const MISSING_AFTER = 10 * MINUTE;

/**
 * The weekly tick of a brand, from its schedule: builds the week's report, or finds it, and has it mailed. A tick
 * may come twice, late, or by a schedule that the brand has moved since; what is not due is ignored.
 */
export async function weeklyReport(deps: Deps, act: { agencyId: string; brandId: string }): Promise<void> {
  const brand = await deps.brands.get(act.agencyId, act.brandId);
  if (!brand) return deps.scheduler.disarmReport(act.brandId);
  const now = deps.clock.now();
  const aheadMs = nextReportAt(brand, now) - now;
  if (aheadMs <= EARLIEST) {
    const delaySeconds = Math.ceil(aheadMs / SECOND);
    return deps.reportQueue.send({ kind: 'weekly', ...act }, { delaySeconds, group: act.agencyId });
  }
  const window = windowFor(brand, now);
  if (!isDue(brand, window, now)) {
    deps.log.info('report.not_due', { ...act, reportAt: window.reportAt });
    return;
  }
  const stored = await storedWeek(deps, brand, window);
  if (stored?.sentAt !== undefined && stored.asked?.length === 2) return;
  const report = stored ?? (await built(deps, act, window));
  if (!report) return;
  await askToSend(deps, report, { run: 0 });
}

/**
 * The net below the schedule: sends the tick again when a brand's latest report is due and neither built nor
 * asked for. EventBridge leaves out a tick whose local time does not exist on a day when the clocks go forward.
 * @returns whether it was forgotten
 */
export async function remindOfReport(
  deps: Pick<Deps, 'reports' | 'reportQueue' | 'clock'>,
  brand: Brand,
): Promise<boolean> {
  const now = deps.clock.now();
  const window = windowFor(brand, now);
  if (!isDue(brand, window, now) || now - window.reportAt < MISSING_AFTER) return false;
  const stored = await storedWeek(deps, brand, window);
  if (stored && (stored.sentAt !== undefined || stored.asked?.length === 2)) return false;
  await deps.reportQueue.send(
    { kind: 'weekly', agencyId: brand.agencyId, brandId: brand.id },
    { group: brand.agencyId },
  );
  return true;
}

/** Undefined when other reports have told all of the week: the brand has moved its weekday or zone. */
async function built(
  deps: Deps,
  act: { agencyId: string; brandId: string },
  { week }: ReportWindow,
): Promise<StoredReport | undefined> {
  try {
    return await buildWeek(deps, { ...act, week, provisional: false, actor: SYSTEM });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
    deps.log.info('report.not_due', { ...act, week, reason: error.message });
    return undefined;
  }
}

/** Due a little while ago, and the brand was there in its week already. */
function isDue(brand: Brand, { reportAt, to }: ReportWindow, now: Instant): boolean {
  return now - reportAt <= LATEST && brand.createdAt < to;
}

function storedWeek(
  deps: Pick<Deps, 'reports'>,
  { agencyId, id }: Brand,
  { week }: ReportWindow,
): Promise<StoredReport | undefined> {
  return deps.reports.get(agencyId, weekReportId(agencyId, id, week));
}
