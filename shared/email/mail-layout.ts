import { type Html, html, NOTHING, trusted } from './html.ts';
import type { FooterLine, MailView } from './mail-view.ts';

/**
 * Colours and type of a mail. Mail clients want every style on its element; what a dark reader needs otherwise is
 * said by class in the one style sheet, for the clients that read it.
 */
export const STYLE = {
  font: "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;",
  text: 'color:#1f2a30;',
  muted: 'color:#55636b;',
  link: 'color:#0b6470;',
  bar: '#1d7f8c',
  track: '#e3eaec',
  line: '#c9d6da',
  trouble: '#b45309',
} as const;

const SHEET = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
body{margin:0;padding:0;-webkit-text-size-adjust:100%;text-size-adjust:100%}
@media (prefers-color-scheme:dark){
.page{background-color:#12181b!important}
.card{background-color:#1b2327!important}
.text{color:#e8eef0!important}
.muted{color:#a9b7bd!important}
.link{color:#76ccd8!important}
.bar{background-color:#4fb3c1!important}
.track{background-color:#2c373c!important}
.line{border-color:#3d4b51!important}
.trouble{border-color:#e0a43a!important}
.note{background-color:#1f2d31!important}
.request{background-color:#3a2f17!important}
}`;

/** The page around a mail's sections: one column, 600 px at most, fluid below, tables for old clients. */
export function mailPage(view: MailView, sections: readonly Html[]): string {
  const page = html`<!DOCTYPE html>
<html lang="${view.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="x-apple-disable-message-reformatting">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no">
<title>${view.subject}</title>
<style>${trusted(SHEET)}</style>
</head>
<body class="page" style="margin:0;padding:0;background-color:#eef2f3;">
<div style="display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;font-size:1px;line-height:1px;">${view.preheader}${padding()}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background-color:#eef2f3;"><tr><td align="center" style="padding:16px 8px;">
${trusted('<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->')}
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;background-color:#ffffff;border-radius:8px;">
<tr><td style="padding:24px 20px 4px;">
<h1 class="text" style="${trusted(STYLE.font + STYLE.text)}margin:0;font-size:22px;line-height:28px;font-weight:700;word-break:break-word;">${view.title}</h1>
<p class="muted" style="${trusted(STYLE.font + STYLE.muted)}margin:4px 0 0;font-size:15px;line-height:22px;">${view.subtitle}</p>
</td></tr>
${sections}
<tr><td class="line" style="padding:16px 20px 24px;border-top:1px solid #dbe3e6;">${view.footer.map(footerLine)}</td></tr>
</table>
${trusted('<!--[if mso]></td></tr></table><![endif]-->')}
</td></tr></table>
</body>
</html>
`;
  return page.markup;
}

/** Keeps the beginning of the mail itself out of the mailbox's preview. */
function padding(): Html {
  return trusted('&#847;&zwnj;&nbsp;'.repeat(40));
}

function footerLine({ text, href }: FooterLine): Html {
  const style = trusted(
    `${STYLE.font}${STYLE.muted}margin:0 0 6px;font-size:13px;line-height:19px;word-break:break-word;`,
  );
  const content = href
    ? html`<a class="link" href="${href}" style="${trusted(STYLE.link)}">${text}</a>`
    : html`${text}`;
  return text === '' ? NOTHING : html`<p class="muted" style="${style}">${content}</p>`;
}
