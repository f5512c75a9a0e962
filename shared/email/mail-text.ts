import type { Block, Item, MailView } from './mail-view.ts';

/** A mail as plain text, without markup of any kind. */
export function mailText(view: MailView): string {
  const head = `${view.title}\n${view.subtitle}`;
  const sections = view.sections.map(({ heading, blocks }) => {
    const body = blocks.map(blockText).join('\n');
    return heading ? `${heading}\n${'-'.repeat([...heading].length)}\n${body}` : body;
  });
  const footer = view.footer.map(({ text, href }) => (href ? `${text}: ${href}` : text));
  return `${[head, ...sections, footer.join('\n')].join('\n\n')}\n`;
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'figure':
      return `${block.value} ${block.label}`;
    case 'text':
    case 'small':
      return block.text;
    case 'bars':
      return block.bars
        .map(({ label, value, detail }) => `- ${label}: ${value}${detail === '' ? '' : ` (${detail})`}`)
        .join('\n');
    case 'items':
      return block.items.map(itemText).join('\n');
  }
}

function itemText({ title, lines, told = [], link }: Item): string {
  return [
    `- ${title}`,
    ...[...lines, ...told].map((line) => `  ${line}`),
    ...(link ? [`  ${link.href}`] : []),
  ].join('\n');
}
