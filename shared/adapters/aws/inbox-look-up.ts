import * as z from 'zod';
import type { Mailer } from '../../ports.ts';

const foundMails = z.array(z.object({ id: z.string(), mailId: z.string().nullable() }));

/** Answers `wasSent` from the laptop's inbox page, which lists every mail that its SES accepted. */
export function inboxLookUp(inboxUrl: string): Mailer['wasSent'] {
  return async (mailId) => {
    try {
      const answer = await fetch(`${inboxUrl}?mailId=${encodeURIComponent(mailId)}`, {
        headers: { accept: 'application/json' },
        signal: AbortSignal.timeout(5_000),
      });
      if (!answer.ok) return { kind: 'unknown' };
      const found = foundMails.parse(await answer.json()).find((mail) => mail.mailId === mailId);
      return found ? { kind: 'sent', messageId: found.id } : { kind: 'absent' };
    } catch {
      return { kind: 'unknown' };
    }
  };
}
