import type { Inbox, InboxMail } from './inbox.ts';
import { inboxPage, mailHtml } from './inbox-page.ts';
import { htmlAnswer, jsonAnswer, type LocalAnswer, type LocalRequest, missing } from './local-answer.ts';

/**
 * `GET /inbox`: the page; with `Accept: application/json` the mails as an array, newest first, narrowed by `?mailId=`
 * and `?to=`. `GET /inbox/{id}` one mail likewise, `…/html` its HTML, `…/attachments/{n}` a file.
 */
export function inboxRoutes(inbox: Inbox, base: string) {
  return (request: LocalRequest): LocalAnswer => {
    if (request.method !== 'GET') return missing();
    const [id, part, index] = request.path;
    if (id === undefined) {
      if (request.wantsJson) return jsonAnswer(200, matching(inbox.list(), request.query));
      return htmlAnswer(inboxPage(inbox.list(), undefined, base));
    }
    const mail = inbox.get(id);
    if (!mail) return missing();
    if (part === 'html') return framed(mail);
    if (part === 'attachments') return attachment(mail, Number(index));
    if (part !== undefined) return missing();
    return request.wantsJson ? jsonAnswer(200, mail) : htmlAnswer(inboxPage(inbox.list(), mail, base));
  };
}

function matching(mails: readonly InboxMail[], query: URLSearchParams): readonly InboxMail[] {
  const mailId = query.get('mailId');
  const to = query.get('to');
  return mails.filter(
    (mail) => (mailId === null || mail.mailId === mailId) && (to === null || mail.to === to),
  );
}

/** A mail must not be able to do anything: no script, no request, no look at the page around it. */
function framed(mail: InboxMail): LocalAnswer {
  const policy =
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";
  return {
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy },
    body: mailHtml(mail),
  };
}

function attachment(mail: InboxMail, index: number): LocalAnswer {
  const file = mail.attachments[index];
  if (!file) return missing();
  return {
    status: 200,
    headers: {
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      'content-security-policy': "sandbox; default-src 'none'",
    },
    body: Buffer.from(file.contentBase64, 'base64'),
  };
}
