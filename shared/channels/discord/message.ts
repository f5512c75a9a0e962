import type { Variant } from '../../domain/content.ts';
import { type Finding, finding } from '../../domain/finding.ts';
import { type Attachment, fileFor, fileNameFor, kindOf, type MediaFile } from '../../domain/media.ts';
import { checkContent, withLink } from '../check-content.ts';
import { multipart } from '../multipart.ts';
import type { Context, HttpRequest, Limits, Provider } from '../provider.ts';
import { type DiscordAccess, webhookUrl } from './api.ts';
import { type DiscordOptions, optionsOf, toEmbed } from './options.ts';

const MEBIBYTE = 1_024 * 1_024;

/**
 * https://docs.discord.com/developers/resources/webhook#execute-webhook, /resources/poll#poll-create-request-object,
 * /reference#uploading-files. A boosted server takes larger files, which nothing tells beforehand.
 */
export const DISCORD_LIMITS: Limits = {
  text: 2_000,
  unit: 'characters',
  media: {
    least: 0,
    most: 10,
    alt: 1_024,
    mixed: true,
    mostVideos: 10,
    image: { types: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'], maxBytes: 10 * MEBIBYTE },
    video: { types: ['video/mp4', 'video/quicktime', 'video/webm'], maxBytes: 10 * MEBIBYTE },
    document: { types: ['application/pdf'], maxBytes: 10 * MEBIBYTE },
  },
  poll: { options: 10, optionText: 55, minutes: [60, 46_080], question: 300 },
};

/** Of one request. */
const MOST_BYTES_TOGETHER = 25 * MEBIBYTE;
const MENTION = /@everyone|@here|<@[!&]?\d+>/;

export function checkMessage(
  rules: Pick<Provider, 'name' | 'limits' | 'countText' | 'render'>,
  variant: Variant,
): Finding[] {
  const { name: network } = rules;
  const { poll, text, media = [] } = variant;
  const options = optionsOf(variant);
  const bare = poll !== undefined || (options?.embeds?.length ?? 0) > 0;
  const found = checkContent(rules, variant).filter(
    // Files of every kind may stand together.
    ({ rule, path }) => rule !== 'media_mixed' && !(bare && rule === 'text_empty' && path === '/text'),
  );
  const bytes = media.reduce((sum, one) => sum + (fileOf(one)?.bytes ?? 0), 0);
  if (bytes > MOST_BYTES_TOGETHER) {
    const limit = `${MOST_BYTES_TOGETHER / MEBIBYTE} MiB`;
    found.push(finding('error', 'media_too_large_together', '/media', { network, limit }));
  }
  if (poll !== undefined && poll.minutes % 60 !== 0) {
    const hours = Math.ceil(poll.minutes / 60);
    found.push(finding('warning', 'poll_whole_hours', '/poll/minutes', { network, hours }));
  }
  if (options?.mentions === undefined && MENTION.test(text)) {
    found.push(finding('warning', 'mentions_off', '/text', { network }));
  }
  if (options?.threadId !== undefined && options.threadName !== undefined) {
    const rule = 'must not be given together with threadId';
    found.push(finding('error', 'option_invalid', '/options/threadName', { rule }));
  }
  return found;
}

/** The file as Discord takes it; undefined when none fits. */
function fileOf(media: Attachment): MediaFile | undefined {
  const limits = DISCORD_LIMITS.media?.[kindOf(media.files[0]?.type ?? 'application/pdf')];
  const file = limits && fileFor(media, limits);
  return typeof file === 'object' ? file : undefined;
}

export type DiscordFile = { readonly file: MediaFile; readonly name: string; readonly alt: string };

/** The variant's files; undefined when one does not fit. */
export function filesOf({ media = [] }: Variant): DiscordFile[] | undefined {
  const files = media.flatMap((one) => {
    const file = fileOf(one);
    return file === undefined ? [] : [{ file, name: fileNameFor(one, file), alt: one.alt }];
  });
  return files.length === media.length ? files : undefined;
}

/** https://docs.discord.com/developers/resources/message#message-object-message-flags */
const SUPPRESS_EMBEDS = 1 << 2;
const SUPPRESS_NOTIFICATIONS = 1 << 12;

export const flagsOf = ({ noPreviews, silent }: DiscordOptions): number =>
  (noPreviews ? SUPPRESS_EMBEDS : 0) | (silent ? SUPPRESS_NOTIFICATIONS : 0);

/** Body of https://docs.discord.com/developers/resources/webhook#execute-webhook */
export function toMessage(variant: Variant, options: DiscordOptions, files: readonly DiscordFile[]): object {
  const { username, avatarUrl, threadName, tagIds, mentions = [], embeds = [] } = options;
  const content = withLink(variant);
  const flags = flagsOf(options);
  const { poll } = variant;
  return {
    ...(content.trim() === '' ? {} : { content }),
    // Without this whoever may edit a text could wake up a whole server.
    allowed_mentions: { parse: mentions },
    ...(embeds.length === 0 ? {} : { embeds: embeds.map(toEmbed) }),
    ...(username === undefined ? {} : { username }),
    ...(avatarUrl === undefined ? {} : { avatar_url: avatarUrl }),
    ...(threadName === undefined ? {} : { thread_name: threadName }),
    ...(tagIds === undefined ? {} : { applied_tags: tagIds }),
    ...(flags === 0 ? {} : { flags }),
    ...(files.length === 0
      ? {}
      : {
          attachments: files.map(({ name, alt }, index) => ({
            id: String(index),
            filename: name,
            ...(alt === '' ? {} : { description: alt }),
          })),
        }),
    ...(poll === undefined
      ? {}
      : {
          poll: {
            question: { text: poll.question ?? '' },
            answers: poll.options.map((answer) => ({ poll_media: { text: answer } })),
            duration: Math.ceil(poll.minutes / 60),
            allow_multiselect: options.multipleAnswers ?? false,
          },
        }),
  };
}

/** The request that makes the message public, and waits to hear its id. With files it is a form. */
export function toRequest(
  access: DiscordAccess,
  { variant, key }: { variant: Variant; key: string },
  options: DiscordOptions,
  { files, context }: { files: readonly DiscordFile[]; context: Pick<Context, 'media'> },
): HttpRequest {
  const { threadId } = options;
  const url = webhookUrl(access, '', {
    wait: 'true',
    ...(threadId === undefined ? {} : { thread_id: threadId }),
  });
  const body = JSON.stringify(toMessage(variant, options, files));
  if (files.length === 0) {
    return { method: 'POST', url, headers: { 'content-type': 'application/json' }, body };
  }
  const form = multipart(
    key,
    [['payload_json', body, 'application/json']],
    files.map(({ file, name }, index) => ({
      field: `files[${index}]`,
      fileName: name,
      type: file.type,
      bytes: file.bytes,
      chunks: () => context.media.read(file),
    })),
  );
  return { method: 'POST', url, ...form };
}
