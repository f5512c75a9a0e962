import * as z from 'zod';
import type { Variant } from '../../domain/content.ts';
import { type Finding, finding } from '../../domain/finding.ts';
import { type Attachment, fileFor, fileNameFor, kindOf, type MediaFile } from '../../domain/media.ts';
import { checkContent, withLink } from '../check-content.ts';
import { ownOptions } from '../own-options.ts';
import type { Limits, Provider } from '../provider.ts';

export const slackOptions = z.strictObject({
  username: z
    .string()
    .trim()
    .min(1)
    .max(80)
    .optional()
    .describe('Shown in place of the app’s own name, where the app may (`chat:write.customize`)'),
  iconUrl: z
    .url({ protocol: /^https$/ })
    .max(2_048)
    .optional()
    .describe('Address of a picture that is shown in place of the app’s own, where the app may'),
  linkPreviews: z
    .boolean()
    .optional()
    .describe('Previews of the links in a text without files. Default: true'),
});
export type SlackOptions = z.infer<typeof slackOptions>;

export const optionsOf = ownOptions(slackOptions);

/**
 * What https://docs.slack.dev/reference/methods/chat.postMessage/ advises. It takes ten times as much, but a longer
 * text has been seen cut into several messages: https://github.com/chainloop-dev/chainloop/issues/272
 */
const TEXT = 4_000;
/** Slack takes 1 GB, but a file goes in one request, and ours ends after 20 s. */
const MOST_BYTES = 200_000_000;

export const SLACK_LIMITS: Limits = {
  text: TEXT,
  unit: 'characters',
  media: {
    least: 0,
    most: 10,
    // `alt_txt_too_large` of https://docs.slack.dev/reference/methods/files.getUploadURLExternal/
    alt: 1_000,
    mixed: true,
    mostVideos: 10,
    image: { types: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'], maxBytes: MOST_BYTES },
    video: { types: ['video/mp4', 'video/quicktime', 'video/webm'], maxBytes: MOST_BYTES },
    document: { types: ['application/pdf'], maxBytes: MOST_BYTES },
  },
  thread: 25,
  firstComment: TEXT,
};

/** https://api.slack.com/reference/surfaces/formatting#escaping: these three are Slack's own signs. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export function checkMessage(
  rules: Pick<Provider, 'name' | 'limits' | 'countText' | 'render'>,
  variant: Variant,
  facts: Readonly<Record<string, unknown>>,
): Finding[] {
  const { name: network } = rules;
  // Files of every kind may stand together.
  const found = checkContent(rules, variant).filter(({ rule }) => rule !== 'media_mixed');
  const { media = [] } = variant;
  if (media.length > 0 && facts.files === false) {
    found.push(
      finding('error', 'files_not_granted', '/media', { network, scopes: 'files:read, files:write' }),
    );
  }
  for (const [index, { alt, files }] of media.entries()) {
    const isImage = files[0] !== undefined && kindOf(files[0].type) === 'image';
    if (alt !== '' && !isImage) {
      found.push(finding('warning', 'alt_unsupported', `/media/${index}/alt`, { network }));
    }
  }
  return found;
}

/** The file as Slack takes it; undefined when none fits. */
export function fileOf(media: Attachment): { file: MediaFile; name: string } | undefined {
  const limits = SLACK_LIMITS.media?.[kindOf(media.files[0]?.type ?? 'application/pdf')];
  const file = limits && fileFor(media, limits);
  if (typeof file !== 'object') return undefined;
  return { file, name: fileNameFor(media, file) };
}

/** What `find` knows a message by; `part` is 0 for the post itself. https://docs.slack.dev/messaging/message-metadata */
const markOf = (key: string, part: number) => ({
  event_type: EVENT_TYPE,
  event_payload: { key, part },
});
export const EVENT_TYPE = 'sendeplan_delivery';

const lookOf = ({ username, iconUrl }: SlackOptions) => ({
  ...(username === undefined ? {} : { username }),
  ...(iconUrl === undefined ? {} : { icon_url: iconUrl }),
});

type Target = { readonly channelId: string; readonly key: string };

/** Body of https://docs.slack.dev/reference/methods/chat.postMessage/; `after`: the post whose thread it goes to. */
export function toMessage(
  text: string,
  options: SlackOptions,
  { channelId, key }: Target,
  { part, after }: { part: number; after?: string },
): object {
  const previews = options.linkPreviews ?? true;
  return {
    channel: channelId,
    text: escaped(text),
    ...lookOf(options),
    unfurl_links: previews,
    unfurl_media: previews,
    ...(after === undefined ? {} : { thread_ts: after }),
    metadata: markOf(key, part),
  };
}

/** Body of https://docs.slack.dev/reference/methods/files.completeUploadExternal/: shows the files, once. */
export function toFilesMessage(
  variant: Variant,
  options: SlackOptions,
  channelId: string,
  fileIds: readonly string[],
): object {
  const comment = withLink(variant);
  return {
    files: fileIds.map((id) => ({ id })),
    channel_id: channelId,
    ...(comment.trim() === '' ? {} : { initial_comment: escaped(comment) }),
    ...lookOf(options),
  };
}
