import { endOfTopLevelDomain } from './tlds.ts';

/** A part of a text by UTF-16 offsets, the end exclusive. */
export type Span = { readonly start: number; readonly end: number };

export type FindDomain = (start: number) => Span | undefined;

/**
 * The domain that starts at a place of the text: the longest one, as twitter-text reads it. Meant to be asked for one
 * place after the other: what is known of the labels around is kept, so that a long text takes linear time.
 */
export function domainsOf(text: string): FindDomain {
  let chain: Chain = { start: 0, end: 0, labels: [] };
  let index = 0;
  return (start) => {
    if (!LABEL_CHARACTER.test(text.charAt(start))) return undefined;
    if (start < chain.start || start >= chain.end) {
      chain = chainFrom(text, start);
      index = 0;
    }
    while ((chain.labels[index]?.end ?? chain.end) <= start) index += 1;
    while ((chain.labels[index]?.start ?? 0) > start) index -= 1;
    const end = endOfDomain(text, start, chain.labels, index);
    return end === undefined ? undefined : { start, end };
  };
}

/** What of a domain stands in Latin letters alone and is a domain by itself: `example.com` of `こexample.comて.jp`. */
export function latinDomains(text: string, { start, end }: Span): Span[] {
  const found: Span[] = [];
  for (let at = start; at < end; ) {
    let best: number | undefined;
    let dot = endOf(LATIN_LABEL, text, at);
    const isLabel = dot > at;
    while (isLabel && dot < end && text.charAt(dot) === '.') {
      best = endOfTopLevelDomain(text, dot + 1, end) ?? best;
      const next = endOf(LATIN_LABEL, text, dot + 1);
      if (next === dot + 1) break;
      dot = next;
    }
    if (best !== undefined) found.push({ start: at, end: best });
    at = best ?? Math.max(dot, at + 1);
  }
  return found;
}

/** Latin letters with accents, for use in the brackets of a pattern. */
export const LATIN_ACCENTED =
  '\\xC0-\\xD6\\xD8-\\xF6\\xF8-\\u024F\\u0253\\u0254\\u0256\\u0257\\u0259\\u025B\\u0263\\u0268\\u026F\\u0272\\u0289\\u028B\\u02BB\\u0300-\\u036F\\u1E00-\\u1EFF';

/** Where a sticky pattern's match at `at` ends; `at` itself where there is none. */
export function endOf(sticky: RegExp, text: string, at: number): number {
  sticky.lastIndex = at;
  return sticky.test(text) ? sticky.lastIndex : at;
}

const LATIN_LABEL = new RegExp(`[-a-z0-9${LATIN_ACCENTED}]*`, 'iy');
// In UTF-16 units, as twitter-text has it: half an emoji is a character of a domain, too.
const NOT_IN_LABELS =
  "!'#%&()*+,\\\\\\-./:;<=>?@[\\]^_{|}~$\\t-\\r \\x85\\xA0\\u1680\\u180E\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000\\uFFFE\\uFEFF\\uFFFF\\u202A-\\u202E\\u061C\\u200E\\u200F\\u2066-\\u2069";
const LABEL_CHARACTER = new RegExp(`[^${NOT_IN_LABELS}]`);
const CHAIN = new RegExp(`(?:[^${NOT_IN_LABELS}]|[-._])*`, 'y');

type Label = Span & {
  /** Begins and ends as a label must. */
  readonly isSound: boolean;
  /** -1: it has none. Underscores are for labels further left, never for the one before the top-level domain. */
  readonly lastUnderscore: number;
  /** Where the top-level domain ends that this label starts with. */
  readonly topLevelEnd: number | undefined;
  /** Where the longest domain ends that has one more label between this one and its top-level domain. */
  readonly longEnd: number | undefined;
};

/** Everything from one delimiter to the next, split at its dots. */
type Chain = Span & { readonly labels: readonly Label[] };

function chainFrom(text: string, start: number): Chain {
  const end = endOf(CHAIN, text, start);
  const labels: Label[] = [];
  let labelEnd = end;
  // From right to left: a label needs to know what follows it.
  for (const part of text.slice(start, end).split('.').reverse()) {
    const labelStart = labelEnd - part.length;
    const next = labels.at(-1);
    const shortEnd = next?.lastUnderscore === -1 ? labels.at(-2)?.topLevelEnd : undefined;
    const underscore = part.lastIndexOf('_');
    labels.push({
      start: labelStart,
      end: labelEnd,
      isSound: LABEL_CHARACTER.test(part.charAt(0)) && LABEL_CHARACTER.test(part.charAt(part.length - 1)),
      lastUnderscore: underscore === -1 ? -1 : labelStart + underscore,
      topLevelEnd: endOfTopLevelDomain(text, labelStart, text.length),
      longEnd: next?.isSound ? (next.longEnd ?? shortEnd) : undefined,
    });
    labelEnd = labelStart - 1;
  }
  return { start, end, labels: labels.reverse() };
}

/** Of a domain whose first label is what of its label stands from `start` on. */
function endOfDomain(
  text: string,
  start: number,
  labels: readonly Label[],
  index: number,
): number | undefined {
  const label = labels[index];
  if (label === undefined || !LABEL_CHARACTER.test(text.charAt(label.end - 1))) return undefined;
  return label.longEnd ?? (label.lastUnderscore < start ? labels[index + 1]?.topLevelEnd : undefined);
}
