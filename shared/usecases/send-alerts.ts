import type { Agency } from '../domain/agency.ts';
import type { Brand } from '../domain/brand.ts';
import { derivedId } from '../domain/ids.ts';
import { MINUTE, SECOND } from '../domain/time.ts';
import { renderAlert } from '../email/alert-mail.ts';
import type { Deps, Mail } from '../ports.ts';
import type { AlertItem } from '../store-ports.ts';
import { alertLines } from './alert-lines.ts';
import { BEGINS_MAILS_MS, mailOnce } from './mail-once.ts';
import { unsubscribeLink } from './unsubscribe.ts';

/** At most one alert mail per brand in this time. */
const GAP = 15 * MINUTE;
const MAX_DELAY = 900;

/**
 * Mails what is pending to the brand's alert recipients, one mail each. Too early: comes back when it is time. A
 * batch is closed only when every mail of it is decided, so after a crash the same mails are found, not new ones.
 */
export async function sendAlerts(deps: Deps, act: { agencyId: string; brandId: string }): Promise<void> {
  const { agencyId, brandId } = act;
  const [agency, brand] = await Promise.all([
    deps.agencies.get(agencyId),
    deps.brands.get(agencyId, brandId),
  ]);
  if (!agency || !brand) return;
  const taken = await deps.alerts.take(agencyId, brandId, deps.clock.now(), GAP);
  if (!taken) return;
  if ('waitMs' in taken) return comeBack(deps, act, taken.waitMs);

  const waits = await mailBatch(deps, { agency, brand }, taken.batchId, taken.items);
  if (waits.length > 0) return comeBack(deps, act, Math.min(...waits));
  await deps.alerts.done(agencyId, brandId, taken.batchId);
}

async function mailBatch(
  deps: Deps,
  { agency, brand }: { agency: Agency; brand: Brand },
  batchId: string,
  items: readonly AlertItem[],
): Promise<number[]> {
  const silent = await deps.mails.unsubscribed(agency.id, brand.id);
  const recipients = new Set(brand.alerts.recipients.map((email) => email.toLowerCase()));
  const waits: number[] = [];
  let lines: Promise<Awaited<ReturnType<typeof alertLines>>> | undefined;
  const until = deps.clock.monotonic() + BEGINS_MAILS_MS;
  for (const to of recipients) {
    if (silent.has(to)) continue;
    if (deps.clock.monotonic() >= until) return [...waits, 0];
    const id = derivedId('mail', agency.id, batchId, to);
    const make = async (mailId: string): Promise<Mail> => {
      lines ??= alertLines(deps, brand, items);
      return alertMail(deps, { agency, brand }, to, mailId, await lines);
    };
    const result = await mailOnce(deps, { id, agencyId: agency.id, brandId: brand.id, to, make });
    if (result.kind === 'later') waits.push(result.afterMs);
    // No alert about an alert: that would go the same way. `GET /v1/attention` names everything anyway.
    if (result.kind === 'uncertain' || result.kind === 'failed') {
      deps.log.error('alert.not_sent', { agencyId: agency.id, brandId: brand.id, mailId: id, ...result });
    }
  }
  return waits;
}

async function alertMail(
  deps: Pick<Deps, 'vault' | 'settings'>,
  { agency, brand }: { agency: Agency; brand: Brand },
  to: string,
  mailId: string,
  lines: Awaited<ReturnType<typeof alertLines>>,
): Promise<Mail> {
  const { publicUrl } = deps.settings;
  const link = await unsubscribeLink(deps, agency, brand.id, to);
  const mail = renderAlert(lines, {
    brandName: brand.name,
    timeZone: brand.timeZone,
    locale: brand.locale,
    docsUrl: publicUrl === '' ? undefined : `${publicUrl}/docs`,
    unsubscribeUrl: link.url,
  });
  return { to, fromName: agency.name, ...mail, mailId, headers: link.headers };
}

function comeBack(
  deps: Pick<Deps, 'reportQueue'>,
  { agencyId, brandId }: { agencyId: string; brandId: string },
  waitMs: number,
): Promise<void> {
  const delaySeconds = Math.min(MAX_DELAY, Math.max(1, Math.ceil(waitMs / SECOND)));
  return deps.reportQueue.send({ kind: 'alert', agencyId, brandId }, { delaySeconds, group: agencyId });
}
