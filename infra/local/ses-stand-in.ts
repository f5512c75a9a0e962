import * as z from 'zod';
import { AwsFault, type StandIn } from './aws-stand-in.ts';
import type { Inbox, InboxMail } from './inbox.ts';

const text = z.object({ Data: z.string(), Charset: z.string().optional() });
const sendEmail = z.object({
  FromEmailAddress: z
    .string()
    .transform(readSender)
    .refine(({ address }) => z.email().safeParse(address).success, 'Invalid email address'),
  Destination: z.object({ ToAddresses: z.array(z.email()).min(1).max(50) }),
  ReplyToAddresses: z.array(z.email()).default([]),
  EmailTags: z
    .array(
      z.object({
        Name: z.string().regex(/^[\w-]{1,256}$/),
        Value: z.string().regex(/^[\w-]{1,256}$/),
      }),
    )
    .default([]),
  Content: z.object({
    Simple: z.object({
      Subject: text,
      Body: z.object({ Html: text.optional(), Text: text.optional() }),
      Headers: z
        .array(
          z.object({ Name: z.string().regex(/^[\x21-\x39\x3b-\x7e]{1,126}$/), Value: z.string().max(870) }),
        )
        .max(15)
        .default([]),
      Attachments: z
        .array(
          z.object({
            FileName: z.string().max(255),
            ContentType: z.string().max(78).default('application/octet-stream'),
            RawContent: z.base64(),
          }),
        )
        .default([]),
    }),
  }),
});

/**
 * SES v2's SendEmail with simple content: every mail goes to the inbox. Addresses under `.invalid` (RFC 2606) are
 * refused the way SES refuses an address it will not send to.
 */
export function sesStandIn(inbox: Inbox, newId: () => string): StandIn {
  return {
    owns: (call) => call.target === '' && call.path[0] === 'v2' && call.path[1] === 'email',
    answer: async (call) => {
      if (call.method !== 'POST' || call.path[2] !== 'outbound-emails') {
        throw new AwsFault('UnknownOperationException', 'only SendEmail is known here', 404);
      }
      const request = sendEmail.safeParse(call.body);
      if (!request.success) throw new AwsFault('BadRequestException', z.prettifyError(request.error));
      const refused = request.data.Destination.ToAddresses.find((address) => address.endsWith('.invalid'));
      if (refused) throw new AwsFault('MessageRejected', `Email address is not verified: ${refused}`);
      const mail = toMail(request.data, newId());
      await inbox.add(mail);
      return { MessageId: mail.id };
    },
  };
}

function toMail(request: z.infer<typeof sendEmail>, id: string): InboxMail {
  const { Subject, Body, Headers, Attachments } = request.Content.Simple;
  return {
    id,
    mailId: request.EmailTags.find((tag) => tag.Name === 'mailId')?.Value ?? null,
    from: shownSender(request.FromEmailAddress),
    to: request.Destination.ToAddresses.join(', '),
    ...(request.ReplyToAddresses.length === 0 ? {} : { replyTo: request.ReplyToAddresses.join(', ') }),
    subject: Subject.Data,
    html: Body.Html?.Data ?? '',
    text: Body.Text?.Data ?? '',
    headers: Object.fromEntries(Headers.map(({ Name, Value }) => [Name, Value])),
    at: new Date().toISOString(),
    attachments: Attachments.map(({ FileName, ContentType, RawContent }) => ({
      name: FileName,
      type: ContentType,
      bytes: Buffer.byteLength(RawContent, 'base64'),
      contentBase64: RawContent,
    })),
  };
}

type Sender = { readonly name: string; readonly address: string };

/** `address`, `"name" <address>`, or with the name in encoded words (RFC 2047), as a mail program reads them. */
function readSender(text: string): Sender {
  const [, said = '', address = text] = /^(.*) <([^<>]+)>$/.exec(text) ?? [];
  const name = said
    .replace(/(\?=) (=\?)/g, '$1$2')
    .replace(/=\?UTF-8\?B\?([A-Za-z0-9+/=]*)\?=/gi, (_, base64: string) =>
      Buffer.from(base64, 'base64').toString('utf8'),
    );
  return { name: name.replace(/^"(.*)"$/, '$1'), address };
}

const shownSender = ({ name, address }: Sender): string => (name === '' ? address : `${name} <${address}>`);
