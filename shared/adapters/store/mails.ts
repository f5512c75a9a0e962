import type { MailEntry, MailLedger } from '../../store-ports.ts';
import { keys, PREFIX, startingWith } from './keys.ts';
import { putOwn } from './put-own.ts';
import { ABSENT, everything, type Table } from './table.ts';

/** The ledger of mails, and the addresses that want none. */
export function mailLedger(table: Table): MailLedger {
  const get = async (agencyId: string, mailId: string): Promise<MailEntry | undefined> =>
    (await table.get(keys.mail(agencyId, mailId)))?.doc as MailEntry | undefined;

  return {
    async begin(entry) {
      const item = { ...keys.mail(entry.agencyId, entry.id), doc: { ...entry, state: 'sending' } };
      // once more if an erasure took the entry in the way before it could be read
      for (let tries = 0; tries < 5; tries += 1) {
        if (await putOwn(table, item, ABSENT)) return undefined;
        const present = await get(entry.agencyId, entry.id);
        if (present) return present;
      }
      throw new Error('The mail is being begun and erased too often at once.');
    },
    async end(entry) {
      const item = { ...keys.mail(entry.agencyId, entry.id), doc: entry };
      // `sent` is the last word: a late and less certain one does not replace it
      const open = { path: ['doc', 'state'], is: 'in', values: ['sending', 'failed', 'uncertain'] } as const;
      if (!(await table.put(item, [open]))) await table.put(item, ABSENT);
    },
    get,
    async unsubscribed(agencyId, brandId) {
      const partition = keys.ofBrand(agencyId, brandId);
      const items = await everything(table, partition, startingWith(PREFIX.unsubscribed));
      return new Set(items.flatMap(({ email }) => [String(email), String(email).toLowerCase()]));
    },
    async unsubscribe(agencyId, brandId, email, at) {
      // the first time stays
      await table.put({ ...keys.unsubscribed(agencyId, brandId, email), email, at }, ABSENT);
    },
  };
}
