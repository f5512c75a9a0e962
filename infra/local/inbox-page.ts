import type { InboxMail } from './inbox.ts';
import { type Html, html, page, time } from './page.ts';

/** The inbox: the mails, and one of them opened. `base` is where the inbox is served. */
export function inboxPage(mails: readonly InboxMail[], open: InboxMail | undefined, base: string): string {
  const body = html`<h1>Inbox</h1>
<p class="soft">Every mail that Sendeplan sent on this laptop. Nothing has left it.
As data: ask for <code>application/json</code>.</p>
<div class="columns"><nav>${mailList(mails, open, base)}</nav><main>${
    open
      ? mailView(open, base)
      : html`<p class="soft">${mails.length ? 'Choose a mail.' : 'No mail yet.'}</p>`
  }</main></div>`;
  return page(open ? `${open.subject} – Inbox` : 'Inbox', body, open ? {} : { refreshSeconds: 10 });
}

/** The mail's own HTML for the frame: links open outside of it. */
export function mailHtml(mail: InboxMail): string {
  const target = '<base target="_blank">';
  return /<head[^>]*>/i.test(mail.html)
    ? mail.html.replace(/<head[^>]*>/i, (head) => head + target)
    : target + mail.html;
}

function mailList(mails: readonly InboxMail[], open: InboxMail | undefined, base: string): Html {
  return html`<ul class="list">${mails.map(
    (mail) =>
      html`<li><a href="${base}/${mail.id}"${
        mail === open ? html` aria-current="true"` : html``
      }><strong>${mail.subject}</strong><br><small>${mail.to}<br>${time(mail.at)}</small></a></li>`,
  )}</ul>`;
}

function mailView(mail: InboxMail, base: string): Html {
  const about = {
    From: mail.from,
    ...(mail.replyTo === undefined ? {} : { 'Reply-To': mail.replyTo }),
    To: mail.to,
    Subject: mail.subject,
    Date: time(mail.at),
  };
  return html`<div class="card">${rows(about)}${mail.attachments.map(
    (file, index) =>
      html`<p>📎 <a href="${base}/${mail.id}/attachments/${index}">${file.name}</a>
<small>${file.type}, ${file.bytes} bytes</small></p>`,
  )}</div>
<h2>HTML <small><a href="${base}/${mail.id}/html" target="_blank">on its own</a></small></h2>
<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" src="${base}/${mail.id}/html" title="The mail"></iframe>
<details><summary>Plain text</summary><div class="card"><pre>${mail.text}</pre></div></details>
<details><summary>Headers</summary><div class="card">${rows(mail.headers)}</div></details>`;
}

function rows(values: Readonly<Record<string, string | Html>>): Html {
  return html`<table>${Object.entries(values).map(
    ([name, value]) => html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`,
  )}</table>`;
}
