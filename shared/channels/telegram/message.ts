import * as z from 'zod';
import type { Variant } from '../../domain/content.ts';
import { findUrls } from '../../domain/text-count.ts';
import { withLink } from '../check-content.ts';
import { ownOptions } from '../own-options.ts';

/** https://core.telegram.org/bots/api#messageentity, the kinds that need nothing but a place. Offsets are UTF-16. */
const entity = z
  .strictObject({
    type: z.enum([
      'bold',
      'italic',
      'underline',
      'strikethrough',
      'spoiler',
      'blockquote',
      'expandable_blockquote',
      'code',
      'pre',
      'text_link',
    ]),
    offset: z.int().nonnegative(),
    length: z.int().positive(),
    url: z
      .url({ protocol: /^(https?|tg)$/ })
      .max(2_048)
      .optional(),
  })
  .refine(({ type, url }) => (type === 'text_link') === (url !== undefined), {
    path: ['url'],
    message: 'must be given for a text_link, and only there',
  });

export const telegramOptions = z.strictObject({
  entities: z
    .array(entity)
    .max(100)
    .optional()
    .describe(
      'What is bold, a quotation, a link and so on, by UTF-16 offsets; the text itself has no markup',
    ),
  linkPreview: z
    .enum(['none', 'small', 'large'])
    .optional()
    .describe('Of the link, else of the first address in the text'),
  previewAbove: z.boolean().optional().describe('The preview of the link stands above the text'),
  captionAbove: z.boolean().optional().describe('The text stands above images and videos'),
  mediaSpoiler: z.boolean().optional().describe('Images and videos are covered until they are tapped'),
  silent: z.boolean().optional().describe('Nobody’s phone makes a sound'),
  protect: z.boolean().optional().describe('May be neither forwarded nor saved'),
  topicId: z.int().positive().optional().describe('The topic of a group that it goes to'),
  multipleAnswers: z.boolean().optional().describe('Of a poll: more than one answer may be chosen'),
});
export type TelegramOptions = z.infer<typeof telegramOptions>;

export const optionsOf = ownOptions(telegramOptions);

/** A method of the Bot API and its parameters; where none are left out, the text is what `render` gives. */
export type Message = { readonly method: string; readonly fields: Readonly<Record<string, unknown>> };

/** One file as a message names it: `media` is an address, or `attach://` and the name of a part of the form. */
export type NamedFile = {
  readonly kind: 'photo' | 'video' | 'animation' | 'document';
  readonly media: string;
  readonly width?: number;
  readonly height?: number;
  readonly durationMs?: number;
};

/** https://core.telegram.org/bots/api#available-methods: the one that shows what the variant has. */
export function toMessage(
  variant: Variant,
  options: TelegramOptions,
  chatId: number | string,
  files: readonly NamedFile[],
): Message {
  const frame = { chat_id: chatId, ...frameOf(options) };
  const [first] = files;
  if (variant.poll !== undefined) {
    return { method: 'sendPoll', fields: { ...frame, ...pollOf(variant, variant.poll, options) } };
  }
  if (first === undefined) {
    return { method: 'sendMessage', fields: { ...frame, ...textOf(variant, options) } };
  }
  const caption = captionOf(variant, options);
  if (files.length === 1) {
    const { kind, media } = first;
    const method = `send${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
    return { method, fields: { ...frame, ...caption, ...looksOf(first, options), [kind]: media } };
  }
  // The caption of the first file is shown as the album's.
  const media = files.map((file, index) => ({
    type: file.kind,
    media: file.media,
    ...(index === 0 ? caption : {}),
    ...looksOf(file, options),
  }));
  return { method: 'sendMediaGroup', fields: { ...frame, media } };
}

/** A further post of a thread: an answer to the one before. */
export const toReply = (
  text: string,
  options: TelegramOptions,
  chatId: number | string,
  messageId: number,
): Message => ({
  method: 'sendMessage',
  fields: { chat_id: chatId, ...frameOf(options), text, reply_parameters: { message_id: messageId } },
});

const frameOf = ({ silent, protect, topicId }: TelegramOptions) => ({
  ...(silent === undefined ? {} : { disable_notification: silent }),
  ...(protect === undefined ? {} : { protect_content: protect }),
  ...(topicId === undefined ? {} : { message_thread_id: topicId }),
});

const entitiesOf = (field: string, { entities = [] }: TelegramOptions) =>
  entities.length === 0 ? {} : { [field]: entities };

/** The words of a message without files. */
export function textOf(variant: Variant, options: TelegramOptions) {
  const preview = previewOf(variant, options);
  return {
    text: withLink(variant),
    ...entitiesOf('entities', options),
    ...(preview === undefined ? {} : { link_preview_options: preview }),
  };
}

/** The words of a message with files; nothing where there are none. */
export function captionOf(variant: Variant, options: TelegramOptions) {
  const caption = withLink(variant);
  return caption.trim() === '' ? {} : { caption, ...entitiesOf('caption_entities', options) };
}

/** Of photos, videos and animations. */
export const captionPlaceOf = ({ captionAbove }: TelegramOptions) =>
  captionAbove === undefined ? {} : { show_caption_above_media: captionAbove };

function looksOf({ kind, width, height, durationMs }: NamedFile, options: TelegramOptions) {
  if (kind === 'document') return {};
  const { mediaSpoiler } = options;
  return {
    ...captionPlaceOf(options),
    ...(mediaSpoiler === undefined ? {} : { has_spoiler: mediaSpoiler }),
    ...(kind !== 'video' ? {} : { supports_streaming: true }),
    ...(kind !== 'video' || width === undefined ? {} : { width, height }),
    ...(kind !== 'video' || durationMs === undefined ? {} : { duration: Math.round(durationMs / 1_000) }),
  };
}

function previewOf(variant: Variant, { linkPreview, previewAbove }: TelegramOptions) {
  if (linkPreview === 'none') return { is_disabled: true };
  const url = variant.link ?? findUrls(variant.text)[0]?.url;
  if (url === undefined) return undefined;
  return {
    url,
    ...(linkPreview === undefined ? {} : { [`prefer_${linkPreview}_media`]: true }),
    ...(previewAbove === undefined ? {} : { show_above_text: previewAbove }),
  };
}

function pollOf(variant: Variant, poll: NonNullable<Variant['poll']>, options: TelegramOptions) {
  const description = withLink(variant);
  return {
    question: poll.question ?? '',
    options: poll.options.map((text) => ({ text })),
    open_period: poll.minutes * 60,
    ...(options.multipleAnswers === undefined ? {} : { allows_multiple_answers: options.multipleAnswers }),
    ...(description.trim() === '' ? {} : { description, ...entitiesOf('description_entities', options) }),
  };
}
