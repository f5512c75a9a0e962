import type { Actor } from '../domain/agency.ts';
import { AppError, notFound } from '../domain/app-error.ts';
import { AUDIENCES, type Audience } from '../domain/brand.ts';
import type { Sending, StoredReport } from '../domain/report.ts';
import type { Deps } from '../ports.ts';
import { buildWeek } from './build-report.ts';
import { othersUnderway, recipientsOf, reportMailId } from './send-report.ts';

export type RequestReport = {
  readonly agencyId: string;
  readonly brandId: string;
  readonly actor: Actor;
  /** `2026-W48`; without it, a provisional report up to now. */
  readonly week?: string | undefined;
  readonly send?: boolean | undefined;
  /** Sends it to recipients that were sent it before. */
  readonly again?: boolean | undefined;
  readonly audience?: Audience | undefined;
  readonly note?: string | undefined;
};

/** Time for a sending to be noted before it begins. */
const NOTE_SECONDS = 2;

/**
 * Makes a report (or finds the week's) and, with `send`, has it mailed.
 * @throws AppError as `buildWeek`, and `conflict` when nobody would get it, or it was sent before and `again` is not said
 */
export async function requestReport(deps: Deps, act: RequestReport): Promise<StoredReport> {
  const { agencyId, brandId, actor, week, note, audience } = act;
  const provisional = week === undefined;
  if (act.send) await refuseForNobody(deps, agencyId, brandId, audience);
  const report = await buildWeek(deps, {
    agencyId,
    brandId,
    week,
    provisional,
    actor,
    note,
    // The week's report is everybody's; whom a sending of it is for stands in its message.
    audience: provisional ? audience : undefined,
  });
  return act.send ? resend(deps, report, act) : report;
}

/**
 * Mails a stored report: the first time to whoever has not got it, later only with `again`.
 * @throws AppError `not_found`; `conflict` when nobody would get it, or it was sent to any of them and `again` is not said
 */
export async function resendReport(
  deps: Deps,
  act: {
    readonly agencyId: string;
    readonly reportId: string;
    readonly actor: Actor;
    readonly again?: boolean | undefined;
    readonly audience?: Audience | undefined;
  },
): Promise<StoredReport> {
  const report = await deps.reports.get(act.agencyId, act.reportId);
  if (!report) throw notFound('report');
  await refuseForNobody(deps, report.agencyId, report.brandId, act.audience ?? report.audience);
  return resend(deps, report, act);
}

/**
 * Puts one sending into the queue, and notes it on the report. In this order: if the note is lost, the sending
 * can be asked for again, and the ledger keeps everybody from a second mail.
 */
export async function askToSend(
  deps: Pick<Deps, 'reports' | 'reportQueue' | 'clock'>,
  report: StoredReport,
  sending: { run: number; audience?: Audience | undefined },
): Promise<StoredReport> {
  const { agencyId, brandId, id } = report;
  const { run, audience } = sending;
  await deps.reportQueue.send(
    { kind: 'send', agencyId, brandId, reportId: id, run, tries: 0, ...(audience ? { audience } : {}) },
    // Late enough for the note below: the sender's own note would meet it otherwise, and one be lost.
    { delaySeconds: NOTE_SECONDS, group: agencyId },
  );
  const fresh = (await deps.reports.get(agencyId, id)) ?? report;
  const asked = [...new Set([...(fresh.asked ?? []), ...addressed(audience)])];
  const own: Sending = { run, ...(audience ? { audience } : {}), at: deps.clock.now() };
  const underway = [...othersUnderway(fresh, own), own];
  const noted: StoredReport = { ...fresh, asked, run: Math.max(fresh.run, run), underway };
  await deps.reports.replace(noted);
  return noted;
}

async function resend(
  deps: Deps,
  report: StoredReport,
  act: { actor: Actor; again?: boolean | undefined; audience?: Audience | undefined },
): Promise<StoredReport> {
  const audience = act.audience ?? report.audience;
  const repeats = addressed(audience).every((one) => report.asked?.includes(one));
  if (repeats && !act.again && (await hasReachedAnybody(deps, report, audience))) {
    throw new AppError('conflict', 'This report was sent already; say again: true to send it once more.', {
      data: { reportId: report.id },
    });
  }
  const run = act.again && report.asked !== undefined ? await freshRun(deps, report, audience) : 0;
  const noted = await askToSend(deps, report, { run, audience });
  await deps.audit.append(report.agencyId, {
    at: deps.clock.now(),
    actor: act.actor,
    act: 'report.send',
    target: report.id,
    data: { run, ...(audience ? { audience } : {}) },
  });
  return noted;
}

/** What is mailed to nobody must not count as sent, and who asked for it thinks that somebody will read it. */
async function refuseForNobody(
  deps: Pick<Deps, 'brands' | 'mails'>,
  agencyId: string,
  brandId: string,
  audience: Audience | undefined,
): Promise<void> {
  const brand = await deps.brands.get(agencyId, brandId);
  const silent = await deps.mails.unsubscribed(agencyId, brandId);
  const recipients = brand ? recipientsOf(brand, audience) : [];
  if (recipients.some(({ email }) => !silent.has(email.toLowerCase()))) return;
  throw new AppError(
    'conflict',
    'Nobody would get this mail: name who shall in the brand’s report.recipients.',
    {
      data: { unsubscribed: recipients.map(({ email }) => email) },
    },
  );
}

/** It is under way, or somebody it is for has been mailed. A weekly tick asks for a report also where nobody is named. */
async function hasReachedAnybody(
  deps: Pick<Deps, 'brands' | 'mails'>,
  report: StoredReport,
  audience: Audience | undefined,
): Promise<boolean> {
  if ((report.underway ?? []).length > 0) return true;
  const brand = await deps.brands.get(report.agencyId, report.brandId);
  const ids = (brand ? recipientsOf(brand, audience) : []).flatMap(({ email }) =>
    Array.from({ length: report.run + 1 }, (_, run) => reportMailId(report.id, run, email)),
  );
  const known = await Promise.all(ids.map((id) => deps.mails.get(report.agencyId, id)));
  return known.some((entry) => entry !== undefined);
}

/** The next run in which none of the recipients has a mail: the count on the report may have lost a race. */
async function freshRun(deps: Deps, report: StoredReport, audience: Audience | undefined): Promise<number> {
  const brand = await deps.brands.get(report.agencyId, report.brandId);
  const recipients = brand ? recipientsOf(brand, audience) : [];
  for (let run = report.run + 1; ; run += 1) {
    const ids = recipients.map(({ email }) => reportMailId(report.id, run, email));
    const known = await Promise.all(ids.map((id) => deps.mails.get(report.agencyId, id)));
    if (known.every((entry) => entry === undefined)) return run;
  }
}

const addressed = (audience: Audience | undefined): readonly Audience[] =>
  audience ? [audience] : AUDIENCES;
