/** Stands in the page wherever the address of this very API belongs; filled at each request. */
export const ORIGIN = '__ORIGIN__';

/** The Monday of all examples; on the page it is replaced by one that is still to come, so that they can be tried. */
export const EXAMPLE_DAY = '2027-01-11';

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? sign);
}

const SIGNS: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What our own descriptions make use of: paragraphs, `code`, **strong**. `inline`: without paragraphs. */
export function markdown(text: string, inline = false): string {
  const marked = escapeHtml(text)
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>');
  if (inline) return marked;
  return marked
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${paragraph}</p>`)
    .join('\n');
}

export function slug(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}
