import type { FoundUrl } from '../../domain/text-count.ts';
import { domainsOf, endOf, type FindDomain, LATIN_ACCENTED, latinDomains, type Span } from './domains.ts';
import { encodedLength } from './punycode.ts';

/**
 * The URLs of a text that X makes short links of, in their order: those with `http(s)://`, and bare domains under a
 * known top-level domain. By the rules of twitter-text 3.1.0, oddities included: X's own composer counts by it.
 * https://github.com/twitter/twitter-text
 */
export function urlsIn(text: string): FoundUrl[] {
  if (!text.includes('.')) return [];
  const found: FoundUrl[] = [];
  const domainAt = domainsOf(text);
  for (let at = 0; at < text.length; ) {
    const match = matchBehind(text, at, domainAt);
    if (match !== undefined) {
      found.push(
        ...spansOf(text, match).map(({ start, end }) => ({ start, end, url: text.slice(start, end) })),
      );
    }
    at = match?.end ?? at + 1;
  }
  return found;
}

/** What looks like a URL, with or without its protocol. */
type Match = Span & { readonly domain: Span; readonly hasPath: boolean };

/** What looks like a URL behind the character at `at`, or at the very beginning of the text. */
function matchBehind(text: string, at: number, domainAt: FindDomain): Match | undefined {
  const behind = MAY_PRECEDE.test(text.charAt(at)) ? matchAt(text, at + 1, domainAt) : undefined;
  return behind ?? (at === 0 ? matchAt(text, 0, domainAt) : undefined);
}

const MAY_PRECEDE = /[^A-Za-z0-9@＠$#＃\uFFFE\uFEFF\uFFFF]/;

function matchAt(text: string, start: number, domainAt: FindDomain): Match | undefined {
  const protocol = endOf(PROTOCOL, text, start);
  const domain = domainAt(protocol) ?? (protocol === start ? undefined : domainAt(start));
  if (domain === undefined) return undefined;
  const port = endOf(PORT, text, domain.end);
  const hasPath = text.charAt(port) === '/';
  const path = hasPath ? endOfPath(text, port + 1) : port;
  return { start, end: endOfQuery(text, path), domain, hasPath };
}

const PROTOCOL = /https?:\/\//iy;
const PORT = /:[0-9]+/y;
const LETTERS = `a-z0-9\\u0400-\\u04FF${LATIN_ACCENTED}`;
const IN_PATH = new RegExp(`[${LETTERS}!*';:=+,.$/%#[\\]\\-\\u2013_~@|&]*`, 'iy');
const ENDS_PATH = new RegExp(`[${LETTERS}+\\-=_#/]`, 'i');

/** The path goes as far as it ends well: punctuation at its end belongs to the sentence, brackets must be closed. */
function endOfPath(text: string, start: number): number {
  let end = start;
  let at = start;
  for (;;) {
    const run = endOf(IN_PATH, text, at);
    let last = run;
    while (last > at && !ENDS_PATH.test(text.charAt(last - 1))) last -= 1;
    if (last > at) end = last;
    const closed = endOfBrackets(text, run);
    if (closed === undefined) return end;
    // Behind punctuation a pair is within the path only if more of the path follows.
    if (end === run) end = closed;
    at = closed;
  }
}

/** `(…)` with something in it, or with one more pair within; undefined where there is none. */
function endOfBrackets(text: string, at: number): number | undefined {
  if (text.charAt(at) !== '(') return undefined;
  let end = endOf(IN_PATH, text, at + 1);
  let isFilled = end > at + 1;
  if (text.charAt(end) === '(') {
    const inner = endOf(IN_PATH, text, end + 1);
    if (inner === end + 1 || text.charAt(inner) !== ')') return undefined;
    end = endOf(IN_PATH, text, inner + 1);
    isFilled = true;
  }
  return isFilled && text.charAt(end) === ')' ? end + 1 : undefined;
}

const IN_QUERY = /\?[a-z0-9!?*'@();:&=+$/%#[\]\-_.,~|]*/iy;

function endOfQuery(text: string, at: number): number {
  let end = endOf(IN_QUERY, text, at);
  while (end > at && !/[a-z0-9\-_&=#/]/i.test(text.charAt(end - 1))) end -= 1;
  return end;
}

/** What of a match is shortened. Of a bare domain the Latin parts, and only a path takes port and query with it. */
function spansOf(text: string, { start, end, domain, hasPath }: Match): Span[] {
  const protocolLength = domain.start - start;
  const isTooLong = (protocolLength || 'https://'.length) + end - start > MOST_CHARACTERS;
  if (isTooLong || !isResolvable(text, domain)) return [];
  if (protocolLength > 0) {
    const shortEnd = endOfShortLink(text.slice(start, end));
    return shortEnd === undefined ? [] : [{ start, end: start + shortEnd }];
  }
  if (/[-_./]/.test(text.charAt(start - 1))) return [];
  const parts = latinDomains(text, domain);
  const last = hasPath ? parts.pop() : undefined;
  return last === undefined ? parts : [...parts, { start: last.start, end }];
}

const MOST_CHARACTERS = 4_096;
/** https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4 */
const LONGEST_LABEL = 63;

/** Are its labels, as DNS would have them, none too long? What says that it is encoded must be so. */
function isResolvable(text: string, domain: Span): boolean {
  const name = text.slice(domain.start, domain.end);
  if (name.startsWith('xn--') && latinDomains(text, domain).length === 0) return false;
  return name.split('.').every((label) => encodedLength(label) <= LONGEST_LABEL);
}

const SHORT_LINK = /^https?:\/\/t\.co\/([a-z0-9]+)(?:\?[a-z0-9!?*'@();:&=+$/%#[\]\-_.,~|]*[a-z0-9\-_&=#/])?/i;
const LONGEST_SLUG = 40;

/** X's own short links have nothing but letters and digits; undefined when there are too many of them. */
function endOfShortLink(url: string): number | undefined {
  const match = SHORT_LINK.exec(url);
  if (match === null) return url.length;
  return (match[1] ?? '').length > LONGEST_SLUG ? undefined : match[0].length;
}
