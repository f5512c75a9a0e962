import { derivedId } from '../domain/ids.ts';
import { MINUTE, SECOND } from '../domain/time.ts';
import type { Deps, Mail } from '../ports.ts';
import type { MailEntry } from '../store-ports.ts';

export type OneMail = {
  /** Ledger id: the same for every try to say this to this recipient. */
  readonly id: string;
  readonly agencyId: string;
  readonly brandId: string;
  readonly to: string;
  /** Makes the mail when it is needed; `mailId` is its ledger id. */
  readonly make: (mailId: string) => Promise<Mail>;
};

export type MailResult =
  /** `now`: by this call; otherwise some call before. */
  | { readonly kind: 'sent'; readonly now: boolean }
  /** It may have arrived and nobody can tell: a person decides, nothing more is sent by itself. */
  | { readonly kind: 'uncertain'; readonly reason: string }
  /** Certainly not sent, and not tried any more. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** Not known yet, or certainly not sent: come back later. */
  | { readonly kind: 'later'; readonly afterMs: number };

type Mailing = Pick<Deps, 'mails' | 'mailer' | 'clock'>;

/** So long a mail in `sending` is left alone: its sender may live, and a send event needs its time. */
const IN_FLIGHT = 15 * MINUTE;
/** A worker that was stopped for longer between entry and send must not send: others may have taken over. */
const FRESH = MINUTE;
/**
 * So long a call begins further mails. The last one may take the mail service's 20 s, and the function has 60: cut off in
 * it, a mail that nobody got is in doubt for good.
 */
export const BEGINS_MAILS_MS = 30 * SECOND;
const MAX_TURNS = 10;
const UNAVAILABLE = 'unavailable: ';

/**
 * Sends a mail at most once, whatever crashes, repeats or runs beside it. Each turn has a ledger entry of its own
 * that exactly one caller can begin, and only who began it sends, once. The next turn may begin only after the one
 * before it has certainly not sent: its sender wrote so, or its entry is 15 minutes old and the mail is known to
 * be absent. No entry is ever taken back, so a caller that was stopped in between finds its turn gone by.
 */
export async function mailOnce(deps: Mailing, mail: OneMail): Promise<MailResult> {
  for (let turn = 0; turn < MAX_TURNS; turn += 1) {
    const id = turnId(mail.id, turn);
    let entry = await deps.mails.get(mail.agencyId, id);
    if (!entry) {
      const ready = await mail.make(id);
      const own: MailEntry = {
        id,
        agencyId: mail.agencyId,
        brandId: mail.brandId,
        state: 'sending',
        to: mail.to,
        at: deps.clock.now(),
      };
      const begunAt = deps.clock.monotonic();
      entry = await deps.mails.begin(own);
      if (!entry) return send(deps, own, ready, begunAt, turn);
    }
    const known = await judge(deps, entry);
    if (known !== 'not sent') return known;
  }
  return { kind: 'failed', reason: 'The mail service could not be reached in many tries.' };
}

/** How a mail stands: the entry of its newest turn; undefined when none was begun. */
export async function newestTurn(
  deps: Pick<Deps, 'mails'>,
  agencyId: string,
  mailId: string,
): Promise<MailEntry | undefined> {
  let newest: MailEntry | undefined;
  for (let turn = 0; turn < MAX_TURNS; turn += 1) {
    const entry = await deps.mails.get(agencyId, turnId(mailId, turn));
    if (!entry) break;
    newest = entry;
    if (entry.state === 'sent') break;
  }
  return newest;
}

const turnId = (mailId: string, turn: number): string =>
  turn === 0 ? mailId : derivedId('mail', mailId, String(turn));

async function send(
  deps: Mailing,
  own: MailEntry,
  ready: Mail,
  begunAt: number,
  turn: number,
): Promise<MailResult> {
  const again: MailResult = { kind: 'later', afterMs: Math.min(IN_FLIGHT, 30 * SECOND * 2 ** turn) };
  if (deps.clock.monotonic() - begunAt > FRESH) {
    await deps.mails.end({ ...own, state: 'failed', reason: `${UNAVAILABLE}it took too long to begin` });
    return again;
  }
  const outcome = await deps.mailer.send(ready);
  switch (outcome.kind) {
    case 'sent':
      await deps.mails.end({ ...own, state: 'sent', messageId: outcome.messageId });
      return { kind: 'sent', now: true };
    case 'refused':
      await deps.mails.end({ ...own, state: 'failed', reason: outcome.reason });
      return { kind: 'failed', reason: outcome.reason };
    case 'unavailable':
      await deps.mails.end({ ...own, state: 'failed', reason: UNAVAILABLE + outcome.reason });
      return again;
    case 'uncertain':
      // Left as `sending`: by then somebody may be able to tell.
      return { kind: 'later', afterMs: IN_FLIGHT };
  }
}

/** What is known of a turn that somebody has begun. */
async function judge(deps: Mailing, entry: MailEntry): Promise<MailResult | 'not sent'> {
  const reason = entry.reason ?? '';
  if (entry.state === 'sent') return { kind: 'sent', now: false };
  if (entry.state === 'uncertain') return { kind: 'uncertain', reason };
  if (entry.state === 'failed')
    return reason.startsWith(UNAVAILABLE) ? 'not sent' : { kind: 'failed', reason };

  const restMs = entry.at + IN_FLIGHT - deps.clock.now();
  if (restMs > 0) return { kind: 'later', afterMs: restMs };
  const was = await deps.mailer.wasSent(entry.id);
  if (was.kind === 'absent') return 'not sent';
  if (was.kind === 'sent') {
    await deps.mails.end({ ...entry, state: 'sent', messageId: was.messageId });
    return { kind: 'sent', now: false };
  }
  const unclear = 'Sending was interrupted, and the mail service cannot tell how it ended.';
  await deps.mails.end({ ...entry, state: 'uncertain', reason: unclear });
  return { kind: 'uncertain', reason: unclear };
}
