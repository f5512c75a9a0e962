import type { ChannelFacts } from '../domain/channel.ts';
import type { Variant } from '../domain/content.ts';
import { type Finding, finding, type Rule } from '../domain/finding.ts';
import { type Attachment, CODEC_NAMES, type FileLimits, fileFor, kindOf } from '../domain/media.ts';
import { codePoints, findUrls } from '../domain/text-count.ts';
import type { Limits, Provider } from './provider.ts';

type Rules = Pick<Provider, 'name' | 'limits' | 'countText' | 'render'>;

/** Findings for what a network's `limits` say, and only that: a provider adds what is its own. Paths are within the variant. */
export function checkContent(rules: Rules, variant: Variant, facts: ChannelFacts = {}): Finding[] {
  return [
    ...checkText(rules, variant, facts),
    ...checkMedia(rules, variant),
    ...checkThread(rules, variant, facts),
    ...checkFirstComment(rules, variant, facts),
    ...checkPoll(rules, variant),
  ];
}

/** The text with its link below, unless the text has the link already. */
export function withLink({ text, link }: Pick<Variant, 'text' | 'link'>): string {
  if (link === undefined || findUrls(text).some(({ url }) => url === link)) return text;
  return text.trim() === '' ? link : `${text.trimEnd()}\n\n${link}`;
}

function checkText({ name, limits, countText, render }: Rules, variant: Variant, facts: ChannelFacts) {
  const shown = render(variant);
  const attached = variant.media?.length ?? 0;
  const found: Finding[] = [];
  if (shown.trim() === '' && attached === 0) found.push(finding('error', 'text_empty', '/text'));
  const limit = attached > 0 ? (limits.media?.caption ?? limits.text) : limits.text;
  return limit === null
    ? found
    : [...found, ...tooLong('/text', countText(shown, facts), limit, name, limits)];
}

function tooLong(path: string, count: number, limit: number, network: string, { unit }: Limits): Finding[] {
  return count > limit ? [finding('error', 'text_too_long', path, { network, count, unit, limit })] : [];
}

function checkMedia({ name: network, limits }: Rules, { media = [] }: Variant): Finding[] {
  const rules = limits.media;
  if (rules === undefined) {
    return media.length > 0 ? [finding('error', 'media_unsupported', '/media', { network })] : [];
  }
  const found: Finding[] = [];
  const say = (rule: Rule, path: string, limit: number | string): void => {
    found.push(finding('error', rule, path, { network, limit }));
  };
  if (media.length < rules.least) say('media_too_few', '/media', rules.least);
  if (media.length > rules.most) say('media_too_many', '/media', rules.most);
  const kinds = media.map(({ files }) => (files[0] ? kindOf(files[0].type) : 'document'));
  const videos = kinds.filter((kind) => kind === 'video').length;
  const documents = kinds.filter((kind) => kind === 'document').length;
  if (videos > (rules.mostVideos ?? 1)) say('media_too_many_videos', '/media', rules.mostVideos ?? 1);
  const mixed = new Set(kinds).size > 1 && !(rules.mixed && documents === 0);
  if (mixed || documents > 1) found.push(finding('error', 'media_mixed', '/media', { network }));
  for (const [index, attachment] of media.entries()) {
    found.push(...checkFile(rules[kinds[index] ?? 'document'], attachment, `/media/${index}`, network));
    found.push(...checkAlt(rules.alt, attachment, `/media/${index}/alt`, network));
  }
  return found;
}

function checkFile(
  limits: FileLimits | undefined,
  media: Attachment,
  path: string,
  network: string,
): Finding[] {
  const [original] = media.files;
  const type = original?.type ?? '';
  if (limits === undefined) return [finding('error', 'media_type', path, { network, type })];
  const file = fileFor(media, limits);
  if (typeof file !== 'string') return [];
  return [
    finding('error', file, path, {
      network,
      type,
      limit: limitOf[file](limits),
      ...(original?.width === undefined ? {} : { size: `${original.width} × ${original.height}` }),
      bytes: original?.bytes ?? 0,
      ...(original?.frames === undefined ? {} : { frames: original.frames }),
      seconds: Math.round((media.durationMs ?? 0) / 1_000),
    }),
  ];
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1_000) / 1_000} MB`;
const pixels = (width: number, height = 0): string => `${width}${height > 0 ? ` × ${height}` : ''} px`;
const rounded = (ratio: number): string => String(Math.round(ratio * 100) / 100);

/** What a finding names as the limit. */
const limitOf: Readonly<Record<Exclude<ReturnType<typeof fileFor>, object>, (limits: FileLimits) => string>> =
  {
    media_type: ({ types }) => types.join(', '),
    media_too_large: ({ maxBytes, maxWidth, maxHeight, maxPixels }) =>
      [
        megabytes(maxBytes),
        ...(maxWidth === undefined ? [] : [pixels(maxWidth, maxHeight)]),
        ...(maxPixels === undefined ? [] : [`${rounded(maxPixels / 1_000_000)} MP`]),
      ].join(', '),
    media_too_small: ({ minWidth = 1, minHeight }) => pixels(minWidth, minHeight),
    media_too_few_bytes: ({ minBytes = 0 }) => `${rounded(minBytes / 1_024)} KB`,
    media_frames: ({ maxFrames, maxFramePixels }) =>
      [
        ...(maxFrames === undefined ? [] : [`${maxFrames}`]),
        ...(maxFramePixels === undefined ? [] : [`${rounded(maxFramePixels / 1_000_000)} MP`]),
      ].join(', '),
    media_codec: ({ videoCodecs = [] }) => videoCodecs.map((codec) => CODEC_NAMES[codec]).join(', '),
    media_ratio: ({ ratio: [narrowest, widest] = [0, 0] }) =>
      `${rounded(narrowest)}:1 – ${rounded(widest)}:1`,
    media_too_short: ({ minSeconds }) => `${minSeconds} s`,
    media_too_long: ({ maxSeconds }) => `${maxSeconds} s`,
  };

function checkAlt(
  longest: number | undefined,
  { alt, files }: Attachment,
  path: string,
  network: string,
): Finding[] {
  if (longest === undefined) return alt ? [finding('warning', 'alt_unsupported', path, { network })] : [];
  if (codePoints(alt) > longest) return [finding('error', 'alt_too_long', path, { network, limit: longest })];
  const isImage = files[0] !== undefined && kindOf(files[0].type) === 'image';
  return alt === '' && isImage ? [finding('warning', 'alt_missing', path)] : [];
}

function checkThread(
  { name: network, limits, countText }: Rules,
  { thread = [] }: Variant,
  facts: ChannelFacts,
) {
  if (thread.length === 0) return [];
  if (limits.thread === undefined) return [finding('error', 'thread_unsupported', '/thread', { network })];
  const found: Finding[] =
    thread.length > limits.thread
      ? [finding('error', 'too_long', '/thread', { limit: limits.thread, unit: 'entries' })]
      : [];
  for (const [index, text] of thread.entries()) {
    // Found out only when the parts before it are public, otherwise.
    if (text.trim() === '') found.push(finding('error', 'text_empty', `/thread/${index}`));
    if (limits.text === null) continue;
    found.push(...tooLong(`/thread/${index}`, countText(text, facts), limits.text, network, limits));
  }
  return found;
}

function checkFirstComment(
  { name: network, limits, countText }: Rules,
  { firstComment }: Variant,
  facts: ChannelFacts,
): Finding[] {
  if (firstComment === undefined) return [];
  if (limits.firstComment === undefined) {
    return [finding('error', 'first_comment_unsupported', '/firstComment', { network })];
  }
  return firstComment.trim() === ''
    ? [finding('error', 'text_empty', '/firstComment')]
    : tooLong('/firstComment', countText(firstComment, facts), limits.firstComment, network, limits);
}

function checkPoll({ name: network, limits }: Rules, { poll, media = [] }: Variant): Finding[] {
  if (poll === undefined) return [];
  const rules = limits.poll;
  if (rules === undefined) return [finding('error', 'poll_unsupported', '/poll', { network })];
  const found: Finding[] = [];
  if (rules.question === undefined && poll.question !== undefined) {
    found.push(finding('error', 'poll_question_unsupported', '/poll/question', { network }));
  }
  if (rules.question !== undefined && (poll.question ?? '').trim() === '') {
    found.push(finding('error', 'poll_question_required', '/poll/question', { network }));
  }
  if (codePoints(poll.question ?? '') > (rules.question ?? Number.POSITIVE_INFINITY)) {
    found.push(
      finding('error', 'too_long', '/poll/question', { limit: rules.question ?? 0, unit: 'characters' }),
    );
  }
  if (poll.options.length > rules.options) {
    found.push(finding('error', 'too_long', '/poll/options', { limit: rules.options, unit: 'entries' }));
  }
  // As networks compare and count them: without the spaces around them.
  const options = poll.options.map((option) => option.trim());
  for (const [index, option] of poll.options.entries()) {
    const path = `/poll/options/${index}`;
    found.push(
      ...tooLong(path, codePoints(option), rules.optionText, network, { ...limits, unit: 'characters' }),
    );
    if (options[index] === '') found.push(finding('error', 'text_empty', path));
    else if (options.indexOf(option.trim()) < index) found.push(finding('error', 'poll_option_twice', path));
  }
  const [shortest, longest] = rules.minutes;
  if (poll.minutes < shortest || poll.minutes > longest) {
    found.push(finding('error', 'poll_minutes', '/poll/minutes', { network, shortest, longest }));
  }
  if (media.length > 0 && !rules.withMedia) {
    found.push(finding('error', 'poll_with_media', '/poll', { network }));
  }
  return found;
}
