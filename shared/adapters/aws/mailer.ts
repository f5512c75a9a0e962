import { SESv2Client, type SESv2ClientConfig, SendEmailCommand } from '@aws-sdk/client-sesv2';
import type { Mailer } from '../../ports.ts';
import { mailFault } from './mail-fault.ts';

export type MailerSettings = {
  /** Address that mails come from; verified in SES. */
  readonly from: string;
  /** Asks whether a mail with this ledger id was accepted. SES itself has no such question: without it, nobody can tell. */
  readonly lookUp?: Mailer['wasSent'];
};

/**
 * An SES client that sends every request once and on a connection of its own. SES knows no idempotency: a repeat
 * after a lost answer could be a second mail, and an idle connection that was cut looks like a lost answer.
 */
export function sesClient(config: SESv2ClientConfig = {}, { longestMs = 20_000 } = {}): SESv2Client {
  return new SESv2Client({
    ...config,
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: 3_000,
      requestTimeout: longestMs,
      // Without it the SDK only logs that time is up, and waits on: the function would be ended amid the mail.
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: false },
      httpsAgent: { keepAlive: false },
    },
  });
}

/** Sends by SES v2. Throws only when the client was not made by `sesClient`, before anything is sent. */
export function sesMailer(client: SESv2Client, settings: MailerSettings): Mailer {
  return {
    send: async (mail) => {
      if ((await client.config.maxAttempts()) !== 1) {
        throw new Error('the SES client repeats requests, which can double a mail: make it with sesClient()');
      }
      const headers = { ...mail.headers, 'X-Sendeplan-Mail': mail.mailId };
      try {
        const answer = await client.send(
          new SendEmailCommand({
            FromEmailAddress: sender(mail.fromName, settings.from),
            Destination: { ToAddresses: [mail.to] },
            ReplyToAddresses: mail.replyTo === undefined ? undefined : [mail.replyTo],
            EmailTags: [{ Name: 'mailId', Value: mail.mailId }],
            Content: {
              Simple: {
                Subject: { Data: mail.subject, Charset: 'UTF-8' },
                Body: {
                  Html: { Data: mail.html, Charset: 'UTF-8' },
                  Text: { Data: mail.text, Charset: 'UTF-8' },
                },
                Headers: Object.entries(headers).map(([Name, Value]) => ({ Name, Value })),
                Attachments: mail.attachments?.map(({ name, type, content }) => ({
                  FileName: name,
                  ContentType: type,
                  ContentDisposition: 'ATTACHMENT',
                  ContentTransferEncoding: 'BASE64',
                  RawContent: Buffer.from(content, 'utf8'),
                })),
              },
            },
          }),
        );
        return { kind: 'sent', messageId: answer.MessageId ?? mail.mailId };
      } catch (error) {
        return mailFault(error);
      }
    },
    wasSent: async (mailId) => settings.lookUp?.(mailId) ?? { kind: 'unknown' },
  };
}

const LONGEST_NAME = 60;
/** An encoded word holds 75 characters; base64 makes 60 of 45 bytes. */
const WORD_BYTES = 45;

/** `=?UTF-8?B?…?= <address>` (RFC 2047), which is the one form in which SES takes a name that is not plain ASCII. */
function sender(name: string | undefined, address: string): string {
  const shown = [...(name ?? '').replace(/[\s\p{Cc}]+/gu, ' ').trim()].slice(0, LONGEST_NAME);
  if (shown.length === 0) return address;
  if (/^[\w .-]+$/.test(shown.join(''))) return `"${shown.join('')}" <${address}>`;
  const words: string[] = [''];
  for (const character of shown) {
    const longer = `${words.at(-1)}${character}`;
    if (Buffer.byteLength(longer) > WORD_BYTES) words.push(character);
    else words[words.length - 1] = longer;
  }
  const encoded = words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`);
  return `${encoded.join(' ')} <${address}>`;
}
