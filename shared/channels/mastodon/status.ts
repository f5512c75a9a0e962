import * as z from 'zod';
import type { ChannelFacts } from '../../domain/channel.ts';
import type { Variant } from '../../domain/content.ts';
import { type Finding, finding } from '../../domain/finding.ts';
import { graphemes } from '../../domain/text-count.ts';
import { checkContent, withLink } from '../check-content.ts';
import { ownOptions } from '../own-options.ts';
import type { Limits } from '../provider.ts';
import { limitsFor } from './limits.ts';
import { countStatus } from './text.ts';

export const mastodonOptions = z.strictObject({
  visibility: z
    .enum(['public', 'unlisted', 'private', 'direct'])
    .optional()
    .describe('Who sees it; the account’s own default unless told'),
  spoilerText: z
    .string()
    .trim()
    .min(1)
    .max(1_000)
    .optional()
    .describe('A content warning: shown first, with the text folded away behind it. Counts with the text'),
  sensitive: z.boolean().optional().describe('Covers images and videos until they are tapped'),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z]{2,4})?$/, 'must be a language code like de')
    .optional()
    .describe('Language of the text, `de` for example; the account’s own default unless told'),
});
export type MastodonOptions = z.infer<typeof mastodonOptions>;

export const optionsOf = ownOptions(mastodonOptions);

/** A warning counts with each text that it stands before. */
export function checkStatus(variant: Variant, facts: ChannelFacts, name: string): Finding[] {
  const limits = limitsFor(facts);
  const spoiler = graphemes(optionsOf(variant)?.spoilerText ?? '');
  const countText = (text: string): number => countStatus(text, facts) + spoiler;
  const { poll } = limits;
  return [
    // The poll's options are counted below, by this network's own unit.
    ...checkContent(
      {
        name,
        limits: poll ? { ...limits, poll: { ...poll, optionText: Number.POSITIVE_INFINITY } } : limits,
        countText,
        render: withLink,
      },
      variant,
      facts,
    ),
    ...checkOptions(variant, limits, name),
  ];
}

function checkOptions({ poll }: Variant, limits: Limits, network: string): Finding[] {
  const limit = limits.poll?.optionText ?? 0;
  return (poll?.options ?? []).flatMap((option, n) => {
    const count = graphemes(option);
    if (count <= limit) return [];
    const params = { network, count, unit: 'graphemes', limit };
    return [finding('error', 'text_too_long', `/poll/options/${n}`, params)];
  });
}

/**
 * Parameters of `POST /api/v1/statuses`, https://docs.joinmastodon.org/methods/statuses/#create. What follows a post
 * is as visible as the post is, and stands behind the same warning.
 */
export function toStatus(
  status: string,
  options: MastodonOptions,
  {
    poll,
    mediaIds = [],
    inReplyTo,
  }: { poll?: Variant['poll']; mediaIds?: readonly string[]; inReplyTo?: string } = {},
): Record<string, unknown> {
  const { visibility, spoilerText, sensitive, language } = options;
  return {
    status,
    ...(visibility === undefined ? {} : { visibility }),
    ...(spoilerText === undefined ? {} : { spoiler_text: spoilerText }),
    ...(sensitive === undefined ? {} : { sensitive }),
    ...(language === undefined ? {} : { language }),
    ...(mediaIds.length === 0 ? {} : { media_ids: mediaIds }),
    ...(inReplyTo === undefined ? {} : { in_reply_to_id: inReplyTo }),
    ...(poll === undefined ? {} : { poll: { options: poll.options, expires_in: poll.minutes * 60 } }),
  };
}
