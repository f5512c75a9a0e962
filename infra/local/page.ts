/** HTML that may be put into a page as it is: made by `html`, which escapes everything else. */
export type Html = { readonly html: string };

/** Template of HTML: texts are escaped, pieces made by `html` itself and lists of them are not. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (Html | readonly Html[] | string | number)[]
): Html {
  let out = parts[0] ?? '';
  for (const [index, value] of values.entries()) out += render(value) + (parts[index + 1] ?? '');
  return { html: out };
}

/**
 * A whole page of the laptop, in light and dark. No page of the laptop runs scripts, or loads anything from
 * elsewhere. All but the
 * first lead back to it.
 */
export function page(
  title: string,
  body: Html,
  options: { refreshSeconds?: number; isHome?: boolean } = {},
): string {
  const refresh = options.refreshSeconds
    ? html`<meta http-equiv="refresh" content="${options.refreshSeconds}">`
    : html``;
  const top = options.isHome ? html`` : html`<p class="top"><a href="/">Sendeplan on this laptop</a></p>`;
  return `<!doctype html>${
    html`<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">${refresh}
<title>${title}</title><style>${{ html: STYLE }}</style></head>
<body>${top}${body}</body></html>`.html
  }`;
}

/** An instant as people read it, to the second. */
export function time(at: string): Html {
  return html`<time datetime="${at}">${at.slice(0, 10)} ${at.slice(11, 19)} UTC</time>`;
}

function render(value: Html | readonly Html[] | string | number): string {
  if (typeof value === 'string' || typeof value === 'number') {
    return String(value).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
  }
  return 'html' in value ? value.html : value.map((piece) => piece.html).join('');
}

const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1d2430, #e7eaf0); --soft: light-dark(#5c6675, #9aa5b5);
  --paper: light-dark(#f5f6f8, #14171c); --card: light-dark(#fff, #1e232b); --line: light-dark(#dde1e8, #303743);
  --mark: light-dark(#0a58ca, #7fb2ff); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1200px; padding: 1.5rem 1rem 3rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.35rem; margin: 0; } h2 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
h2 small { font-weight: 400; } .top { margin: 0 0 .6rem; font-size: .85rem; }
a { color: var(--mark); } p { margin: .4rem 0; }
.soft, small { color: var(--soft); } small { font-size: .85rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .9rem 1rem; }
.cards { display: grid; gap: .8rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 340px), 1fr)); }
.words { white-space: pre-wrap; overflow-wrap: anywhere; }
.numbers { display: flex; flex-wrap: wrap; gap: .2rem .8rem; font-size: .9rem; }
.columns { display: grid; gap: 1rem; margin-top: 1rem; }
/* On a phone the mail that was opened stands above the list it was chosen from. */
@media (max-width: 799px) { .columns:has([aria-current]) nav { order: 1; } }
@media (min-width: 800px) { .columns { grid-template-columns: 320px 1fr; align-items: start; } }
.list { list-style: none; margin: 0; padding: 0; display: grid; gap: .4rem; }
.list.few { max-width: 40rem; margin-top: 1rem; }
.list a { display: block; text-decoration: none; color: inherit; padding: .6rem .8rem; border-radius: 8px;
  border: 1px solid var(--line); background: var(--card); overflow-wrap: anywhere; }
.list a[aria-current] { border-color: var(--mark); }
iframe { width: 100%; height: 70vh; border: 1px solid var(--line); border-radius: 8px; background: #fff; }
img { max-width: 100%; height: auto; border-radius: 8px; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; font-size: .9rem; }
table { border-collapse: collapse; } th, td { text-align: left; padding: .15rem .8rem .15rem 0; vertical-align: top;
  overflow-wrap: anywhere; } th { font-weight: 500; color: var(--soft); white-space: nowrap; }
summary { cursor: pointer; padding: .3rem 0; }
`;
