import type { Variant } from '../../domain/content.ts';
import { type Finding, finding } from '../../domain/finding.ts';
import { kindOf } from '../../domain/media.ts';
import { utf8Bytes } from '../../domain/text-count.ts';
import { checkContent } from '../check-content.ts';
import type { Limits } from '../provider.ts';
import { BLUESKY_IMAGE, BLUESKY_VIDEO } from './embed.ts';
import { optionsOf } from './options.ts';
import { renderPost } from './record.ts';

/** Both limits hold at once: `maxGraphemes` and `maxLength` (UTF-8 bytes) of `app.bsky.feed.post`. */
const TEXT_GRAPHEMES = 300;
const TEXT_BYTES = 3_000;

/** Alt text has no limit in the lexicon; MAX_ALT_TEXT of bluesky-social/social-app is what people can read there. */
export const BLUESKY_LIMITS: Limits = {
  text: TEXT_GRAPHEMES,
  unit: 'graphemes',
  media: { least: 0, most: 4, alt: 2_000, image: BLUESKY_IMAGE, video: BLUESKY_VIDEO },
  thread: 25,
  firstComment: TEXT_GRAPHEMES,
};

/** Two limits hold for each text, and a link card can stand alone. */
export function checkPost(network: Parameters<typeof checkContent>[0], variant: Variant): Finding[] {
  const found = checkContent(network, variant).filter(
    ({ rule, path }) => rule !== 'text_empty' || path !== '/text' || variant.link === undefined,
  );
  const texts: [path: string, text: string][] = [
    ['/text', renderPost(variant)],
    ...(variant.thread ?? []).map((text, n): [string, string] => [`/thread/${n}`, text]),
    ['/firstComment', variant.firstComment ?? ''],
  ];
  for (const [path, text] of texts) {
    const count = utf8Bytes(text);
    if (count <= TEXT_BYTES) continue;
    const params = { network: network.name, count, unit: 'bytes', limit: TEXT_BYTES };
    found.push(finding('error', 'text_too_long', path, params));
  }
  return [...found, ...checkCard(variant)];
}

function checkCard(variant: Variant): Finding[] {
  if (optionsOf(variant)?.cardImage !== true || variant.media === undefined) return [];
  const [image, ...others] = variant.media;
  const isImage = image?.files[0] !== undefined && kindOf(image.files[0].type) === 'image';
  if (variant.link !== undefined && isImage && others.length === 0) return [];
  const rule = 'must come with a link and just one image';
  return [finding('error', 'option_invalid', '/options/cardImage', { rule })];
}
