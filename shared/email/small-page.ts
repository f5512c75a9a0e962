import { type Html, html, trusted } from './html.ts';

/** A page of a few lines for somebody who followed a link: no scripts, nothing from elsewhere. */
export function smallPage(language: string, title: string, content: Html): string {
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
label{display:block}
input,textarea{font:inherit;width:100%;box-sizing:border-box;padding:8px}
button{font:inherit;padding:10px 18px;max-width:100%}`;
