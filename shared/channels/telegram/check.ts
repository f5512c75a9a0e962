import type { Variant } from '../../domain/content.ts';
import { type Finding, finding } from '../../domain/finding.ts';
import { utf16 } from '../../domain/text-count.ts';
import { checkContent, withLink } from '../check-content.ts';
import type { Limits, Provider } from '../provider.ts';
import { fileOf, MOST_WIDTH_AND_HEIGHT, TELEGRAM_MEDIA } from './files.ts';
import { optionsOf } from './message.ts';

const CAPTION = 1_024;

/** https://core.telegram.org/bots/api#sendmessage, #sendpoll; characters are UTF-16 units there, as entities are. */
export const TELEGRAM_LIMITS: Limits = {
  text: 4_096,
  unit: 'utf16',
  media: TELEGRAM_MEDIA,
  thread: 25,
  poll: { options: 12, optionText: 100, minutes: [1, 43_800], question: 300 },
};

/** Forms are sent within the one request that publishes, which ends after 20 s. */
const MOST_BYTES_TOGETHER = 50_000_000;

export function checkMessage(
  rules: Pick<Provider, 'name' | 'limits' | 'countText' | 'render'>,
  variant: Variant,
): Finding[] {
  const bare = variant.poll !== undefined && variant.text.trim() === '';
  return [
    ...checkContent(rules, variant).filter(
      ({ rule, path }) => !(bare && rule === 'text_empty' && path === '/text'),
    ),
    ...checkDescription(rules.name, variant),
    ...checkFiles(rules.name, variant),
    ...checkEntities(variant),
  ];
}

/** The text stands with a poll as its description, which is as short as a caption. */
function checkDescription(network: string, variant: Variant): Finding[] {
  const count = utf16(withLink(variant));
  if (variant.poll === undefined || (variant.media?.length ?? 0) > 0 || count <= CAPTION) return [];
  if (count > (TELEGRAM_LIMITS.text ?? 0)) return [];
  return [finding('error', 'text_too_long', '/text', { network, count, unit: 'utf16', limit: CAPTION })];
}

function checkFiles(network: string, { media = [] }: Variant): Finding[] {
  const found: Finding[] = [];
  for (const [index, one] of media.entries()) {
    const path = `/media/${index}`;
    const { type = '', width = 0, height = 0 } = one.files[0] ?? {};
    if (fileOf(one) === undefined && width + height > MOST_WIDTH_AND_HEIGHT) {
      const limit = `${MOST_WIDTH_AND_HEIGHT} px, width and height together`;
      found.push(finding('error', 'media_too_large', path, { network, limit }));
    }
    // An album has photos and videos, no animations.
    if (media.length > 1 && type === 'image/gif') {
      found.push(finding('error', 'media_type', path, { network, type }));
    }
  }
  const bytes = media.reduce((sum, one) => sum + (fileOf(one)?.file.bytes ?? 0), 0);
  if (bytes > MOST_BYTES_TOGETHER) {
    const limit = `${MOST_BYTES_TOGETHER / 1_000_000} MB`;
    found.push(finding('error', 'media_too_large_together', '/media', { network, limit }));
  }
  return found;
}

function checkEntities(variant: Variant): Finding[] {
  const length = withLink(variant).length;
  return (optionsOf(variant)?.entities ?? []).flatMap((entity, index) =>
    entity.offset + entity.length <= length
      ? []
      : [
          finding('error', 'option_invalid', `/options/entities/${index}`, {
            rule: 'must lie within the text',
          }),
        ],
  );
}
