import { type Html, html, NOTHING, trusted } from './html.ts';
import { mailPage, STYLE } from './mail-layout.ts';
import type { Bar, Block, Item, MailView, Section } from './mail-view.ts';

/** A mail as HTML: tables and inline styles, no image, no script, nothing that is loaded. */
export function mailHtml(view: MailView): string {
  return mailPage(view, view.sections.map(sectionRow));
}

const TEXT = trusted(`${STYLE.font}${STYLE.text}font-size:16px;line-height:24px;word-break:break-word;`);
const MUTED = trusted(`${STYLE.font}${STYLE.muted}font-size:14px;line-height:20px;word-break:break-word;`);
const TABLE = trusted('role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"');

const TONES = {
  note: 'background-color:#e6f1f3;border-radius:6px;padding:12px 14px;',
  request: 'background-color:#fdf1d8;border-radius:6px;padding:12px 14px;',
} as const;

function sectionRow({ heading, tone, blocks }: Section): Html {
  const title = heading
    ? html`<h2 class="text" style="${trusted(STYLE.font + STYLE.text)}margin:0 0 6px;font-size:17px;line-height:24px;font-weight:700;">${heading}</h2>`
    : NOTHING;
  const content = html`${title}${blocks.map(blockHtml)}`;
  const framed = tone
    ? html`<table ${TABLE}><tr><td class="${tone}" style="${trusted(TONES[tone])}">${content}</td></tr></table>`
    : content;
  return html`<tr><td style="padding:16px 20px 4px;">${framed}</td></tr>\n`;
}

function blockHtml(block: Block): Html {
  switch (block.kind) {
    case 'figure':
      return html`<p class="text" style="${trusted(STYLE.font + STYLE.text)}margin:0 0 6px;font-size:16px;line-height:24px;"><strong style="font-size:30px;line-height:34px;">${block.value}</strong> ${block.label}</p>`;
    case 'text':
      return html`<p class="text" style="${TEXT}margin:0 0 6px;">${lines(block.text)}</p>`;
    case 'small':
      return html`<p class="muted" style="${MUTED}margin:0 0 6px;">${lines(block.text)}</p>`;
    case 'bars':
      return html`${block.bars.map(barHtml)}`;
    case 'items':
      return html`${block.items.map(itemHtml)}`;
  }
}

function barHtml({ label, detail, value, share }: Bar): Html {
  const filled = share === null ? 0 : Math.max(share > 0 ? 1 : 0, Math.round(share * 100));
  const cell = (name: 'bar' | 'track', width: number): Html =>
    width === 0
      ? NOTHING
      : html`<td class="${name}" width="${width}%" style="width:${width}%;height:10px;line-height:10px;font-size:0;background-color:${STYLE[name]};">&nbsp;</td>`;
  const bar =
    share === null
      ? NOTHING
      : html`<table ${TABLE} aria-hidden="true" style="margin:2px 0 3px;table-layout:fixed;"><tr>${cell('bar', filled)}${cell('track', 100 - filled)}</tr></table>`;
  const below =
    detail === '' ? NOTHING : html`<p class="muted" style="${MUTED}margin:0 0 12px;">${detail}</p>`;
  const gap = detail === '' ? 6 : 2;
  return html`<table ${TABLE} style="margin:0 0 ${gap}px;"><tr><td class="text" style="${TEXT}font-size:15px;">${label}</td><td class="text" align="right" valign="top" style="${TEXT}font-size:15px;font-weight:700;white-space:nowrap;word-break:normal;padding-left:12px;">${value}</td></tr></table>${bar}${below}`;
}

function itemHtml({ title, lines: said, told = [], isTrouble = false, link }: Item): Html {
  const anchor = link
    ? html`<a class="link" href="${link.href}" style="${trusted(STYLE.font + STYLE.link)}font-size:15px;line-height:24px;">${link.label}</a>`
    : NOTHING;
  const paragraphs = [
    ...said.map((line) => html`<p class="muted" style="${MUTED}margin:0;">${line}</p>`),
    ...told.map(
      (line) => html`<p class="text" style="${TEXT}font-size:14px;line-height:20px;margin:0;">${line}</p>`,
    ),
  ];
  const edge = isTrouble ? 'trouble' : 'line';
  return html`<table ${TABLE} style="margin:0 0 12px;"><tr><td class="${edge}" style="border-left:3px solid ${STYLE[edge]};padding:0 0 0 10px;"><p class="text" style="${TEXT}font-size:15px;margin:0;">${title}</p>${paragraphs}${anchor}</td></tr></table>`;
}

function lines(text: string): Html[] {
  return text.split('\n').map((line, index) => (index === 0 ? html`${line}` : html`<br>${line}`));
}
