import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sesClient, sesMailer } from '../../shared/adapters/aws/mailer.ts';
import type { Mail } from '../../shared/ports.ts';
import { clientConfig, startTestEngines } from '../support/laptop-engines.ts';

let engines: Awaited<ReturnType<typeof startTestEngines>>;
beforeAll(async () => {
  engines = await startTestEngines();
});
afterAll(() => engines.stop());

const from = 'reports@agency.example';
function aMail(more: Partial<Mail> = {}): Mail {
  return {
    to: 'client@brand.example',
    subject: 'Café Nord – Woche 47: 5 von 5',
    html: '<p>Grüße</p>',
    text: 'Grüße',
    mailId: 'mail_1',
    ...more,
  };
}
const localMailer = () => sesMailer(sesClient(engines.standIns), { from });

/** An SES of which only the way it fails is known. Counts what reaches it. */
async function failingSes(answer: RequestListener) {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    request.resume().on('end', () => answer(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    mailer: sesMailer(sesClient(clientConfig(`http://127.0.0.1:${port}`), { longestMs: 300 }), { from }),
    requests: () => requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

it('sends a mail whole: both bodies, headers, attachment and the ledger id', async () => {
  const outcome = await localMailer().send(
    aMail({
      mailId: 'mail_whole',
      headers: { 'List-Unsubscribe': '<https://agency.example/u/1>' },
      attachments: [{ name: 'woche-47.csv', type: 'text/csv', content: 'Kanal,Beiträge\n' }],
    }),
  );
  const mail = engines.inbox.list().find(({ mailId }) => mailId === 'mail_whole');
  expect(outcome).toEqual({ kind: 'sent', messageId: mail?.id });
  expect(mail).toMatchObject({
    from,
    to: 'client@brand.example',
    subject: 'Café Nord – Woche 47: 5 von 5',
    html: '<p>Grüße</p>',
    text: 'Grüße',
    headers: { 'List-Unsubscribe': '<https://agency.example/u/1>', 'X-Sendeplan-Mail': 'mail_whole' },
  });
  const [file] = mail?.attachments ?? [];
  expect(file).toMatchObject({ name: 'woche-47.csv', type: 'text/csv' });
  expect(Buffer.from(file?.contentBase64 ?? '', 'base64').toString()).toBe('Kanal,Beiträge\n');
});

it('has answers come back to whom the mail names, else to its sender', async () => {
  await localMailer().send(aMail({ mailId: 'mail_answerable', replyTo: 'eva@agency.example' }));
  await localMailer().send(aMail({ mailId: 'mail_plain' }));
  const [plain, answerable] = engines.inbox.list();
  expect(answerable).toMatchObject({ mailId: 'mail_answerable', from, replyTo: 'eva@agency.example' });
  expect(plain).not.toHaveProperty('replyTo');
});

it.each([
  ['Agency North', 'Agency North'],
  ['Agentur „Süd & Söhne“ 🥨', 'Agentur „Süd & Söhne“ 🥨'],
  ['Evil" <all@example.com>\r\nBcc: all@example.com', 'Evil" <all@example.com> Bcc: all@example.com'],
  ['Ä'.repeat(90), 'Ä'.repeat(60)],
])('names the sender %s, whatever is in the name', async (fromName, shown) => {
  const mailId = `mail_from_${fromName.length}`;
  expect(await localMailer().send(aMail({ mailId, fromName }))).toMatchObject({ kind: 'sent' });
  const mail = engines.inbox.list().find((one) => one.mailId === mailId);
  expect(mail?.from).toBe(`${shown} <${from}>`);
  expect(Object.keys(mail?.headers ?? {})).not.toContain('Bcc');
});

it.each([
  { to: 'nobody@brand.invalid', reason: /MessageRejected/ },
  { to: 'not an address', reason: /BadRequestException/ },
])('says refused for $to', async ({ to, reason }) => {
  const before = engines.inbox.list().length;
  const outcome = await localMailer().send(aMail({ to }));
  expect(outcome).toEqual({ kind: 'refused', reason: expect.stringMatching(reason) });
  expect(engines.inbox.list()).toHaveLength(before);
});

it('says unavailable when nobody listens', async () => {
  const mailer = sesMailer(sesClient(clientConfig('http://127.0.0.1:1')), { from });
  expect(await mailer.send(aMail())).toMatchObject({ kind: 'unavailable' });
});

it.each(['TooManyRequestsException', 'SendingPausedException'])('says unavailable for %s', async (name) => {
  const ses = await failingSes((_, response) =>
    response.writeHead(name === 'SendingPausedException' ? 400 : 429, { 'x-amzn-errortype': name }).end('{}'),
  );
  expect(await ses.mailer.send(aMail())).toMatchObject({ kind: 'unavailable' });
  await ses.stop();
});

it.each<[string, RequestListener]>([
  ['a connection that breaks after the request', (request) => request.socket.destroy()],
  ['an error of SES itself', (_, response) => response.writeHead(500).end('{}')],
  ['a silence that lasts too long', () => {}],
  ['an answer that cannot be read', (_, response) => response.writeHead(200).end('<html>')],
])('says uncertain after %s, and has sent the request once', async (_, answer) => {
  const ses = await failingSes(answer);
  expect(await ses.mailer.send(aMail())).toMatchObject({ kind: 'uncertain' });
  expect(ses.requests()).toBe(1);
  await ses.stop();
});

it('sends nothing with a client that would repeat a request', async () => {
  const mailer = sesMailer(new SESv2Client(engines.standIns), { from });
  await expect(mailer.send(aMail({ mailId: 'mail_repeating' }))).rejects.toThrow(/sesClient/);
  expect(engines.inbox.list().some(({ mailId }) => mailId === 'mail_repeating')).toBe(false);
});

it('cannot tell whether a mail was sent, unless somebody can be asked', async () => {
  const messageId = 'found';
  const asked = sesMailer(sesClient(engines.standIns), {
    from,
    lookUp: async () => ({ kind: 'sent', messageId }),
  });
  expect(await localMailer().wasSent('mail_1')).toEqual({ kind: 'unknown' });
  expect(await asked.wasSent('mail_1')).toEqual({ kind: 'sent', messageId });
});
