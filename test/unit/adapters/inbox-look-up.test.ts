import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { inboxLookUp } from '../../../shared/adapters/aws/inbox-look-up.ts';

async function anInbox(status: number, body: unknown) {
  const server = createServer((_, response) => response.writeHead(status).end(JSON.stringify(body)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/inbox`;
  return { url, close: () => server.close() };
}

it.each([
  {
    told: 'sent',
    status: 200,
    body: [{ id: 'message-1', mailId: 'mail_1' }],
    expected: { kind: 'sent', messageId: 'message-1' },
  },
  { told: 'absent', status: 200, body: [{ id: 'message-2', mailId: null }], expected: { kind: 'absent' } },
  { told: 'unknown', status: 503, body: {}, expected: { kind: 'unknown' } },
  { told: 'unknown', status: 200, body: { odd: true }, expected: { kind: 'unknown' } },
])('says $told when the inbox answers $status $body', async ({ status, body, expected }) => {
  const inbox = await anInbox(status, body);
  expect(await inboxLookUp(inbox.url)('mail_1')).toEqual(expected);
  inbox.close();
});

it('says unknown when the inbox cannot be reached', async () => {
  expect(await inboxLookUp('http://127.0.0.1:1/inbox')('mail_1')).toEqual({ kind: 'unknown' });
});
