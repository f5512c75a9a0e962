import type { Brand } from '../../shared/domain/brand.ts';
import type { StoredReport } from '../../shared/domain/report.ts';
import { HOUR, type Instant } from '../../shared/domain/time.ts';
import type { Deps } from '../../shared/ports.ts';
import type { MailEntry } from '../../shared/store-ports.ts';
import { recipientsOf, reportMailId } from '../../shared/usecases/send-report.ts';

export type UnsentReport = { readonly report: StoredReport; readonly reason?: string };

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
  const found = await Promise.all(
    due.map(async (report): Promise<UnsentReport[]> => {
      const stuck = await stuckMails(deps, brand, report, before);
      if (stuck.length === 0) return report.sentAt === undefined ? [{ report }] : [];
      return [{ report, reason: stuck.map(({ to, state }) => `${to}: ${state}`).join(', ') }];
    }),
  );
  return found.flat();
}

/** For each recipient whom no sending has reached: what became of the last. Who has never been sent one is not stuck. */
async function stuckMails(
  deps: Pick<Deps, 'mails'>,
  brand: Brand,
  report: StoredReport,
  before: Instant,
): Promise<readonly MailEntry[]> {
  const runs = Array.from({ length: report.run + 1 }, (_, run) => run);
  const last = await Promise.all(
    recipientsOf(brand, undefined).map(async ({ email }) => {
      const mails = await Promise.all(
        runs.map((run) => deps.mails.get(brand.agencyId, reportMailId(report.id, run, email))),
      );
      const known = mails.filter((mail) => mail !== undefined);
      return known.some(({ state }) => state === 'sent') ? undefined : known.at(-1);
    }),
  );
  return last
    .filter((mail) => mail !== undefined)
    .filter(({ state, at }) => state !== 'sending' || at < before);
}
