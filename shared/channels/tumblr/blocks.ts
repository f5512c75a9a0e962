import type { Variant } from '../../domain/content.ts';
import { sha256 } from '../../domain/ids.ts';
import { kindOf, type MediaFile } from '../../domain/media.ts';
import { codePoints, findUrls } from '../../domain/text-count.ts';

/** A block of Tumblr's Neue Post Format, https://github.com/tumblr/docs/blob/master/npf-spec.md */
export type Block = Readonly<Record<string, unknown>> & { readonly type: string };

/** A file of the post under the name by which its block refers to it. */
export type BlockFile = { readonly identifier: string; readonly file: MediaFile; readonly alt: string };

const BLOCK_LENGTH = 4_096;

/** Title, media, paragraphs, poll and link, from top to bottom. */
export function toBlocks(
  variant: Variant,
  { title, files, key }: { title: string | undefined; files: readonly BlockFile[]; key: string },
): Block[] {
  const { poll } = variant;
  const { head, text, foot } = wordBlocks(variant, title);
  return [
    ...head,
    ...files.map(mediaBlock),
    ...text,
    ...(poll === undefined ? [] : [pollBlock(poll, key)]),
    ...foot,
  ];
}

/** What words make: the title before the media, the text behind them, the link at the end. */
export function wordBlocks(
  { text, link }: Pick<Variant, 'text' | 'link'>,
  title: string | undefined,
): { readonly head: Block[]; readonly text: Block[]; readonly foot: Block[] } {
  const linkStands = link === undefined || findUrls(text).some(({ url }) => url === link);
  return {
    head: title === undefined ? [] : [{ type: 'text', subtype: 'heading1', text: title }],
    text: paragraphs(text).map(textBlock),
    foot: linkStands ? [] : [{ type: 'link', url: link }],
  };
}

/** A text block is one paragraph; what is longer than a block may be is cut between words. */
export function paragraphs(text: string): string[] {
  return text
    .replaceAll('\r\n', '\n')
    .split(/\n[^\S\n]*\n\s*/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
    .flatMap(pieces);
}

function pieces(paragraph: string): string[] {
  const characters = [...paragraph];
  if (characters.length <= BLOCK_LENGTH) return [paragraph];
  const head = characters.slice(0, BLOCK_LENGTH);
  const space = head.findLastIndex((character) => /\s/.test(character));
  const end = space > 0 ? space : BLOCK_LENGTH;
  const rest = characters.slice(end).join('').trim();
  return [head.slice(0, end).join('').trim(), ...pieces(rest)];
}

/** URLs become links. Ranges count code points. */
function textBlock(text: string): Block {
  const formatting = findUrls(text).map(({ start, end, url }) => ({
    start: codePoints(text.slice(0, start)),
    end: codePoints(text.slice(0, end)),
    type: 'link',
    url,
  }));
  return { type: 'text', text, ...(formatting.length === 0 ? {} : { formatting }) };
}

function mediaBlock({ identifier, file, alt }: BlockFile): Block {
  const { type, width, height } = file;
  const media = {
    type,
    identifier,
    ...(width === undefined || height === undefined ? {} : { width, height }),
  };
  if (kindOf(type) === 'video') return { type: 'video', provider: 'tumblr', media };
  return { type: 'image', media: [media], ...(alt === '' ? {} : { alt_text: alt }) };
}

/**
 * Tumblr's description does not name the poll block; this is what its own clients send, as read by
 * https://github.com/James-Ansley/tumblr-dot-com (src/tumblr/content.py).
 */
function pollBlock({ question = '', options, minutes }: NonNullable<Variant['poll']>, key: string): Block {
  return {
    type: 'poll',
    question,
    client_id: uuid(key, 'poll'),
    answers: options.map((answer_text, index) => ({ answer_text, client_id: uuid(key, String(index)) })),
    settings: { multiple_choice: false, close_status: 'closed-after', expire_after: minutes * 60 },
  };
}

/** In the form of a UUID, version 8 (RFC 9562 §5.8); the same for every send of a delivery. */
function uuid(key: string, name: string): string {
  const hex = sha256(`${key} ${name}`);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
