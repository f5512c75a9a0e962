import { findUrls, graphemes, utf8Bytes } from '../../domain/text-count.ts';

/** A part of a text that Bluesky makes clickable; `start` and `end` are UTF-16 offsets. */
export type Span = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'link'; readonly uri: string }
  | { readonly kind: 'mention'; readonly handle: string }
  | { readonly kind: 'tag'; readonly tag: string }
);

/** `app.bsky.richtext.facet`: offsets are bytes of the UTF-8 text, the end exclusive. */
export type Facet = {
  readonly index: { readonly byteStart: number; readonly byteEnd: number };
  readonly features: readonly (
    | { readonly $type: 'app.bsky.richtext.facet#link'; readonly uri: string }
    | { readonly $type: 'app.bsky.richtext.facet#mention'; readonly did: string }
    | { readonly $type: 'app.bsky.richtext.facet#tag'; readonly tag: string }
  )[];
};

/** Links, mentions and hashtags of a text in their order; what lies within a link belongs to the link. */
export function findSpans(text: string): Span[] {
  const links: Span[] = findUrls(text).map(({ start, end, url }) => ({ kind: 'link', start, end, uri: url }));
  const others = [...findMentions(text), ...findTags(text)].filter(
    (span) => !links.some((link) => span.start < link.end && link.start < span.end),
  );
  return [...links, ...others].sort((a, b) => a.start - b.start);
}

/** The handles that a text mentions, lower case, each once: what must be resolved before `toFacets`. */
export function mentionedHandles(text: string): string[] {
  const handles = findSpans(text).flatMap((span) => (span.kind === 'mention' ? [span.handle] : []));
  return [...new Set(handles)];
}

/** The facets of a text; a mention whose handle has no DID stays plain text. */
export function toFacets(text: string, dids: ReadonlyMap<string, string>): Facet[] {
  return findSpans(text).flatMap((span) => {
    const feature = toFeature(span, dids);
    if (feature === undefined) return [];
    const byteStart = utf8Bytes(text.slice(0, span.start));
    const byteEnd = byteStart + utf8Bytes(text.slice(span.start, span.end));
    return [{ index: { byteStart, byteEnd }, features: [feature] }];
  });
}

function toFeature(span: Span, dids: ReadonlyMap<string, string>): Facet['features'][number] | undefined {
  if (span.kind === 'link') return { $type: 'app.bsky.richtext.facet#link', uri: span.uri };
  if (span.kind === 'tag') return { $type: 'app.bsky.richtext.facet#tag', tag: span.tag };
  const did = dids.get(span.handle);
  return did === undefined ? undefined : { $type: 'app.bsky.richtext.facet#mention', did };
}

// A handle is a domain name of at least two labels, https://atproto.com/specs/handle
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const MENTION = new RegExp(
  `(?<=^|[\\s(])@((?:${LABEL}\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?)(?![a-z0-9@-])`,
  'gi',
);

function findMentions(text: string): Span[] {
  return [...text.matchAll(MENTION)].map((match) => ({
    kind: 'mention',
    start: match.index,
    end: match.index + match[0].length,
    handle: (match[1] ?? '').toLowerCase(),
  }));
}

// The full-width sign is what Japanese keyboards write; `#` + U+FE0F is the keycap emoji, no tag.
const TAG = /(?<=^|\s)[#＃](?!\uFE0F)([^\s\u00AD\u2060\u200A-\u200D]+)/gu;
// Lexicon `app.bsky.richtext.facet#tag`: one that is longer would have the whole post refused.
const TAG_GRAPHEMES = 64;
const TAG_BYTES = 640;

function findTags(text: string): Span[] {
  return [...text.matchAll(TAG)].flatMap((match): Span[] => {
    const tag = (match[1] ?? '').replace(/\p{P}+$/u, '');
    if (tag === '' || /^[\d\p{P}]+$/u.test(tag)) return [];
    if (graphemes(tag) > TAG_GRAPHEMES || utf8Bytes(tag) > TAG_BYTES) return [];
    return [{ kind: 'tag', start: match.index, end: match.index + 1 + tag.length, tag }];
  });
}
