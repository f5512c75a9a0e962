import { SYSTEM } from '../domain/agency.ts';
import { AppError } from '../domain/app-error.ts';
import type { StoredReport } from '../domain/report.ts';
import { nextReportAt, type ReportWindow, windowFor } from '../domain/report-week.ts';
import { MINUTE, SECOND } from '../domain/time.ts';
import type { Deps } from '../ports.ts';
import { buildWeek } from './build-report.ts';
import { isReportDue, storedWeek } from './remind-of-report.ts';
import { askToSend } from './request-report.ts';

/** The scheduler's clock and ours may differ by so much. */
const EARLIEST = 2 * MINUTE;

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
  if (!isReportDue(brand, window, now)) {
    deps.log.info('report.not_due', { ...act, reportAt: window.reportAt });
    return;
  }
  const stored = await storedWeek(deps, brand, window);
  if (stored?.sentAt !== undefined && stored.asked?.length === 2) return;
  const report = stored ?? (await built(deps, act, window));
  if (!report) return;
  await askToSend(deps, report, { run: 0 });
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
