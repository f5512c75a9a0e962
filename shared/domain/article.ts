import { codePoints, findUrls } from './text-count.ts';

/** The first line of a text, cut between words where it is longer than `longest` characters: a title for want of one. */
export function headlineOf(text: string, longest = 80): string {
  const [line = ''] = text.trim().split('\n');
  if (codePoints(line) <= longest) return line.trim();
  const cut = [...line].slice(0, longest - 1).join('');
  const space = cut.lastIndexOf(' ');
  return `${(space < longest / 2 ? cut : cut.slice(0, space)).trim()}…`;
}

/**
 * Paragraphs at blank lines, breaks at single ones, URLs as links; nothing of the text is ever markup. `asMarkup`: for a
 * network that takes more than HTML's own signs for markup.
 */
export function htmlOf(text: string, link?: string, asMarkup = escapeHtml): string {
  const paragraphs = text
    .replaceAll('\r\n', '\n')
    .trim()
    .split(/\n[^\S\n]*\n\s*/)
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => paragraphOf(paragraph, asMarkup));
  const has = link === undefined || findUrls(text).some(({ url }) => url === link);
  return [...paragraphs, ...(has ? [] : [`<p>${anchor(link, asMarkup)}</p>`])].join('\n');
}

/** For text and for attributes in double quotes. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

/** Lower-case ASCII words joined by hyphens, at most 60 characters: the readable part of an address. */
export function slugOf(words: string): string {
  return words
    .toLowerCase()
    .normalize('NFC')
    .replace(/[äöüß]/g, (letter) => GERMAN[letter] ?? letter)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '');
}

type Escape = (text: string) => string;

function paragraphOf(text: string, asMarkup: Escape): string {
  let html = '';
  let at = 0;
  for (const { start, end, url } of findUrls(text)) {
    html += asMarkup(text.slice(at, start)) + anchor(url, asMarkup);
    at = end;
  }
  return `<p>${(html + asMarkup(text.slice(at))).replaceAll('\n', '<br>\n')}</p>`;
}

const anchor = (url: string, asMarkup: Escape): string =>
  `<a href="${asMarkup(new URL(url).href)}">${asMarkup(url)}</a>`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const GERMAN: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' };
