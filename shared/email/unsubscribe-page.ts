import { type Html, html, trusted } from './html.ts';
import { textsFor } from './texts.ts';

/**
 * The page behind an unsubscribe link. A GET only asks, because mail scanners open every link; the button POSTs to
 * the same address. `done`: it has been decided.
 */
export function unsubscribePage(page: {
  readonly brandName: string;
  readonly email: string;
  readonly locale: string;
  readonly done: boolean;
}): string {
  const { language, unsubscribe: texts } = textsFor(page.locale);
  const content = page.done
    ? html`<p>${texts.done(page.brandName, page.email)}</p>`
    : html`<p>${texts.question(page.brandName, page.email)}</p><form method="post"><button type="submit" name="List-Unsubscribe" value="One-Click">${texts.button}</button></form>`;
  return framed(language, texts.title, content);
}

/** What stands behind a link that is forged, cut off, or of a brand that is gone. */
export function deadUnsubscribePage(locale: string): string {
  const { language, unsubscribe: texts } = textsFor(locale);
  return framed(language, texts.title, html`<p>${texts.dead}</p>`);
}

function framed(language: string, title: string, content: Html): string {
  return html`<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${trusted(SHEET)}</style>
</head>
<body><main><h1>${title}</h1>${content}</main></body>
</html>
`.markup;
}

const SHEET = `:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;margin:0;padding:24px 16px}
main{max-width:480px;margin:0 auto;overflow-wrap:break-word}
button{font:inherit;padding:10px 18px}`;
