/** Markup that is ready: texts become markup only by way of `html`, which escapes them. */
export type Html = { readonly markup: string };

type Part = string | number | Html | readonly Html[];

/** A template whose inserted texts are escaped; markup and lists of markup are inserted as they are. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const markup = strings.map((text, index) => text + (index < parts.length ? inserted(parts[index]) : ''));
  return { markup: markup.join('') };
}

/** Own markup that holds no text from outside: style sheets, conditional comments. */
export const trusted = (markup: string): Html => ({ markup });

export const NOTHING: Html = { markup: '' };

/** A link that may stand in a mail; undefined for every other scheme, which a text from outside could bring in. */
export function webUrl(url: string | null | undefined): string | undefined {
  return url && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? url : undefined;
}

function inserted(part: Part | undefined): string {
  if (part === undefined) return '';
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return escaped(part);
  if ('markup' in part) return part.markup;
  return part.map(({ markup }) => markup).join('');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}
