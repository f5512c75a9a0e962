import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from './durable-file.ts';

/** A mail as the inbox lists it, newest first. */
export type InboxMail = {
  /** The message id that SendEmail answered with. */
  readonly id: string;
  /** The ledger id from the tag `mailId`, null when the mail has none. */
  readonly mailId: string | null;
  readonly from: string;
  /** Addresses, separated by commas. */
  readonly to: string;
  /** Where an answer goes, if not to `from`; addresses, separated by commas. */
  readonly replyTo?: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  /** RFC 3339. */
  readonly at: string;
  readonly attachments: readonly InboxAttachment[];
};
export type InboxAttachment = {
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly contentBase64: string;
};

export type Inbox = {
  /** Resolves when the mail is on the disk: nobody is told of a mail that a crash could take back. */
  add(mail: InboxMail): Promise<void>;
  list(): readonly InboxMail[];
  get(id: string): InboxMail | undefined;
};

const DIGITS = 8;

/** Mails in a folder, one file each, named by their order. */
export async function openInbox(folder: string): Promise<Inbox> {
  await mkdir(folder, { recursive: true });
  const names = (await readdir(folder)).sort();
  // A draft is a mail whose sender was never answered.
  for (const name of names) if (name.endsWith('.draft')) await rm(join(folder, name));
  const kept = names.filter((name) => name.endsWith('.json'));
  const mails: InboxMail[] = await Promise.all(
    kept.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as InboxMail),
  );
  let last = Number(kept.at(-1)?.slice(0, DIGITS) ?? 0);
  return {
    add: async (mail) => {
      last += 1;
      await writeDurably(join(folder, `${String(last).padStart(DIGITS, '0')}.json`), JSON.stringify(mail));
      mails.push(mail);
    },
    list: () => mails.toReversed(),
    get: (id) => mails.find((mail) => mail.id === id),
  };
}
