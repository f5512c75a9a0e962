import * as z from 'zod';
import type { Variant } from '../../domain/content.ts';
import { notEditable, refuseFixed } from '../../domain/fixed-parts.ts';
import type { Instant } from '../../domain/time.ts';
import { withLink } from '../check-content.ts';
import { reasonOf } from '../outcome.ts';
import type { Context, HttpAnswer, Provider } from '../provider.ts';
import {
  type DiscordAccess,
  type DiscordCredential,
  isGone,
  messageRequest,
  ok,
  toFailure,
  toRefusal,
} from './api.ts';
import { flagsOf } from './message.ts';
import { type DiscordOptions, optionsOf, toEmbed } from './options.ts';

type Edit = NonNullable<Provider<DiscordCredential>['edit']>;

const FIXED = ['username', 'avatarUrl', 'threadId', 'threadName', 'tagIds', 'silent'];

/** Says a message anew where it stands; its files stay. https://docs.discord.com/developers/resources/webhook#edit-webhook-message */
export async function editOnDiscord(
  access: DiscordAccess,
  request: Parameters<Edit>[0],
  context: Context,
): ReturnType<Edit> {
  const { variant, was, account, externalId } = request;
  if (variant.poll !== undefined) return notEditable('Discord cannot change a message with a poll any more');
  const refused = refuseFixed('Discord', request, { options: FIXED });
  if (refused !== undefined) return refused;
  const options = optionsOf(variant);
  if (options === undefined) {
    return { kind: 'rejected', code: 'option_invalid', reason: 'an option has no valid value' };
  }
  const answer = await context.http({
    ...messageRequest(access, 'PATCH', externalId, account.id),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(toEdit(variant, options, was && optionsOf(was))),
  });
  return toEdited(answer, context.now());
}

/**
 * What is left out stays as it is, so an emptied text and emptied embeds are said. Embeds and flags that were never
 * ours are left alone: Discord's own previews stand among the embeds, and moderators may have hidden them. `attachments`
 * would have to name each file that is to stay:
 * https://discord.js.org/docs/packages/discord.js/main/WebhookMessageEditOptions:Interface
 */
export function toEdit(variant: Variant, options: DiscordOptions, before: DiscordOptions = {}): object {
  const { mentions = [], embeds = [], noPreviews = false } = options;
  const hasEmbeds = embeds.length > 0 || (before.embeds?.length ?? 0) > 0;
  const hasFlags = noPreviews || before.noPreviews === true;
  return {
    content: withLink(variant),
    allowed_mentions: { parse: mentions },
    ...(hasEmbeds ? { embeds: embeds.map(toEmbed) } : {}),
    ...(hasFlags ? { flags: flagsOf(options) } : {}),
  };
}

function toEdited(answer: HttpAnswer, now: Instant): Awaited<ReturnType<Edit>> {
  if (ok(answer, z.object({ id: z.string() })) !== undefined) return { kind: 'edited' };
  if (answer.kind === 'answered' && isGone(answer)) {
    return { kind: 'rejected', code: 'gone', reason: reasonOf(answer) };
  }
  const outcome = toRefusal(answer, now);
  return outcome.kind === 'rejected' ? outcome : toFailure(answer, now);
}
