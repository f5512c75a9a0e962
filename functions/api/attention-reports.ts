import type { Brand, ReportRecipient } from '../../shared/domain/brand.ts';
import type { StoredReport } from '../../shared/domain/report.ts';
import { weekReportId, windowFor } from '../../shared/domain/report-week.ts';
import { HOUR, type Instant } from '../../shared/domain/time.ts';
import type { Deps } from '../../shared/ports.ts';
import type { MailEntry } from '../../shared/store-ports.ts';
import { newestTurn } from '../../shared/usecases/mail-once.ts';
import { recipientsOf, reportMailId } from '../../shared/usecases/send-report.ts';

export type UnsentReport = {
  readonly brandId: string;
  readonly since: Instant;
  /** Absent when it was not even made. */
  readonly reportId?: string;
  readonly reason?: string;
};

/** Older ones have been seen, or nobody misses them. */
const LATEST = 2;
/** How many are read to find them among provisional ones. */
const READ = 6;
/** Mailing takes minutes, not hours. */
const PATIENCE = HOUR;

/** Weekly reports of a brand that should have gone out by now and have not, or not to everybody. */
export async function unsentReports(
  deps: Pick<Deps, 'reports' | 'mails' | 'clock'>,
  brand: Brand,
): Promise<readonly UnsentReport[]> {
  if (brand.report.recipients.length === 0) return [];
  const { items } = await deps.reports.list(brand.agencyId, brand.id, { limit: READ });
  const before = deps.clock.now() - PATIENCE;
  const weekly = items.filter(({ provisional }) => !provisional).slice(0, LATEST);
  const due = weekly.filter(({ asked, createdAt }) => asked && createdAt < before);
  const silent = await deps.mails.unsubscribed(brand.agencyId, brand.id);
  const readers = recipientsOf(brand).filter(({ email }) => !silent.has(email.toLowerCase()));
  if (readers.length === 0) return [];
  const unsent = due.map(async (report): Promise<UnsentReport[]> => {
    const { id: reportId, brandId, createdAt: since } = report;
    const stuck = await stuckMails(deps, readers, report, before);
    if (stuck.length === 0) return report.sentAt === undefined ? [{ brandId, since, reportId }] : [];
    const reason = stuck.map(({ to, state }) => `${to}: ${state}`).join(', ');
    return [{ brandId, since, reportId, reason }];
  });
  return (await Promise.all([unmade(deps, brand, weekly[0]), ...unsent])).flat();
}

/** A whole week that no report has told: its tick came to nothing, and nobody was there to remind of it in time. */
async function unmade(
  deps: Pick<Deps, 'reports' | 'clock'>,
  brand: Brand,
  newest: StoredReport | undefined,
): Promise<UnsentReport[]> {
  const now = deps.clock.now();
  const { week, from, reportAt } = windowFor(brand, now);
  if (now - reportAt < PATIENCE || (newest?.to ?? brand.createdAt) > from) return [];
  if (await deps.reports.get(brand.agencyId, weekReportId(brand.agencyId, brand.id, week))) return [];
  return [{ brandId: brand.id, since: reportAt, reason: `The report of ${week} was not made.` }];
}

/** For each recipient whom no sending has reached: what became of the last. Who has never been sent one is not stuck. */
async function stuckMails(
  deps: Pick<Deps, 'mails'>,
  readers: readonly ReportRecipient[],
  report: StoredReport,
  before: Instant,
): Promise<readonly MailEntry[]> {
  const runs = Array.from({ length: report.run + 1 }, (_, run) => run);
  const last = await Promise.all(
    readers.map(async ({ email }) => {
      const mails = await Promise.all(
        runs.map((run) => newestTurn(deps, report.agencyId, reportMailId(report.id, run, email))),
      );
      const known = mails.filter((mail) => mail !== undefined);
      return known.some(({ state }) => state === 'sent') ? undefined : known.at(-1);
    }),
  );
  return last
    .filter((mail) => mail !== undefined)
    .filter(({ state, at }) => state !== 'sending' || at < before);
}
