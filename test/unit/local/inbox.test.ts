import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { type InboxMail, openInbox } from '../../../infra/local/inbox.ts';
import { inboxRoutes } from '../../../infra/local/inbox-routes.ts';
import type { LocalRequest } from '../../../infra/local/local-answer.ts';
import { temporaryFolder } from '../../support/laptop-engines.ts';

const folders: { remove(): Promise<void> }[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await folder.remove();
});
async function aFolder(): Promise<string> {
  const folder = await temporaryFolder();
  folders.push(folder);
  return folder.path;
}

function aMail(id: string, more: Partial<InboxMail> = {}): InboxMail {
  return {
    id,
    mailId: `mail_${id}`,
    from: 'reports@agency.example',
    to: 'client@brand.example',
    subject: `Subject ${id}`,
    html: '<html><head></head><body>Hello</body></html>',
    text: 'Hello',
    headers: {},
    at: '2026-11-30T08:00:00.000Z',
    attachments: [],
    ...more,
  };
}

function get(path: readonly string[], more: Partial<LocalRequest> = {}): LocalRequest {
  return {
    method: 'GET',
    path,
    query: new URLSearchParams(),
    headers: {},
    body: '',
    wantsJson: false,
    ...more,
  };
}

it('has every accepted mail after a crash, newest first, and goes on numbering', async () => {
  const folder = await aFolder();
  const before = await openInbox(folder);
  for (const id of ['a', 'b']) await before.add(aMail(id));
  await writeFile(join(folder, '00000003.json.draft'), '{"half');

  const after = await openInbox(folder);
  await after.add(aMail('c'));
  expect(after.list().map((mail) => mail.id)).toEqual(['c', 'b', 'a']);
  expect((await openInbox(folder)).list()).toEqual(after.list());
});

it('keeps mails apart that come at the same time', async () => {
  const folder = await aFolder();
  const inbox = await openInbox(folder);
  await Promise.all(Array.from({ length: 20 }, (_, index) => inbox.add(aMail(String(index)))));
  expect((await openInbox(folder)).list()).toHaveLength(20);
});

it('lists the mails as JSON, narrowed by ledger id', async () => {
  const inbox = await openInbox(await aFolder());
  for (const id of ['a', 'b']) await inbox.add(aMail(id));
  const routes = inboxRoutes(inbox, '/inbox');
  const all = routes(get([], { wantsJson: true }));
  expect(JSON.parse(String(all.body))).toHaveLength(2);
  const one = routes(get([], { wantsJson: true, query: new URLSearchParams({ mailId: 'mail_a' }) }));
  expect(JSON.parse(String(one.body))).toEqual([aMail('a')]);
});

it('shows a mail’s HTML so that it can run nothing and load nothing', async () => {
  const inbox = await openInbox(await aFolder());
  await inbox.add(aMail('a', { html: '<script>alert(1)</script>', subject: '<img src=x onerror=alert(1)>' }));
  const routes = inboxRoutes(inbox, '/inbox');
  const framed = routes(get(['a', 'html']));
  expect(framed.headers['content-security-policy']).toMatch(/^sandbox /);
  expect(framed.headers['content-security-policy']).toMatch(/default-src 'none'/);
  expect(framed.headers['content-security-policy']).not.toMatch(/allow-scripts|allow-same-origin|script-src/);
  const page = routes(get(['a']));
  expect(String(page.body)).not.toContain('<img');
  expect(String(page.body)).not.toContain('<script');
  expect(String(page.body)).toMatch(/<iframe sandbox="(?!.*(allow-scripts|allow-same-origin))/);
});

it('shows where an answer would go, if not to the sender', async () => {
  const inbox = await openInbox(await aFolder());
  await inbox.add(aMail('a', { replyTo: 'eva@agency.example' }));
  await inbox.add(aMail('b'));
  const routes = inboxRoutes(inbox, '/inbox');
  expect(String(routes(get(['a'])).body)).toMatch(/Reply-To.*eva@agency\.example/);
  expect(String(routes(get(['b'])).body)).not.toContain('Reply-To');
});

it('shows times as people read them, and leads back to the first page', async () => {
  const inbox = await openInbox(await aFolder());
  await inbox.add(aMail('a'));
  for (const path of [[], ['a']]) {
    const page = String(inboxRoutes(inbox, '/inbox')(get(path)).body);
    expect(page).toContain('<time datetime="2026-11-30T08:00:00.000Z">2026-11-30 08:00:00 UTC</time>');
    expect(page).toContain('<a href="/">');
  }
});

it('hands out an attachment as a file to save', async () => {
  const inbox = await openInbox(await aFolder());
  const contentBase64 = Buffer.from('a,b\n').toString('base64');
  await inbox.add(
    aMail('a', { attachments: [{ name: 'w 47.csv', type: 'text/csv', bytes: 4, contentBase64 }] }),
  );
  const routes = inboxRoutes(inbox, '/inbox');
  const file = routes(get(['a', 'attachments', '0']));
  expect(String(file.body)).toBe('a,b\n');
  expect(file.headers['content-disposition']).toBe("attachment; filename*=UTF-8''w%2047.csv");
  expect(routes(get(['a', 'attachments', '1'])).status).toBe(404);
});
