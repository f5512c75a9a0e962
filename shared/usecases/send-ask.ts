import { SYSTEM } from '../domain/agency.ts';
import type { Delivery } from '../domain/delivery.ts';
import { deliveryId, derivedId } from '../domain/ids.ts';
import type { ReportMessage } from '../domain/messages.ts';
import { released, without } from '../domain/settle.ts';
import { MINUTE, SECOND } from '../domain/time.ts';
import { renderAssist } from '../email/assist-mail.ts';
import type { Deps, Mail } from '../ports.ts';
import { assistView } from './assist-view.ts';
import { type AssistedDelivery, assistedDelivery, assistLink } from './assisted-delivery.ts';
import { mailOnce } from './mail-once.ts';
import { standingHolds } from './review-held.ts';
import { writeByHand } from './settle-by-hand.ts';

type Ask = Extract<ReportMessage, { kind: 'ask' }>;

const MAX_DELAY = 900;
/** The worker that asks writes so when it has; the message may be faster. */
const ASKING: readonly Delivery['state'][] = ['publishing', 'pending', 'retrying'];

/**
 * Mails the person in charge what to publish. At most one mail for each round, and one reminder; what is settled or
 * held meanwhile is left alone, and a held one is asked about again by whoever releases it.
 */
export async function sendAsk(deps: Deps, message: Ask): Promise<void> {
  const { agencyId, brandId, postId, n, round, reminder } = message;
  const found = await assistedDelivery(deps, message);
  const about = { agencyId, deliveryId: deliveryId(postId, n), reminder };
  if (!found || found.post.deletedAt !== undefined || !ASKING.includes(found.delivery.state)) {
    deps.log.info('ask.dropped', { ...about, state: found?.delivery.state });
    return;
  }
  const holds = await standingHolds(deps, found.post, found.delivery, await deps.holds.active(agencyId));
  if (holds.length > 0) return comeBack(deps, message, MINUTE);

  const to = found.task.responsible.email;
  const id = derivedId('mail', found.key, round, reminder ? 'reminder' : 'first');
  const make = (mailId: string) => askMail(deps, found, mailId, reminder);
  const result = await mailOnce(deps, { id, agencyId, brandId, to, make });
  if (result.kind === 'later') return comeBack(deps, message, result.afterMs);
  if (result.kind === 'sent') return;
  deps.log.error('ask.not_sent', { ...about, mailId: id, ...result });
  // It may have arrived, and the reminder is another mail.
  if (result.kind === 'uncertain' || reminder) return;
  if (found.delivery.state === 'publishing') return comeBack(deps, message, 5 * SECOND);
  await nobodyAsked(deps, found, result.reason);
}

async function askMail(
  deps: Pick<Deps, 'vault' | 'settings'>,
  found: AssistedDelivery,
  mailId: string,
  reminder: boolean,
): Promise<Mail> {
  const { email } = found.task.responsible;
  const pageUrl = await assistLink(deps, found, email);
  return {
    to: email,
    fromName: found.agency.name,
    mailId,
    ...renderAssist(assistView(found, pageUrl), { pageUrl, reminder }),
  };
}

/** A mail that was refused reaches nobody, now or later. */
async function nobodyAsked(deps: Deps, found: AssistedDelivery, why: string): Promise<void> {
  const { agency, post, delivery, task } = found;
  const act = { agency, actor: SYSTEM, post, n: delivery.n };
  await writeByHand(deps, act, delivery, 'delivery.not_asked', {
    ...without(released(delivery), 'nextAttemptAt', 'handle'),
    state: 'failed',
    code: 'mail_not_sent',
    reason: `The mail to ${task.responsible.email} was refused: ${why}`,
  });
}

function comeBack(deps: Pick<Deps, 'reportQueue'>, message: Ask, afterMs: number): Promise<void> {
  const delaySeconds = Math.min(MAX_DELAY, Math.max(1, Math.ceil(afterMs / SECOND)));
  return deps.reportQueue.send(message, { delaySeconds, group: message.agencyId });
}
