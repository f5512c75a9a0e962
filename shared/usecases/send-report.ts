import { type Agency, SYSTEM } from '../domain/agency.ts';
import type { Audience, Brand, ReportRecipient } from '../domain/brand.ts';
import { derivedId } from '../domain/ids.ts';
import type { Sending, StoredReport } from '../domain/report.ts';
import { SECOND } from '../domain/time.ts';
import { csvName, renderReport } from '../email/report-mail.ts';
import type { Deps, Mail } from '../ports.ts';
import { BEGINS_MAILS_MS, type MailResult, mailOnce } from './mail-once.ts';
import { noteAlert } from './note-alert.ts';
import { unsubscribeLink } from './unsubscribe.ts';

export type SendReport = {
  readonly agencyId: string;
  readonly brandId: string;
  readonly reportId: string;
  /** Each deliberate repetition has a number of its own. */
  readonly run: number;
  readonly tries?: number;
  /** Only to these recipients. */
  readonly audience?: Audience | undefined;
};

type Mailing = Pick<
  Deps,
  | 'agencies'
  | 'brands'
  | 'reports'
  | 'mails'
  | 'mailer'
  | 'vault'
  | 'settings'
  | 'reportQueue'
  | 'alerts'
  | 'bus'
  | 'clock'
  | 'log'
>;

/** The longest delay of a queue message. */
const MAX_DELAY = 900;

/** The ledger id of a report's mail to one address; an address gets one mail, however often it is listed. */
export function reportMailId(reportId: string, run: number, email: string): string {
  return derivedId('mail', reportId, String(run), email.toLowerCase());
}

/** The addresses a sending is for, each once. */
export function recipientsOf(brand: Brand, audience?: Audience): ReportRecipient[] {
  const wanted = brand.report.recipients.filter(
    (one) => !audience || (one.audience ?? 'client') === audience,
  );
  return [...new Map(wanted.toReversed().map((one) => [one.email.toLowerCase(), one])).values()].toReversed();
}

/**
 * Mails a stored report to every recipient that has not got it in this run: one mail each, never a second one,
 * nobody sees another's address. Comes back by the queue for what is not decided yet; when all is, says so.
 */
export async function sendReport(deps: Mailing, act: SendReport): Promise<void> {
  const [agency, brand, report] = await Promise.all([
    deps.agencies.get(act.agencyId),
    deps.brands.get(act.agencyId, act.brandId),
    deps.reports.get(act.agencyId, act.reportId),
  ]);
  if (!agency || !brand || report?.brandId !== act.brandId) {
    deps.log.warn('report.gone', { agencyId: act.agencyId, reportId: act.reportId });
    return;
  }
  const silent = await deps.mails.unsubscribed(agency.id, brand.id);
  const recipients = recipientsOf(brand, act.audience).filter(
    ({ email }) => !silent.has(email.toLowerCase()),
  );
  const results: MailResult[] = [];
  const faults: unknown[] = [];
  const until = deps.clock.monotonic() + BEGINS_MAILS_MS;
  // One after the other: a process that dies leaves one mail in doubt at most.
  for (const recipient of recipients) {
    if (deps.clock.monotonic() >= until) {
      results.push({ kind: 'later', afterMs: 0 });
      break;
    }
    try {
      results.push(await mailTo(deps, act, { agency, brand, report }, recipient));
    } catch (error) {
      faults.push(error);
    }
  }
  // Nobody waits for another's trouble; the message comes again for those who met it.
  if (faults.length > 0) throw faults[0];
  if (await comeBack(deps, act, results)) return;
  await close(deps, act, report, results);
}

type Subject = { readonly agency: Agency; readonly brand: Brand; readonly report: StoredReport };

async function mailTo(
  deps: Mailing,
  act: SendReport,
  subject: Subject,
  recipient: ReportRecipient,
): Promise<MailResult> {
  const { agency, report } = subject;
  const id = reportMailId(report.id, act.run, recipient.email);
  const make = (mailId: string) => reportMail(deps, subject, recipient, mailId);
  const about = { agencyId: agency.id, brandId: report.brandId };
  const result = await mailOnce(deps, { id, ...about, to: recipient.email, make });
  const ids = { ...about, reportId: report.id, mailId: id };
  if (result.kind === 'sent' && result.now) deps.log.info('report.sent', ids);
  if (result.kind === 'uncertain' || result.kind === 'failed') {
    deps.log.error('report.not_sent', { ...ids, state: result.kind, reason: result.reason });
    const code = result.kind === 'uncertain' ? 'report.uncertain' : 'report.not_sent';
    await noteAlert(deps, {
      agencyId: agency.id,
      brandId: report.brandId,
      key: `${id}.${result.kind}`,
      item: {
        at: deps.clock.now(),
        code,
        subject: recipient.email,
        reportId: report.id,
        reason: result.reason,
      },
    });
  }
  return result;
}

async function reportMail(
  deps: Pick<Deps, 'vault' | 'settings'>,
  { agency, brand, report }: Subject,
  recipient: ReportRecipient,
  mailId: string,
): Promise<Mail> {
  const audience = recipient.audience ?? 'client';
  const data = report.data[audience];
  const link = await unsubscribeLink(deps, agency, brand.id, recipient.email);
  const { subject, html, text, csv } = renderReport(data, {
    locale: recipient.locale ?? brand.locale,
    audience,
    note: report.note,
    agencyName: agency.name,
    unsubscribeUrl: link.url,
  });
  const attachments = [{ name: csvName(data), type: 'text/csv; charset=utf-8', content: csv }];
  const { replyTo } = brand.report;
  const addressed = {
    to: recipient.email,
    fromName: agency.name,
    ...(replyTo === undefined ? {} : { replyTo }),
    mailId,
    headers: link.headers,
  };
  return { ...addressed, subject, html, text, attachments };
}

/** True when something is left to do, for which a message is on its way. */
async function comeBack(
  deps: Pick<Deps, 'reportQueue'>,
  act: SendReport,
  results: readonly MailResult[],
): Promise<boolean> {
  const waits = results.flatMap((result) => (result.kind === 'later' ? [result.afterMs] : []));
  if (waits.length === 0) return false;
  const { agencyId, brandId, reportId, run, audience } = act;
  await deps.reportQueue.send(
    {
      kind: 'send',
      agencyId,
      brandId,
      reportId,
      run,
      tries: (act.tries ?? 0) + 1,
      ...(audience ? { audience } : {}),
    },
    { delaySeconds: Math.min(MAX_DELAY, Math.ceil(Math.min(...waits) / SECOND)), group: agencyId },
  );
  return true;
}

/** Every sending that is under way, but this one. */
export function othersUnderway(
  { underway = [] }: StoredReport,
  { run, audience }: Pick<SendReport, 'run' | 'audience'>,
): readonly Sending[] {
  return underway.filter((one) => one.run !== run || one.audience !== audience);
}

/** Nothing is left to do: notes that, and when it was sent, and tells so. */
async function close(
  deps: Pick<Deps, 'reports' | 'bus' | 'clock'>,
  act: SendReport,
  report: StoredReport,
  results: readonly MailResult[],
): Promise<void> {
  const at = deps.clock.now();
  const fresh = (await deps.reports.get(report.agencyId, report.id)) ?? report;
  const wasSent = results.some(({ kind }) => kind === 'sent');
  const isNews =
    wasSent && (fresh.sentAt === undefined || results.some((one) => one.kind === 'sent' && one.now));
  const underway = othersUnderway(fresh, act);
  if (isNews || underway.length < (fresh.underway?.length ?? 0)) {
    const sent = isNews ? { run: Math.max(fresh.run, act.run), sentAt: at } : {};
    await deps.reports.replace({ ...fresh, ...sent, underway });
  }
  if (!wasSent) return;
  const count = (kind: MailResult['kind']) => results.filter((result) => result.kind === kind).length;
  await deps.bus.announce([
    {
      id: derivedId('evt', report.id, 'sent', String(act.run), act.audience ?? ''),
      type: 'report.sent',
      version: 1,
      at,
      agencyId: report.agencyId,
      brandId: report.brandId,
      seq: act.run,
      actor: SYSTEM,
      data: {
        reportId: report.id,
        week: report.week,
        provisional: report.provisional,
        sent: count('sent'),
        uncertain: count('uncertain'),
        failed: count('failed'),
      },
    },
  ]);
}
